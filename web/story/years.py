"""Links to each year of a story, with its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates
from web.i18n.translate import gettext
from web.story.bars import counted
from web.story.months import YEAR, Span, added, start_of

if TYPE_CHECKING:
    from web.story.reading import StoryReading

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
