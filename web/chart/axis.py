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

SPACIOUS = 960
"""Pixels from which a plot has room for words that the narrower ones leave out."""

NARROW = 504
"""Pixels of the narrowest plot that still shows labels (a chart of 760 px)."""

PHONE = 320
"""Pixels of the narrowest plot at all."""

TIERS = ((PHONE, ""), (NARROW, "if-narrow"), (WIDTH, "if-wide"), (SPACIOUS, "if-spacious"))
"""The plots from which on something is shown, and the class that hides it on narrower ones."""

MONTHS_UNTIL = 549
"""Days (18 months) above which the axis counts in years."""

LABEL_GAP = 6
AXIS = 12
"""Pixels between a gridline and its label, and the size of its type."""

NEARLY = 0.01
"""Pixels that are lost in the arithmetic of fractions."""

OVERHANG = 12
"""Pixels that a label may reach into the space after the plot."""

MARKED = 660
"""Pixels of the narrowest plot on which no mark covers another: they are moved apart for it."""

BREAK = 4.0
"""Percent of the plot that a break takes."""

_HOUR = 3_600
_LABEL = {"hour": 46, "day": 48, "week": 84, "month": 40, "year": 48}
"""Least pixels between two ticks of a kind."""


class Window(msgspec.Struct, frozen=True):
    """The time shown, from ``start`` to ``end`` in seconds.

    With ``breaks`` the last part of the plot is no time, but a break up to now.
    """

    start: int
    end: int
    breaks: bool = False

    @property
    def span(self) -> int:
        """Seconds shown, at least one."""
        return self.end - self.start or 1

    @property
    def days(self) -> float:
        """Days shown."""
        return self.span / DAY

    @property
    def left(self) -> float:
        """The percentage of the plot at which its time begins."""
        return 0.0

    @property
    def right(self) -> float:
        """The percentage of the plot at which its time ends."""
        return 100.0 - BREAK if self.breaks else 100.0

    def x(self, instant: int) -> float:
        """Return percent of the plot, held inside its time, to three decimals."""
        share = (instant - self.start) / self.span * self.right
        if share <= 0:
            return 0.0
        return round(share, 3) if share < self.right else self.right

    def at(self, instant: int, *, timed: bool) -> float:
        """Return percent for a date: noon of its day unless it has a time."""
        return self.x(instant if timed else noon(instant))

    def shows(self, instant: int) -> bool:
        """Tell whether the instant lies in the window."""
        return self.start <= instant <= self.end


def ticks(window: Window, words: Wording, *, dated: bool = True) -> tuple[Tick, ...]:
    """Return gridlines with labels at hours, days, months or years, as the span asks.

    ``dated`` writes the year to the first label; without it `year` stands beside the axis, and
    the first label takes no more room than the others.
    """
    kind, size = _rhythm(window)
    told = None if dated else _year(window.start)
    drawn: list[Tick] = []
    for instant in _instants(window, kind, size):
        label, big = _label(instant, kind, words, told, first=not drawn)
        drawn.append(Tick(window.x(instant), label, big))
        told = _year(instant)
    return _with_tiers(drawn)


def year(window: Window, words: Wording) -> str:
    """Return the year in which the axis begins, empty where its labels are years themselves."""
    return "" if _rhythm(window)[0] == "year" else words.year(_year(window.start))


def _year(instant: int) -> int:
    return civil(instant // DAY)[0]


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


def _label(
    instant: int, kind: str, words: Wording, told: int | None, *, first: bool
) -> tuple[str, bool]:
    """Return a label, and whether it is a big one; ``told`` is the year that it need not say."""
    day, hour = instant // DAY, instant % DAY // _HOUR
    year, month, _ = civil(day)
    if kind == "year" or (kind == "month" and month == 1):
        return words.year(year), kind == "month"
    if kind == "hour":
        tells_day = first or not hour
        return (words.day(day, "MMMd"), True) if tells_day else (f"{hour:02d}:00", False)
    plain = "MMM" if kind == "month" else "MMMd"
    return words.day(day, plain if year == told else f"y{plain}"), False


def _with_tiers(drawn: list[Tick]) -> tuple[Tick, ...]:
    """Name the narrowest plot that has room for each label and line; drop what never fits.

    Labels come at a regular stride, which doubles until they fit; only one that the year of its
    neighbour leaves no room for is missing.
    """
    tiers: dict[int, str] = {}
    for width, tier in TIERS:
        for index in range(0, len(drawn), _stride(drawn, width)):
            taken = [_extent(drawn[other], width) for other in tiers]
            if index not in tiers and _is_free(_extent(drawn[index], width), taken, width):
                tiers[index] = tier
    dates = [
        msgspec.structs.replace(tick, tier=tiers.get(at, ""), label=tick.label * (at in tiers))
        for at, tick in enumerate(drawn)
    ]
    lines = _lines(dates, {width: _stride(drawn, width) for width, _ in TIERS})
    return tuple(msgspec.structs.replace(dates[at], line=tier) for at, tier in lines.items())


def _lines(dates: list[Tick], strides: dict[int, int]) -> dict[int, str]:
    """Return by gridline the plot on from which it keeps the stride of the dates, and off them."""
    found: dict[int, str] = {}
    shown = {tier for _, tier in TIERS}
    crossed: set[int] = set()
    for width, tier in reversed(TIERS):
        taken = [_extent(one, width) for one in dates if one.label and one.tier in shown]
        for at, tick in enumerate(dates):
            x = tick.x / 100 * width
            crossed |= {at for left, right in taken if left < x < right - NEARLY}
            if at % strides[width] == 0 and at not in crossed:
                found[at] = tier
        shown.remove(tier)
    return dict(sorted(found.items()))


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
