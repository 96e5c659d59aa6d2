"""How often a topic is spoken on: its busiest time, and how long a silence is unusual."""

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
"""The fewest seconds after which a position counts as not said again."""

SLACK = 1.5
"""How many usual gaps between days with statements a normal silence may last."""

SHARE = 3, 4
"""The share of all statements and changes in the usual window."""

FEW = 15
"""The most statements and changes that are all shown."""

QUARTERS = 730
"""The length in days from which a window begins with a quarter, not a month."""


LONG = 5 * 365
"""The fewest days that may be too long for one scale."""

SEVERAL = 3
"""The fewest lanes for which a chart may have two scales."""

CROWDED, ABOUT = 0.3, 0.15
"""From which difference between the shares of time and of statements before a day the rest is too
crowded. Among days that differ by less than the second number, one after a long silence is chosen.
"""


class Activity(msgspec.Struct, frozen=True):
    """How much was said by UTC day; ``moved`` counts the changes of position.

    ``lanes`` are the same statements by lane, if known.
    """

    said: Counter[int]
    moved: Counter[int]
    lanes: tuple[Mapping[int, int], ...] = ()

    @property
    def days(self) -> Counter[int]:
        """Statements and changes together."""
        return self.said + self.moved

    def whole(self, first: int, now: int, earlier: int | None) -> Whole | None:
        """Return the data of an overview from the instant ``first`` on.

        If a few statements are all shown, and none is ``earlier``, there is none.
        """
        if earlier is None and self.said.total() <= FEW:
            return None
        return Whole(first, now, tuple(self.said.items()), tuple(self.moved.items()))


def activity(lanes: Sequence[LaneHistory]) -> Activity:
    """Count statements and changes by UTC day; those in several lanes count once."""
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
    """Return the stored counts of statements and changes of a topic (an id) by UTC day."""
    said = crowds.spoken_by_day(conn, topic)
    if not said or max(said) - min(said) < QUARTERS:
        return Activity(Counter(said), Counter(crowds.moved_by_day(conn, topic)))
    # Long times are counted by month: changes count on the month's last day with statements.
    days, moved = sorted(said), Counter[int]()
    for month, count in crowds.moved_by_month(conn, topic).items():
        place = bisect_left(days, month_start(month + 1))
        moved[max(month_start(month), days[max(place - 1, 0)])] += count
    return Activity(Counter(said), moved)


def silence_after(days: Iterable[int]) -> int:
    """Return the seconds after which a position counts as not said again."""
    gaps = [later - earlier for earlier, later in pairwise(sorted(days))]
    return _silence(median(gaps) if gaps else None)


def silence_on(topic: Topic) -> int:
    """Return the same for a topic as known now."""
    return _silence(topic.usual_gap)


def _silence(usual: float | None) -> int:
    return max(LEAST_SILENCE, int(SLACK * (usual or 0) * DAY))


def usual_start(days: Mapping[int, int]) -> int | None:
    """Return the first day of the shortest window with most statements.

    The window ends with the last statement and begins with a month or, if long, a quarter. ``None``
    if there are few statements, or as many early as late: then all are shown.
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


def late_words(lanes: Iterable[Mapping[int, int]]) -> LateDay | None:
    """Return the day from which most was said, if that is late in a long time.

    Each lane is statements by UTC day; all lanes have the same weight. On one scale they would be
    crowded at its end. ``None`` if statements are spread over the time, or lanes are few.
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
    day = _begin(start.day, long=max(days) - start.day > QUARTERS)
    return msgspec.structs.replace(start, day=day)


class LateDay(msgspec.Struct, frozen=True):
    """A day, the share of statements before it, and by how much the share of time exceeds that.

    ``silence`` is the number of days since the previous day with statements.
    """

    day: int
    before: float
    by: float
    silence: int


def _late_days(days: Mapping[int, float]) -> Iterator[LateDay]:
    first, length = min(days), max(days) - min(days)
    before, last = 0.0, first
    for day in sorted(days):
        yield LateDay(day, before, (day - first) / length - before, day - last)
        before, last = before + days[day], day


def _shares(lanes: list[Mapping[int, int]]) -> dict[int, float]:
    """Return the share of statements by day; each lane has the same weight."""
    shares: dict[int, float] = {}
    for mapping in lanes:
        whole = sum(mapping.values()) * len(lanes)
        for day, count in mapping.items():
            shares[day] = shares.get(day, 0) + count / whole
    return shares


def _begin(day: int, *, long: bool) -> int:
    year, month, _ = calendar_date(day)
    return day_number(year, (month - 1) // 3 * 3 + 1 if long else month, 1)
