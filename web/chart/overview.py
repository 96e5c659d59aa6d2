"""The overview of all statements, with a brush for the time that the chart shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from web.chart import axis
from web.chart.axis import Window
from web.chart.calendar import DAY, UNITS, civil, first_day, unit_of
from web.chart.drawing import Bar, Overview, Tick

if TYPE_CHECKING:
    from web.chart.model import ChartInput
    from web.chart.wording import Wording

LEAST, MOST = 4, 40
"""Pixels of a bar for few statements, and for the most."""

MOST_BARS = 60
MOST_UNITS = 400
"""The most places on the overview at which a stretch may begin or end."""

BRUSHED = ("day", "month", "quarter", "year", "decade", "century", "aeon")
"""Units by which a stretch begins and ends."""

LETTERS = {"day": 10, "month": 7, "quarter": 7}
"""The length of the text of a unit at the beginning of an ISO date."""


class Units(msgspec.Struct, frozen=True):
    """The places on an overview: ``count`` units from the one with the running number ``base``."""

    unit: str
    base: int
    count: int

    def position(self, instant: int) -> float:
        """Return where an instant lies, in units from the first."""
        day = instant // DAY
        number = unit_of(day, self.unit)
        begin, end = (first_day(number + n, self.unit) * DAY for n in (0, 1))
        return number - self.base + (instant - begin) / (end - begin)

    def share(self, instant: int) -> float:
        """Return the same in percent, held inside the overview."""
        return round(min(max(self.position(instant) / self.count, 0), 1) * 100, 3)

    def stretch(self, first: int, last: int) -> tuple[str, str]:
        """Return the texts of the days from one place to another, empty where they have none."""
        low, high = sorted((min(max(first, 0), self.count), min(max(last, 0), self.count)))
        begin = first_day(self.base + low, self.unit)
        end = first_day(self.base + max(high, low + 1), self.unit) - 1
        return self._text(begin), self._text(end)

    def _text(self, day: int) -> str:
        year, month, of_month = civil(day)
        if not 0 <= year <= 9999:  # noqa: PLR2004 - as dates are written
            return ""
        return f"{year:04d}-{month:02d}-{of_month:02d}"[: LETTERS.get(self.unit, 4)]


def units(first: int, last: int) -> Units:
    """Return the places from one instant to another, by the finest unit that is not too fine."""
    days = first // DAY, last // DAY
    for unit in BRUSHED:
        base, end = (unit_of(day, unit) for day in days)
        if end - base < MOST_UNITS:
            break
    return Units(unit, base, end - base + 1)


def overview(chart: ChartInput, window: Window, words: Wording) -> Overview | None:
    """Return the overview of a chart that has counts of the whole time."""
    whole = chart.whole
    if whole is None:
        return None
    places = units(whole.first, whole.last)
    bars, unit = _bars(places, Counter(dict(whole.said)), Counter(dict(whole.moved)))
    left = min(round(places.position(window.start)), places.count - 1)
    right = max(round(places.position(min(window.end, whole.last + DAY))), left + 1)
    return Overview(
        bars=bars,
        counted=words.counted_by(unit),
        ticks=_ticks(places, words, chart.zoom_href),
        count=places.count,
        left=max(left, 0),
        right=min(right, places.count),
        begin=words.day(first_day(places.base + left, places.unit), _skeleton(places.unit)),
        end=words.day(first_day(places.base + right, places.unit) - 1, _skeleton(places.unit)),
        silent=None if chart.silent_since is None else places.share(chart.silent_since),
    )


def _skeleton(unit: str) -> str:
    return "yMMMd" if unit == "day" else "yMMM"


def _ticks(places: Units, words: Wording, zoom_href: str) -> tuple[Tick, ...]:
    """Return the years of the overview, or what its units ask for, each with its address."""
    start = first_day(places.base, places.unit) * DAY
    end = first_day(places.base + places.count, places.unit) * DAY - 1
    upper, lower = axis.rows(Window(start, end), words, zoom_href)
    return upper or lower


def _bars(places: Units, said: Counter[int], moved: Counter[int]) -> tuple[tuple[Bar, ...], str]:
    """Return the bars and the unit that they count by, the finest that stays readable."""
    for unit in UNITS[UNITS.index(places.unit) :]:
        grouped = _grouped(said, unit)
        if len(grouped) <= MOST_BARS:
            break
    changed = _grouped(moved, unit)
    most = max(grouped.values(), default=1)
    return tuple(
        _bar(places, number, unit, count / most, min(changed[number] / count, 1))
        for number, count in sorted(grouped.items())
    ), unit


def _grouped(days: Counter[int], unit: str) -> Counter[int]:
    counts: Counter[int] = Counter()
    for day, number in days.items():
        counts[unit_of(day, unit)] += number
    return counts


def _bar(places: Units, number: int, unit: str, share: float, changed: float) -> Bar:
    begin, end = (places.share(first_day(number + n, unit) * DAY) for n in (0, 1))
    height = round(LEAST + (MOST - LEAST) * share, 1)
    return Bar(begin, round(end - begin, 3), height, round(height * changed, 1))
