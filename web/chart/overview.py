"""How much was said when: bars under the lanes, on the same time, beneath the slider."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from web.chart.calendar import DAY, UNITS, first_day, unit_of
from web.chart.drawing import Bar

if TYPE_CHECKING:
    from web.chart.axis import Window
    from web.chart.model import ChartInput

HEIGHT = 33
LEAST, MOST = 5, 27
"""Pixels of a bar for few statements, and for the most."""

MOST_BARS = 60


def activity(given: ChartInput) -> Counter[int]:
    """Return statements by running day, from the caller or from the lanes."""
    counted: Counter[int] = Counter()
    for day, number in given.activity:
        counted[day] += number
    if not given.activity:
        for lane in given.lanes:
            for one in lane.statements:
                counted[one.at // DAY] += not (one.hidden or one.retracted)
            for day_count in lane.daily:
                counted[day_count.day] += sum(day_count.counts)
    return counted


def bars(window: Window, edge: int, counted: Counter[int]) -> tuple[tuple[Bar, ...], str]:
    """Return the bars and the unit that they count by, the finest that stays readable."""
    inside = {
        day: number
        for day, number in counted.items()
        if number and window.start // DAY <= day <= window.end // DAY
    }
    for unit in UNITS:
        grouped: Counter[int] = Counter()
        for day, number in inside.items():
            grouped[unit_of(day, unit)] += number
        if len(grouped) <= MOST_BARS:
            break
    most = max(grouped.values(), default=1)
    return tuple(
        _bar(window, edge, number, unit, grouped[number] / most) for number in sorted(grouped)
    ), unit


def _bar(window: Window, edge: int, number: int, unit: str, share: float) -> Bar:
    first, last = first_day(number, unit) * DAY, first_day(number + 1, unit) * DAY
    middle = (first + last) // 2
    height = round(LEAST + (MOST - LEAST) * share, 1)
    return Bar(window.x(middle), round(HEIGHT - height, 1), height, first > edge)
