"""How often a story moved of late, as bars."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, calendar_date, day_number
from timeline.projections.queries.moves import latest_move_days
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic

QUESTIONS = 12
"""Questions of a story whose changes are counted, those that moved last."""

CHANGES = 40
"""Latest changes of each question that are counted."""

YEAR = 12
MONTHS = 5 * YEAR
"""Months from which on there is a bar for each year."""

HEIGHT, GAP = 40, 0.25
"""The most that a bar rises, and the part of its room that stays free."""


class StoryBars(msgspec.Struct, frozen=True):
    """``(x, width, height)`` of each bar, the first two in percent, and what stands below them."""

    bars: tuple[tuple[float, float, float], ...]
    first: str
    last: str
    unit: str


def story_bars(conn: Connection, topics: Sequence[Topic]) -> StoryBars | None:
    """Return the latest changes on these by month, by year if they go far, with none left out."""
    begin, months = None, Counter[int]()
    for topic in topics:
        found = latest_move_days(conn, topic.id, CHANGES)
        months.update(_month(day) for day, _ in dict.fromkeys(found))
        if len(found) == CHANGES:
            whole = _month(found[-1][0]) + 1
            begin = whole if begin is None else max(begin, whole)
    counted = {month: count for month, count in months.items() if begin is None or month >= begin}
    return _drawn(counted) if counted else None


def _month(day: int) -> int:
    """Return the month of a UTC day, counted from January of the year 0."""
    year, month, _ = calendar_date(day)
    return year * YEAR + month - 1


def _drawn(months: dict[int, int]) -> StoryBars:
    by_year = max(months) - min(months) >= MONTHS
    unit, name = (YEAR, dates.year) if by_year else (1, dates.month)
    counts: Counter[int] = Counter()
    for month, count in months.items():
        counts[month // unit] += count
    first, last = min(counts), max(counts)
    room, top = 100 / (last - first + 1), max(counts.values())
    bars = tuple(
        (
            round((place - first + GAP / 2) * room, 3),
            round(room * (1 - GAP), 3),
            round(HEIGHT * counts[place] / top, 1),
        )
        for place in sorted(counts)
    )
    told = gettext("latest changes by year") if by_year else gettext("latest changes by month")
    return StoryBars(bars, name(_instant(first * unit)), name(_instant(last * unit)), told)


def _instant(month: int) -> int:
    return day_number(month // YEAR, month % YEAR + 1, 1) * DAY
