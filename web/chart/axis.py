"""The time axis: instants in percent of the plot, and readable dates."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import msgspec

from web.chart import text
from web.chart.calendar import DAY, civil, day_of, first_day, noon, unit_of
from web.chart.drawing import Tick
from web.chart.model import MARKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.chart.wording import Wording

WIDTH = 720
"""Pixels of the plot for which collisions are computed."""

WIDEST = 1_030
"""Pixels of the widest plot that a page gives."""

SPACIOUS = 960
"""Pixels from which a plot has room for words that narrower plots omit."""

NARROW = 504
"""Pixels of the narrowest plot that still shows labels (a chart of 760 px)."""

PHONE = 320
"""Pixels of the narrowest plot at all."""

TIERS = ((PHONE, ""), (NARROW, "if-narrow"), (WIDTH, "if-wide"), (SPACIOUS, "if-spacious"))
"""Plot widths, and the CSS class that hides something on plots narrower than that."""

MONTHS_UNTIL = 549
"""Days (18 months) above which the axis counts in years."""

LABEL_GAP = 6
AXIS = 12
"""Pixels between a gridline and its label, and the size of its type."""

NEARLY = 0.01
"""A tolerance in pixels for rounding."""

OVERHANG = 12
"""Pixels that a label may reach into the space after the plot; on a phone there is none."""

COLUMN, GAP = 9.0, 0.6
"""Percent of the plot for the column of earlier time, and for its right edge."""

BREAK = 4.0
"""Percent of the plot that a break takes."""

_HOUR = 3_600
_LABEL = {"hour": 46, "day": 48, "week": 84, "month": 40, "year": 48}
"""Least pixels between two ticks of a kind."""


class Window(msgspec.Struct, frozen=True):
    """The time shown, from ``start`` to ``end`` in seconds.

    With ``breaks``, the last part of the plot is a break up to now. With ``earlier``, a column of
    ``column`` percent before ``start`` holds the time from then on; a column wider than `COLUMN`
    has signs and words, too.
    """

    start: int
    end: int
    breaks: bool = False
    earlier: int | None = None
    column: float = COLUMN

    @property
    def begin(self) -> int:
        """The first instant that has a place on the plot."""
        return self.start if self.earlier is None else self.earlier

    @property
    def has_two_scales(self) -> bool:
        """Tell whether the column before ``start`` has signs and words, too."""
        return self.earlier is not None and self.column > COLUMN

    @property
    def signs_from(self) -> int:
        """The first instant with signs and words."""
        return self.begin if self.has_two_scales else self.start

    @property
    def signs_left(self) -> float:
        """The percentage of the plot at which signs and words begin."""
        return 0.0 if self.has_two_scales else self.left

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
        """The percentage of the plot at which ``start`` lies, after the column of earlier time."""
        return 0.0 if self.earlier is None else self.column

    @property
    def right(self) -> float:
        """The percentage of the plot at which its time ends."""
        return 100.0 - BREAK if self.breaks else 100.0

    def x(self, instant: int) -> float:
        """Return an instant in percent of the plot, clamped to its time, to three decimals."""
        if instant < self.start:
            return self._x_earlier(instant)
        share = (instant - self.start) / self.span * (self.right - self.left) + self.left
        return round(share, 3) if share < self.right else self.right

    def _x_earlier(self, instant: int) -> float:
        if self.earlier is None or instant <= self.earlier:
            return 0.0
        share = (instant - self.earlier) / (self.start - self.earlier)
        return round(share * (self.left - GAP), 3)

    def at(self, instant: int, *, timed: bool) -> float:
        """Return percent for a date: noon of its day unless it has a time."""
        return self.x(instant if timed else noon(instant))

    def shows(self, instant: int) -> bool:
        """Tell whether signs are drawn at the instant."""
        return self.signs_from <= instant <= self.end


LARGER = {"hour": "day", "day": "month", "week": "month", "month": "year"}
"""The unit of the upper row for each kind of ticks."""

SKELETONS = {"day": "yMMMd", "month": "yMMM"}
"""How days and months are named; years by themselves."""


def ticks(window: Window, words: Wording) -> tuple[Tick, ...]:
    """Return gridlines with labels at hours, days, months or years, depending on the span.

    The first label, and the first of each new year, has the year.
    """
    kind, size = _rhythm(window, MONTHS_UNTIL)
    last_year = None
    drawn_ticks: list[Tick] = []
    for instant in _instants(window, kind, size):
        label, big = _label(instant, kind, words, last_year, first=not drawn_ticks)
        drawn_ticks.append(Tick(window.x(instant), label, big))
        last_year = _year(instant)
    return _with_tiers(drawn_ticks)


def rows(
    window: Window, words: Wording, zoom_href: str = ""
) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
    """Return the ticks of an axis in two rows: days below months, or months below years.

    The upper row also names the unit in which the window begins; it is empty above years. Each tick
    links to its time: ``zoom_href`` holds ``{from}`` and ``{to}``. With two scales, the earlier has
    its own years, and the upper row above it stays free for its name.
    """
    kind, size = _rhythm(window, room=_room(window))
    larger = LARGER.get(kind, "")

    def lower(part: Window, kind: str, size: int) -> Iterator[Tick]:
        for instant in _instants(part, kind, size):
            href, hint = _way(zoom_href, words, *_span(instant // DAY, kind, size))
            yield Tick(window.x(instant), _plain(instant, kind, words), href=href, hint=hint)

    def named(instant: int) -> Tick:
        href, hint = _way(zoom_href, words, *_span(instant // DAY, larger, 1))
        label = _named(instant, larger, words)
        return Tick(window.x(instant), label, big=True, href=href, hint=hint)

    upper = [named(instant) for instant in _begun(window, larger)]
    if len(upper) > 1 and upper[1].x / 100 * MARKED < _extent(upper[0], MARKED)[1] + LABEL_GAP:
        del upper[0]
    dates = _with_tiers([*lower(window, kind, size)])
    if window.has_two_scales:
        before = Window(window.begin, window.start - 1)
        years = lower(before, *_rhythm(before, 0, room=window.column))
        dates = (*_with_tiers([*years], window.left), *dates)
    return _with_tiers(upper), dates


def _room(window: Window) -> float:
    """Return the percentage of the plot for the main time scale."""
    return 100 - window.column if window.has_two_scales else 100


def _begun(window: Window, unit: str) -> Iterator[int]:
    """Yield the start of each unit in the window; the first is the window's start."""
    if not unit:
        return
    yield window.start
    for number in range(
        unit_of(window.start // DAY, unit) + 1, unit_of(window.end // DAY, unit) + 1
    ):
        yield first_day(number, unit) * DAY


def _span(day: int, kind: str, size: int) -> tuple[str, int, int]:
    """Return the unit that a tick names, with its first and last day (one year of several)."""
    if kind in ("year", "month"):
        number, units = unit_of(day, kind), size if kind == "month" else 1
        return kind, first_day(number, kind), first_day(number + units, kind) - 1
    return "day", day, day + (size if kind == "week" else 1) - 1


LETTERS = {"year": 4, "month": 7}
"""The length of a year or month at the beginning of an ISO date."""


def _way(zoom_href: str, words: Wording, unit: str, first: int, last: int) -> tuple[str, str]:
    """Return the address that shows these days, and their name."""
    since, until = (words.iso(day)[: LETTERS.get(unit)] for day in (first, last))
    if not zoom_href or not since or not until:
        return "", ""
    begin, end = (_named(day * DAY, unit, words) for day in (first, last))
    name = begin if begin == end else f"{begin} – {end}"
    return zoom_href.replace("{from}", since).replace("{to}", until), name


def _plain(instant: int, kind: str, words: Wording) -> str:
    day, hour = instant // DAY, instant % DAY // _HOUR
    if kind == "year":
        return words.year(_year(instant))
    if kind == "hour":
        return f"{hour:02d}:00"
    return words.day(day, "MMM" if kind == "month" else "MMMd")


def _named(instant: int, unit: str, words: Wording) -> str:
    if unit == "year":
        return words.year(_year(instant))
    return words.day(instant // DAY, SKELETONS[unit])


def _year(instant: int) -> int:
    return civil(instant // DAY)[0]


def _rhythm(window: Window, months_until: float = inf, *, room: float = 100) -> tuple[str, int]:
    """Return the unit of the ticks, and how many units lie between two; ``room`` is in percent."""
    for kind, size, seconds in _candidates():
        fits = seconds / window.span * WIDTH * room / 100 >= _LABEL[kind]
        years_due = kind != "year" and window.days > months_until
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
    instant: int, kind: str, words: Wording, last_year: int | None, *, first: bool
) -> tuple[str, bool]:
    """Return a label, and whether it is big; ``last_year`` need not be repeated in it."""
    day, hour = instant // DAY, instant % DAY // _HOUR
    year, month, _ = civil(day)
    if kind == "year" or (kind == "month" and month == 1):
        return words.year(year), kind == "month"
    if kind == "hour":
        tells_day = first or not hour
        return (words.day(day, "MMMd"), True) if tells_day else (f"{hour:02d}:00", False)
    plain = "MMM" if kind == "month" else "MMMd"
    return words.day(day, plain if year == last_year else f"y{plain}"), False


def _with_tiers(drawn_ticks: list[Tick], end: float = 100) -> tuple[Tick, ...]:
    """Set the narrowest plot that has room for each label and line; drop what never fits.

    Labels end before ``end`` percent of the plot. They come at a regular stride, which doubles
    until they fit; a label is only omitted where the year of its neighbour leaves no room.
    """
    tiers: dict[int, str] = {}
    for width, tier in TIERS:
        for index in range(0, len(drawn_ticks), _stride(drawn_ticks, width)):
            taken = [_extent(drawn_ticks[other], width) for other in tiers]
            if index not in tiers and _is_free(
                _extent(drawn_ticks[index], width), taken, width, end
            ):
                tiers[index] = tier
    dates = [
        msgspec.structs.replace(tick, tier=tiers.get(at, ""), label=tick.label * (at in tiers))
        for at, tick in enumerate(drawn_ticks)
    ]
    lines = _lines(dates, {width: _stride(drawn_ticks, width) for width, _ in TIERS})
    return tuple(msgspec.structs.replace(dates[at], line=tier) for at, tier in lines.items())


def _lines(dates: list[Tick], strides: dict[int, int]) -> dict[int, str]:
    """Return for each gridline the narrowest plot on which it is at the stride and off labels."""
    line_tiers: dict[int, str] = {}
    shown = {tier for _, tier in TIERS}
    crossed: set[int] = set()
    for width, tier in reversed(TIERS):
        taken = [_extent(date, width) for date in dates if date.label and date.tier in shown]
        for at, tick in enumerate(dates):
            x = tick.x / 100 * width
            crossed |= {at for left, right in taken if left < x < right - NEARLY}
            if at % strides[width] == 0 and at not in crossed:
                line_tiers[at] = tier
        shown.remove(tier)
    return dict(sorted(line_tiers.items()))


def _stride(drawn_ticks: list[Tick], width: int) -> int:
    """Return 1, 2, 4 …: the stride at which labels fit, without those that have a year."""
    plain = [_extent(tick, width) for tick in drawn_ticks[1:] if not tick.big]
    stride = 1
    while any(right + LABEL_GAP > left for (_, right), (left, _) in pairwise(plain[::stride])):
        stride *= 2
    return stride


def _extent(tick: Tick, width: int) -> tuple[float, float]:
    left = tick.x / 100 * width + LABEL_GAP
    return left, left + text.width(tick.label, AXIS)


def _is_free(
    extent: tuple[float, float], taken: list[tuple[float, float]], width: int, end: float
) -> bool:
    left, right = extent
    if end < 100:  # noqa: PLR2004 - percent
        width = int(end / 100 * width) - OVERHANG
    clear = all(right + LABEL_GAP <= begin or end + LABEL_GAP <= left for begin, end in taken)
    return clear and right <= width + (OVERHANG if width > PHONE else 0)
