"""How often a topic is spoken on: when most of it was said, and from when on silence is telling."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import (
    DAY,
    calendar_date,
    day_number,
    day_of,
    month_start,
)
from timeline.projections.queries import crowds
from web.chart.model import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.lanes.history import LaneHistory

LEAST_SILENCE = 90 * DAY
"""Seconds after which, at the earliest, words count as not said again."""

SLACK = 1.5
"""How many times the usual gap between days on which the topic was spoken on silence may last."""

SHARE = 3, 4
"""The part of all statements and changes that the usual stretch of time holds."""

FEW = 15
"""Statements and changes up to which all of them are shown."""

QUARTERS = 730
"""Days from which on a stretch begins with a quarter of a year, and not with a month."""


LONG = 5 * 365
"""Days of a time that may be too long for one scale."""

SEVERAL = 3
"""Lanes from which on a time may have two scales."""

CROWDED, ABOUT = 0.3, 0.15
"""How much more of the time than of what was said lies before a day, from which on the rest stands
too close together. Of days that differ by less than the second, one after a long silence is taken.
"""


class Activity(msgspec.Struct, frozen=True):
    """How much was said by UTC day; ``moved`` counts the changes of position.

    ``lanes`` are the same statements lane by lane, where they are told apart.
    """

    said: Counter[int]
    moved: Counter[int]
    lanes: tuple[Mapping[int, int], ...] = ()

    @property
    def days(self) -> Counter[int]:
        """Statements and changes together."""
        return self.said + self.moved

    def whole(self, first: int, now: int, earlier: int | None) -> Whole | None:
        """Return what an overview tells from the instant ``first`` on.

        A few statements that are all shown, none of them ``earlier``, need none.
        """
        if earlier is None and self.said.total() <= FEW:
            return None
        return Whole(first, now, tuple(self.said.items()), tuple(self.moved.items()))


def activity(lanes: Sequence[LaneHistory]) -> Activity:
    """Count statements and changes by UTC day; what stands in several lanes counts once."""
    said: set[tuple[int, int]] = set()
    moved: set[tuple[object, int]] = set()
    for lane in lanes:
        said |= {(reading.statement, day_of(reading.counts_from)) for reading in lane.readings}
        changes = (change for change in lane.changes if change.is_visible)
        moved |= {(change.after, day_of(change.counts_from)) for change in changes}
    return Activity(
        Counter(day for _, day in said),
        Counter(day for _, day in moved),
        tuple(Counter(day_of(reading.counts_from) for reading in lane.readings) for lane in lanes),
    )


def topic_activity(conn: Connection, topic: str) -> Activity:
    """Return the statements and changes of a topic (an id) by UTC day as of now, as kept."""
    said = crowds.spoken_by_day(conn, topic)
    if not said or max(said) - min(said) < QUARTERS:
        return Activity(Counter(said), Counter(crowds.moved_by_day(conn, topic)))
    # Nothing tells a long time by less than a month: its changes count on the last day of words.
    days, moved = sorted(said), Counter[int]()
    for month, count in crowds.moved_by_month(conn, topic).items():
        place = bisect_left(days, month_start(month + 1))
        moved[max(month_start(month), days[max(place - 1, 0)])] += count
    return Activity(Counter(said), moved)


def silence_after(days: Iterable[int]) -> int:
    """Return the seconds after which words of this topic count as not said again."""
    gaps = [later - earlier for earlier, later in pairwise(sorted(days))]
    return _silence(median(gaps) if gaps else None)


def silence_on(topic: Topic) -> int:
    """Return the same for a topic as known now."""
    return _silence(topic.usual_gap)


def _silence(usual: float | None) -> int:
    return max(LEAST_SILENCE, int(SLACK * (usual or 0) * DAY))


def usual_start(days: Mapping[int, int]) -> int | None:
    """Return the day on which the shortest stretch begins that holds most of what was said.

    It ends with the last words and begins with a month, or, if long, with a quarter. ``None``
    where little was said, or as much early as late: then all of it is shown.
    """
    total = sum(days.values())
    if total <= FEW:
        return None
    part, whole = SHARE
    target, reached = total * part, 0
    for day in sorted(days, reverse=True):
        reached += days[day]
        if reached * whole >= target:
            break
    first, last = min(days), max(days)
    if (last - day) * 2 > last - first:
        return None
    return _begin(day, long=last - day > QUARTERS)


class LateWords(msgspec.Struct, frozen=True):
    """The UTC day from which on most is said, and the share of all that was said before it."""

    day: int
    before: float


def late_words(lanes: Iterable[Mapping[int, int]]) -> LateWords | None:
    """Return when most lanes begin to be spoken on, if that is late in a long time.

    Each lane is statements by UTC day, and counts as much as any other. On one scale these would
    all stand at its end. ``None`` where what was said is spread over the time, or of few lanes.
    """
    spoken_lanes = [mapping for mapping in lanes if mapping]
    days = _shares(spoken_lanes)
    if len(spoken_lanes) < SEVERAL or max(days) - min(days) < LONG:
        return None
    late = [*_late_days(days)]
    most = max(day.by for day in late)
    if most < CROWDED:
        return None
    start = max((day for day in late if day.by >= most - ABOUT), key=lambda day: day.silence)
    return LateWords(_begin(start.day, long=max(days) - start.day > QUARTERS), start.before)


class _LateDay(msgspec.Struct, frozen=True):
    """A day, the share of what was said before it, and by how much more of the time lies before it.

    ``silence`` are the days since the one before on which something was said.
    """

    day: int
    before: float
    by: float
    silence: int


def _late_days(days: Mapping[int, float]) -> Iterator[_LateDay]:
    first, length = min(days), max(days) - min(days)
    before, last = 0.0, first
    for day in sorted(days):
        yield _LateDay(day, before, (day - first) / length - before, day - last)
        before, last = before + days[day], day


def _shares(lanes: list[Mapping[int, int]]) -> dict[int, float]:
    """Return by day how much of all that was said, where each lane has the same share of it."""
    shares: dict[int, float] = {}
    for mapping in lanes:
        whole = sum(mapping.values()) * len(lanes)
        for day, count in mapping.items():
            shares[day] = shares.get(day, 0) + count / whole
    return shares


def _begin(day: int, *, long: bool) -> int:
    year, month, _ = calendar_date(day)
    return day_number(year, (month - 1) // 3 * 3 + 1 if long else month, 1)
