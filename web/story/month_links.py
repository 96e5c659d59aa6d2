"""Links from the months of a story that are shown to all its other months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates
from web.i18n.translate import gettext
from web.story.bars import counted
from web.story.months import YEAR, Month, key_of, name_of, start_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.story.months import Span
    from web.story.reading import StoryReading

YEARS = 5
"""Years before the months shown that have a link each; those before them share one."""


class MonthsLink(msgspec.Struct, frozen=True):
    """A link to other months of the story."""

    href: str
    label: str
    counts: str


def links_to_earlier(reading: StoryReading, span: Span) -> list[MonthsLink]:
    """Return links to the months before those shown, one a year, the oldest years in one."""
    before = [month for month in reading.months if month.number < span.first]
    year = span.first // YEAR
    oldest = year - YEARS
    ways = []
    if old := [month for month in before if month.number // YEAR < oldest]:
        label = gettext("Before %(year)s", year=dates.year(start_of(oldest * YEAR)))
        ways.append(_link(reading, label, old, begin="", end=f"{oldest - 1:04d}"))
    years = range(max(oldest, 1), year + 1)
    return ways + _by_year(reading, [one for one in before if one.number // YEAR in years])


def links_to_later(reading: StoryReading, span: Span) -> list[MonthsLink]:
    """Return links to the months after those shown."""
    after = [month for month in reading.months if month.number > span.last]
    if not after:
        return []
    following = _link(reading, gettext("Next months"), after, begin=key_of(after[0].number), end="")
    latest = reading.address.url(reading.story.slug, begin="", end="", part="")
    return [following, MonthsLink(latest, gettext("Latest months"), "")]


def _by_year(reading: StoryReading, months: Sequence[Month]) -> list[MonthsLink]:
    ways = []
    for year in sorted({month.number // YEAR for month in months}):
        inside = [month for month in months if month.number // YEAR == year]
        first, last = inside[0].number, inside[-1].number
        label = dates.year(start_of(first)) if last - first > 1 else name_of(first, last)
        ways.append(_link(reading, label, inside, begin=key_of(first), end=key_of(last)))
    return ways


def _link(
    reading: StoryReading, label: str, months: Sequence[Month], *, begin: str, end: str
) -> MonthsLink:
    total = Month(
        0,
        sum(one.changes for one in months),
        sum(one.others for one in months),
        sum(one.developments for one in months),
    )
    href = reading.address.url(reading.story.slug, begin=begin, end=end, part="")
    return MonthsLink(href, label, ", ".join(counted(total)))
