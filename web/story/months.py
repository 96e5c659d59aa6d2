"""Months, counted from January of the year 1, and how much of a story is in each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.instants import DAY, NEWEST, OLDEST, month_number, month_start
from timeline.domain.messages import InQuotes, Message
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.story_changes import MonthCounts as Counted

NEITHER_MONTH_NOR_YEAR = Message(
    "neither_month_nor_year",
    "%(text)s is neither a month nor a year",
    fix="write 2025-12 or 2025",
)

YEAR = 12
FIRST, LAST = 1 * YEAR, 9999 * YEAR
"""The months of Python's calendar, without the last one."""

ENOUGH = 25
"""The fewest changes in the months that are shown by default."""

FEW = 10
"""The most changes of months that are shown day by day; others are folded."""


class Month(msgspec.Struct, frozen=True):
    """How much of a story is in a month; ``number`` is year times twelve plus month from 0."""

    number: int
    changes: int = 0
    others: int = 0
    developments: int = 0

    @property
    def total(self) -> int:
        """How much there is to show."""
        return self.changes + self.others + self.developments

    @property
    def weight(self) -> float:
        """How much there is to read; four other entries count as one change."""
        return self.changes + (self.others + self.developments) / 4


class Span(msgspec.Struct, frozen=True):
    """The months that are shown, both included."""

    first: int
    last: int

    @property
    def start(self) -> int:
        """The first instant."""
        return start_of(self.first)

    @property
    def end(self) -> int:
        """The last instant."""
        return start_of(self.last + 1) - 1

    def holds(self, number: int) -> bool:
        """Tell whether a month is among them."""
        return self.first <= number <= self.last


def month_of(day: int) -> int:
    """Return the month of a day that is counted from 1970-01-01."""
    return _within(month_number(day))


def _within(number: int) -> int:
    return min(max(number, FIRST), LAST - 1)


def start_of(number: int) -> int:
    """Return the first instant of a month."""
    return month_start(number) * DAY


def bounds_of(span: Span) -> tuple[int, int]:
    """Return the first and the last instant of these months.

    The first month of the calendar includes all time before it, the last all time after it.
    """
    start = OLDEST if span.first == FIRST else span.start
    return start, NEWEST if span.last == LAST - 1 else span.end


def key_of(number: int) -> str:
    """Return a month as in addresses: `2025-12`."""
    year, month = divmod(number, YEAR)
    return f"{year:04d}-{month + 1:02d}"


def read_month(text: str, field: str, *, last: bool = False) -> int:
    """Read `2025-12`, or `2025` for the first (or ``last``) month of a year; raises `Refused`."""
    year, dash, month = text.partition("-")
    if len(year) == 4 and year.isdecimal() and int(year):  # noqa: PLR2004 - as calendars write it
        if not dash:
            return int(year) * YEAR + (YEAR - 1 if last else 0)
        if len(month) == 2 and month.isdecimal() and 1 <= int(month) <= YEAR:  # noqa: PLR2004
            return int(year) * YEAR + int(month) - 1
    raise Refused(NEITHER_MONTH_NOR_YEAR, field=field, text=InQuotes(text))


def by_month(months: Iterable[Counted]) -> list[Month]:
    """Sum counts by month of the calendar, oldest first."""
    counts_found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for month in months:
        counts = counts_found[_within(month.month)]
        for place, count in enumerate((month.changes, month.others, month.developments)):
            counts[place] += count
    return [Month(number, *counts) for number, counts in sorted(counts_found.items())]


def added(number: int, months: Iterable[Month]) -> Month:
    """Add months to one with this number."""
    counts = ((month.changes, month.others, month.developments) for month in months)
    return Month(number, *map(sum, zip(*counts, strict=True)))


def choose(months: Sequence[Month], first: int | None, last: int | None) -> Span | None:
    """Return the months to show: those asked for, else enough whole months.

    With only a first month they begin there, with only a last one they end there.
    """
    if first is not None and last is not None:
        return Span(min(first, last), max(first, last))
    if first is not None:
        following = [month for month in months if month.number >= first]
        return Span(first, max(first, _filled(following)))
    earlier = [month for month in months if last is None or month.number <= last]
    if not earlier:
        return None if last is None else Span(last, last)
    end = earlier[-1].number if last is None else last
    return Span(_filled(list(reversed(earlier))), end)


def _filled(months: Sequence[Month]) -> int:
    """Return the month by which the months have enough weight."""
    number, weight = 0, 0.0
    for month in months:
        number = month.number
        weight += month.weight
        if weight >= ENOUGH:
            break
    return number


def name_of(first: int, last: int) -> str:
    """Name successive months: "Aug 2026 – Nov 2026"."""
    names = [dates.month(start_of(month)) for month in (first, last)]
    if first == last:
        return names[0]
    return gettext("%(first)s – %(last)s", first=names[0], last=names[1])
