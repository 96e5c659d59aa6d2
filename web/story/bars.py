"""The bars above a story, for each month or each year, and the links to its years."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.story.months import YEAR, Month, Span, added, key_of, start_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.story.address import StoryAddress
    from web.story.reading import StoryReading


MONTHS = 15 * YEAR
"""The most months with a bar each; more have a bar for each year."""

HEIGHT, BELOW = 52, 22
"""The greatest height of a bar for changes above the line, for developments below it."""

TICKS = 10
GAP = 0.28
"""The share of a month's width that stays free."""


class Bar(msgspec.Struct, frozen=True):
    """A month (or a year): places in percent, heights in pixels; ``text`` counts in words."""

    href: str
    text: str
    x: float
    width: float
    hit_x: float
    hit_width: float
    height: float
    below: float


class Bars(msgspec.Struct, frozen=True):
    """All bars with the years below them, and the place of the months that are shown."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[float, str], ...]
    shown: tuple[float, float] | None
    unit: str


def bars(
    slug: str, address: StoryAddress, months: Sequence[Month], span: Span | None
) -> Bars | None:
    """Return the bars of a story; ``None`` if nothing happened."""
    if not months:
        return None
    first, last = months[0].number, months[-1].number
    step = 1 if last - first < MONTHS else YEAR
    if step == YEAR:
        first, last = first - first % YEAR, last - last % YEAR + YEAR - 1
    room = 100 * step / (last - first + 1)
    units = _units(months, first, step)
    top = max(month.changes for month in units) or 1
    low = max(month.developments for month in units) or 1
    return Bars(
        tuple(
            _bar(slug, address, month, step, (month.number - first) // step * room, room, top, low)
            for month in units
        ),
        tuple(_years(first, last)),
        _shown(span, first, last),
        gettext("by month") if step == 1 else gettext("by year"),
    )


def _units(months: Sequence[Month], first: int, step: int) -> list[Month]:
    months_by_unit: dict[int, list[Month]] = defaultdict(list)
    for month in months:
        months_by_unit[(month.number - first) // step].append(month)
    return [
        added(first + place * step, months_of_unit)
        for place, months_of_unit in months_by_unit.items()
    ]


def _bar(
    slug: str,
    address: StoryAddress,
    month: Month,
    step: int,
    x: float,
    room: float,
    top: int,
    low: int,
) -> Bar:
    name = dates.month(start_of(month.number)) if step == 1 else dates.year(start_of(month.number))
    key = key_of(month.number)
    opened = key if step == 1 else ""
    shown = {"begin": key[:4], "end": key[:4], "open": opened}
    return Bar(
        href=f"{address.url(slug, part='', **shown)}#m-{key if step == 1 else key[:4]}",
        text=gettext("%(month)s: %(counts)s", month=name, counts=", ".join(counted(month))),
        x=round(x + room * GAP / 2, 3),
        width=round(room * (1 - GAP), 3),
        hit_x=round(x, 3),
        hit_width=round(room, 3),
        height=round(HEIGHT * month.changes / top, 1),
        below=round(BELOW * month.developments / low, 1),
    )


def counted(month: Month) -> list[str]:
    """Count the changes and developments of a month in words."""
    bars = []
    if month.changes or not month.total:
        bars.append(ngettext("%(num)d change", "%(num)d changes", month.changes))
    if month.others:
        bars.append(ngettext("%(num)d other", "%(num)d others", month.others))
    if month.developments:
        text = ngettext("%(num)d development", "%(num)d developments", month.developments)
        bars.append(text)
    return bars


def _years(first: int, last: int) -> list[tuple[float, str]]:
    begins = [number for number in range(first, last + 1) if number % YEAR == 0]
    every = -(-len(begins) // TICKS)
    if not begins or begins[0] - first > YEAR // 2:
        begins = [first, *begins]
    return [
        (round(100 * (number - first) / (last - first + 1), 3), dates.year(start_of(number)))
        for place, number in enumerate(begins)
        if place % max(every, 1) == 0
    ]


def _shown(span: Span | None, first: int, last: int) -> tuple[float, float] | None:
    if span is None or span.last < first or span.first > last:
        return None
    begin, end = max(span.first, first), min(span.last, last) + 1
    room = 100 / (last - first + 1)
    return round((begin - first) * room, 3), round((end - begin) * room, 3)


YEARS = 8
"""The most years with a link each, the last ones; those before share one."""


class YearLink(msgspec.Struct, frozen=True):
    """A link to a year of the story, or to all before; ``is_shown`` if it is on the page."""

    href: str
    label: str
    counts: str
    is_shown: bool = False


def years(reading: StoryReading) -> list[YearLink]:
    """Return links to the years with entries; the oldest ones share a link."""
    numbers = sorted({month.number // YEAR for month in reading.months})
    if len(numbers) < 2:  # noqa: PLR2004 - one year alone needs no choice
        return []
    old, late = numbers[:-YEARS], numbers[-YEARS:]
    links = []
    if old:
        label = gettext("Before %(year)s", year=dates.year(start_of(late[0] * YEAR)))
        links.append(_link(reading, label, Span(old[0] * YEAR, old[-1] * YEAR + YEAR - 1)))
    for year in late:
        label = dates.year(start_of(year * YEAR))
        links.append(_link(reading, label, Span(year * YEAR, year * YEAR + YEAR - 1)))
    return links


def _link(reading: StoryReading, label: str, span: Span) -> YearLink:
    begin, end = (f"{number // YEAR:04d}" for number in (span.first, span.last))
    href = reading.address.url(reading.story.slug, begin=begin, end=end, open="", part="")
    return YearLink(
        href, label, ", ".join(counted(added(0, reading.months_in(span)))), span == reading.span
    )
