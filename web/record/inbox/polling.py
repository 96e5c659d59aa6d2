"""Poll the feeds at once, because somebody asks for it, if the operator lets the server do so."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.capture.files.fetching import Bounds
from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import Message
from timeline.domain.text import whole_number
from timeline.watching.polling import Watch
from timeline.watching.sources import read_sources
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from timeline.watching.sources import FeedSource, FolderSource

NOTHING_TO_ASK = Message(
    "nothing_to_ask",
    "this site asks no feeds",
    fix="start it with --watch and the file that names them",
)
LOOKED_JUST_NOW = Message(
    "looked_just_now",
    "all of them were asked less than a minute ago",
    fix="wait a moment",
)

DAYS = 30
"""How old a text may be, in days; the same as in background polling."""

BOUNDS = Bounds(seconds=10.0)
"""The time limit of a feed is short, because somebody waits for the page."""

PAUSE = 60 * MICROSECONDS
"""The least time between two polls, in microseconds, whoever asks for them."""

_looking = threading.Lock()


class PollResult(msgspec.Struct, frozen=True):
    """The result of a poll: how many sources, how many failed, how many texts are new or folded."""

    sources: int
    failed: int
    new: int
    folded: int

    @property
    def value(self) -> str:
        """The result as an address has it."""
        return f"{self.sources}.{self.failed}.{self.new}.{self.folded}"


def check_watched(settings: Mapping[str, Any], _: dict[str, Any]) -> None:
    """Raise `Refused` if the site's file of feeds and folders is wrong."""
    if path := settings["WATCHED"]:
        _read_once(path)


def watched_sources() -> Sequence[FeedSource | FolderSource]:
    """Return the feeds and folders that this site may ask."""
    path = this_request().watched
    return _read_once(path) if path else ()


@cache
def _read_once(path: Path) -> Sequence[FeedSource | FolderSource]:
    return read_sources(path)


def poll_now() -> PollResult:
    """Ask all feeds and folders now, and take in what is new.

    Raises `Refused` if there are none, or if they were polled a moment ago.
    """
    sources = watched_sources()
    if not sources:
        raise Refused(NOTHING_TO_ASK)
    if not _looking.acquire(blocking=False):
        raise Refused(LOOKED_JUST_NOW)
    try:
        added = {feed.address for feed in services().desk.feeds.added()}
        _check_pause({source.address for source in sources} | added)
        watch = Watch(services(), sources, days=DAYS, bounds=BOUNDS)
        reports = list(watch.look(at_all=True))
    finally:
        _looking.release()
    return PollResult(
        len(reports),
        sum(bool(report.trouble or report.unread) for report in reports),
        sum(report.new for report in reports),
        sum(report.repeated for report in reports),
    )


def poll_result_from(value: str) -> PollResult | None:
    """Return the result of a poll from its value in an address; nothing if it is invalid."""
    numbers = [number for part in value.split(".") if (number := whole_number(part)) is not None]
    return PollResult(*numbers) if len(numbers) == len(PollResult.__struct_fields__) else None


def _check_pause(addresses: Iterable[str]) -> None:
    """Raise `Refused` if all of these were read less than a minute ago."""
    last_reads = {feed.address: feed.read_at for feed in services().desk.feeds.every()}
    since = this_request().instant - PAUSE
    if all(last_reads.get(address, 0) > since for address in addresses):
        raise Refused(LOOKED_JUST_NOW)
