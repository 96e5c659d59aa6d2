"""Coverage: where and when the newsroom watched for statements on a topic.

Without it nobody could tell a silent side from a side that nobody watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import check_come, parse_date
from timeline.domain.errors import Refused
from timeline.domain.event import Content
from timeline.domain.messages import EdtfDate, InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

WATCH_WITHOUT_A_DAY = Message(
    "watch_without_a_day",
    "%(date)s is no day from which or until which somebody watches",
    fix="give a day, a month or a year, such as 2025-01-01",
)
WATCH_ENDS_BEFORE = Message(
    "watch_ends_before",
    "it ends on %(until)s, before it begins on %(since)s",
    fix="exchange the two dates",
)
WATCHED_NOWHERE = Message(
    "watched_nowhere", "it is not said where was watched", fix="name the outlets, one a line"
)
HOW_WATCHED_UNKNOWN = Message(
    "how_watched_unknown",
    "%(how)s is no way in which somebody watches",
    fix="say followed, searched or complete, or leave it out",
)
NO_SUCH_WATCH = Message(
    "no_such_watch", "the coverage has no number %(number)s", fix="look it up on its page"
)

DAYS = ("day", "month", "year")
"""How exact the bounds of a watch may be."""


FOLLOWED, SEARCHED, COMPLETE = "followed", "searched", "complete"
HOWS = (FOLLOWED, SEARCHED, COMPLETE)
"""How somebody watched: live, by a search afterwards, or completely (all roll calls of a body)."""


class Watched(Content, frozen=True):
    """The places watched: outlets, feeds, or in words; ``note`` is public."""

    outlets: tuple[str, ...]
    note: str = ""


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody watched, from the first instant of ``since`` to the last of ``until``.

    Both are EDTF dates; ``until`` is ``None`` while it goes on. ``actor`` is the id of the actor
    watched, ``None`` for everybody. ``how`` is one of `HOWS`, or empty if unknown. ``outlets`` is
    empty if the names were erased.
    """

    since: str
    until: str | None = None
    actor: str | None = None
    how: str = ""
    outlets: tuple[str, ...] = ()
    note: str = ""

    @property
    def content(self) -> Watched:
        """Its words."""
        return Watched(outlets=self.outlets, note=self.note)

    def is_of(self, other: Watch) -> bool:
        """Tell whether two are the same watch; one may have ended since."""
        same = (self.actor, self.since, self.outlets)
        return same == (other.actor, other.since, other.outlets)

    def merged_with(self, other: Watch) -> Watch:
        """Return this watch with the end and the ``how`` that another record of it adds.

        Known values stay, and so does the note unless the other one ends the watch.
        """
        ends = self.until is None and other.until is not None
        base = other if ends else self
        return msgspec.structs.replace(base, how=self.how or other.how)


def check_watch(watch: Watch, recorded_at: int) -> None:
    """Raise `Refused` for an invalid watch.

    Dates must be days, months or years, in order and not in the future; places are required, and
    ``how`` must be known.
    """
    if watch.how and watch.how not in HOWS:
        raise Refused(HOW_WATCHED_UNKNOWN, field="how", how=InQuotes(watch.how))
    if not watch.outlets:
        raise Refused(WATCHED_NOWHERE, field="outlets")
    since = _check_bound(watch.since, "since", recorded_at)
    if watch.until is None:
        return
    if _check_bound(watch.until, "until", recorded_at, last=True) < since:
        raise Refused(
            WATCH_ENDS_BEFORE,
            field="until",
            since=EdtfDate(watch.since),
            until=EdtfDate(watch.until),
        )


def _check_bound(date: str, field: str, recorded_at: int, *, last: bool = False) -> int:
    read = parse_date(date, field)
    if read.precision not in DAYS or read.earliest is None or read.text != date:
        raise Refused(WATCH_WITHOUT_A_DAY, field=field, date=InQuotes(date))
    check_come(read, recorded_at, field)
    return read.latest if last else read.earliest


def span_of(watch: Watch) -> tuple[int, int | None]:
    """Return the first and the last second of a watch; the last is ``None`` while it goes on."""
    earliest = parse_date(watch.since, "since").earliest
    last = parse_date(watch.until, "until").latest if watch.until else None
    return earliest or 0, last


def unwatched_spans(
    spans: Iterable[tuple[int, int | None]], begin: int, end: int
) -> list[tuple[int, int]]:
    """Return the gaps between two instants that no span covers, oldest first.

    A gap is its first second and the second after its last.
    """
    gaps, at = [], begin
    for first, last in sorted(spans, key=lambda span: span[0]):
        if first > at and at < end:
            gaps.append((at, min(first, end)))
        at = max(at, end if last is None else last + 1)
    if at < end:
        gaps.append((at, end))
    return gaps
