"""Looking now: the feeds are asked at once, where the operator lets the server ask them."""

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
"""How old a text may be, as for who watches."""

BOUNDS = Bounds(seconds=10.0)
"""What a feed may take: somebody waits for it."""

PAUSE = 60 * MICROSECONDS
"""Microseconds between two looks, whoever asks for them."""

_looking = threading.Lock()


class Looked(msgspec.Struct, frozen=True):
    """What came of a look: of so many sources some failed; so many texts are new, some folded."""

    sources: int
    failed: int
    new: int
    folded: int

    @property
    def told(self) -> str:
        """How an address tells it."""
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


def look() -> Looked:
    """Ask all feeds and folders now, and take in what is new.

    Raises `Refused` where none are named, or where they were asked a moment ago.
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
    return Looked(
        len(reports),
        sum(bool(report.trouble or report.unread) for report in reports),
        sum(report.new for report in reports),
        sum(report.repeated for report in reports),
    )


def looked_in(told: str) -> Looked | None:
    """Return what an address tells of a look; nothing for what is none."""
    numbers = [number for one in told.split(".") if (number := whole_number(one)) is not None]
    return Looked(*numbers) if len(numbers) == len(Looked.__struct_fields__) else None


def _check_pause(addresses: Iterable[str]) -> None:
    """Raise `Refused` where every one of these was read less than a minute ago."""
    read = {feed.address: feed.read_at for feed in services().desk.feeds.every()}
    since = this_request().instant - PAUSE
    if all(read.get(address, 0) > since for address in addresses):
        raise Refused(LOOKED_JUST_NOW)
