"""Changes of position as a bar chart: how many of each kind in each period."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, MICROSECONDS, calendar_date, day_number, parse_moment
from web.analyse.drawing import Column, Columns
from web.analyse.figures import kinds_counted, window_of
from web.chart import axis
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from timeline.analysis.inquiry import Result

HEIGHT, BELOW = 96, 36
"""The greatest height of a column above the line, and below it."""

FEW, YEAR = 72, 12
"""The most months that have a column each, and the months of a year."""

DECADE = 120
GAP = 0.2
"""The share of a period's width that stays free."""


def change_columns(result: Result) -> Columns:
    """Return a column for each period in which somebody moved."""
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    for answer in result.answers:
        kinds[_month(answer.counts_from)][answer.kind] += 1
    if not kinds:
        return Columns(columns=(), ticks=())
    size = _size(max(kinds) - min(kinds) + 1)
    periods: dict[int, Counter[str]] = defaultdict(Counter)
    for month, counts in kinds.items():
        periods[month // size].update(counts)
    window = window_of(_instant(min(periods) * size), _instant((max(periods) + 1) * size))
    moved = {at: sum(period.values()) - period["first"] for at, period in periods.items()}
    rise, fall = max(moved.values()) or 1, max(period["first"] for period in periods.values()) or 1
    columns = []
    for at, counts in sorted(periods.items()):
        x, end = window.x(_instant(at * size)), window.x(_instant((at + 1) * size))
        columns.append(
            Column(
                x=round(x + (end - x) * GAP / 2, 3),
                width=round((end - x) * (1 - GAP), 3),
                moved=round(HEIGHT * moved[at] / rise, 1),
                first=round(BELOW * counts["first"] / fall, 1),
                text=_in_words(at * size, size, counts),
            )
        )
    return Columns(columns=tuple(columns), ticks=axis.ticks(window, dates.wording()))


def _size(months: int) -> int:
    return 1 if months <= FEW else YEAR if months <= FEW * YEAR else DECADE


def _month(counts_from: str) -> int:
    """Return the month of an instant, counted from January of the year 0."""
    day = parse_moment(counts_from, "counts_from") // MICROSECONDS // DAY
    year, month, _ = calendar_date(day)
    return year * YEAR + month - 1


def _instant(month: int) -> int:
    return day_number(month // YEAR, month % YEAR + 1, 1) * DAY


def _in_words(month: int, size: int, counts: Counter[str]) -> str:
    begin, end = _instant(month), _instant(month + size - 1)
    name = dates.month(begin) if size == 1 else dates.year(begin)
    if size > YEAR:
        name = f"{name}–{dates.year(end)}"
    return gettext("%(name)s: %(values)s", name=name, values=kinds_counted(counts))
