"""Time across the plot: percent of the window, and dates that a reader can take in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from web.chart import text
from web.chart.calendar import DAY, civil, day_of, noon
from web.chart.drawing import Tick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.chart.wording import Wording

WIDTH = 720
"""Pixels of the plot for which collisions are computed."""

WIDEST = 1_030
"""Pixels of the widest plot that a page gives."""

NARROW = 504
"""Pixels of the narrowest plot that still shows labels (a chart of 760 px)."""

PHONE = 320
"""Pixels of the narrowest plot at all."""

MONTHS_UNTIL = 549
"""Days (18 months) above which the axis counts in years."""

LABEL_GAP = 6
AXIS = 12
"""Pixels between a gridline and its label, and the size of its type."""

OVERHANG = 12
"""Pixels that a label may reach into the space after the plot."""

_HOUR = 3_600
_LABEL = {"hour": 46, "day": 48, "week": 84, "month": 40, "year": 48}
"""Least pixels between two ticks of a kind."""


class Window(msgspec.Struct, frozen=True):
    """The time shown, from ``start`` to ``end`` in seconds."""

    start: int
    end: int

    @property
    def span(self) -> int:
        """Seconds shown, at least one."""
        return max(self.end - self.start, 1)

    @property
    def days(self) -> float:
        """Days shown."""
        return self.span / DAY

    def x(self, instant: int) -> float:
        """Return percent of the plot, held inside it, to three decimals."""
        return round(min(max((instant - self.start) / self.span * 100, 0.0), 100.0), 3)

    def at(self, instant: int, *, timed: bool) -> float:
        """Return percent for a date: noon of its day unless it has a time."""
        return self.x(instant if timed else noon(instant))

    def shows(self, instant: int) -> bool:
        """Tell whether the instant lies in the window."""
        return self.start <= instant <= self.end


def ticks(window: Window, words: Wording) -> tuple[Tick, ...]:
    """Return gridlines with labels at hours, days, months or years, as the span asks."""
    kind, size = _rhythm(window)
    found = [
        (instant, _label(instant, kind, words, first=not index))
        for index, instant in enumerate(_instants(window, kind, size))
    ]
    drawn = [Tick(window.x(instant), label, big) for instant, (label, big) in found]
    return _with_tiers(drawn)


def _rhythm(window: Window) -> tuple[str, int]:
    for kind, size, seconds in _candidates():
        fits = seconds / window.span * WIDTH >= _LABEL[kind]
        years_due = kind != "year" and window.days > MONTHS_UNTIL
        if fits and not years_due:
            return kind, size
    return "year", 10**12


def _candidates() -> Iterator[tuple[str, int, int]]:
    for hours in (1, 2, 3, 6, 12):
        yield "hour", hours, hours * _HOUR
    for days in (1, 2):
        yield "day", days, days * DAY
    for days in (7, 14):
        yield "week", days, days * DAY
    for months in (1, 3, 6):
        yield "month", months, months * 30 * DAY
    for power in range(12):
        for years in (1, 2, 5):
            yield "year", years * 10**power, years * 10**power * 365 * DAY


def _instants(window: Window, kind: str, size: int) -> Iterator[int]:
    if kind in ("hour", "day", "week"):
        length = size * (_HOUR if kind == "hour" else DAY)
        monday = 4 * DAY if kind == "week" else 0
        first = -(-(window.start - monday) // length) * length + monday
        yield from range(first, window.end + 1, length)
        return
    year, month, _ = civil(window.start // DAY)
    index = year * 12 + month - 1
    length = size * (12 if kind == "year" else 1)
    index = index // length * length
    while (instant := day_of(index // 12, index % 12 + 1) * DAY) <= window.end:
        if instant >= window.start:
            yield instant
        index += length


def _label(instant: int, kind: str, words: Wording, *, first: bool) -> tuple[str, bool]:
    day = instant // DAY
    year, month, of_month = civil(day)
    if kind == "year":
        return words.year(year), False
    if kind == "month":
        new_year = month == 1 or first
        return words.day(day, "yMMM" if new_year else "MMM"), month == 1
    if kind in ("day", "week"):
        new_year = first or (month == 1 and of_month <= 14)  # noqa: PLR2004
        return words.day(day, "yMMMd" if new_year else "MMMd"), False
    hour = instant % DAY // _HOUR
    return (words.day(day, "MMMd"), True) if first or not hour else (f"{hour:02d}:00", False)


def _with_tiers(drawn: list[Tick]) -> tuple[Tick, ...]:
    """Name the narrowest plot that has room for each label; drop a label that never fits.

    Labels come at a regular stride, which doubles until they fit; only one that the year of its
    neighbour leaves no room for is missing.
    """
    tiers: dict[int, str] = {}
    for width, tier in ((PHONE, ""), (NARROW, "t-l1"), (WIDTH, "t-l2")):
        for index in range(0, len(drawn), _stride(drawn, width)):
            taken = [_extent(drawn[other], width) for other in tiers]
            if index not in tiers and _is_free(_extent(drawn[index], width), taken, width):
                tiers[index] = tier
    return tuple(
        msgspec.structs.replace(tick, tier=tiers.get(at, ""), label=tick.label * (at in tiers))
        for at, tick in enumerate(drawn)
    )


def _stride(drawn: list[Tick], width: int) -> int:
    """Return 1, 2, 4 … so that every so many labels fit, those with a year left aside."""
    plain = [_extent(tick, width) for tick in drawn[1:] if not tick.big]
    stride = 1
    while any(right + LABEL_GAP > left for (_, right), (left, _) in pairwise(plain[::stride])):
        stride *= 2
    return stride


def _extent(tick: Tick, width: int) -> tuple[float, float]:
    left = tick.x / 100 * width + LABEL_GAP
    return left, left + text.width(tick.label, AXIS)


def _is_free(wanted: tuple[float, float], taken: list[tuple[float, float]], width: int) -> bool:
    left, right = wanted
    clear = all(right + LABEL_GAP <= begin or end + LABEL_GAP <= left for begin, end in taken)
    return clear and right <= width + OVERHANG
