"""Full months in parts of whole days; a part begins after or before a day.

Only the days of the months in a part are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_number, day_of, iso_day
from web.shell.pagination import no_place
from web.story.months import Span, bounds_of, month_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.story_changes import StoryChanges
    from web.story.months import Month

FULL = 100
"""The number of changes and developments after which a part ends with its day."""

WRITTEN = re.compile(r"(after|before),(-?[0-9]{4,6})-([0-9]{2})-([0-9]{2})")
"""A place in an address: after or before a day."""


class DayPlace(msgspec.Struct, frozen=True):
    """The days after a day (since 1970-01-01) if ``later``, else those before it."""

    day: int
    later: bool

    @property
    def written(self) -> str:
        """The place as in addresses."""
        return f"{'after' if self.later else 'before'},{iso_day(self.day)}"


class Part(msgspec.Struct, frozen=True):
    """Whole days of the months shown, both included, and the places of other parts."""

    first: int
    last: int
    earlier: DayPlace | None = None
    later: DayPlace | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether it is the only part."""
        return not (self.earlier or self.later)

    def holds(self, start: int, end: int) -> bool:
        """Tell whether the time between two instants is within it."""
        return self.first <= day_of(start) and day_of(end) <= self.last


def read_place(text: str) -> DayPlace | None:
    """Read a place of an address; raises `Refused` for an invalid one."""
    if not text:
        return None
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise no_place(text, "part")
    way, *date = match.groups()
    try:
        return DayPlace(day_number(*map(int, date)), later=way == "after")
    except ValueError as error:
        raise no_place(text, "part") from error


class Days:
    """The days of some months with entries; ``months`` are their counts."""

    def __init__(self, story_changes: StoryChanges, months: Sequence[Month], span: Span) -> None:
        self._story_changes, self._span = story_changes, span
        self._months = [
            month for month in months if span.first <= month.number <= span.last and month.total
        ]

    def part(self, place: DayPlace | None, *, newest_first: bool) -> Part:
        """Return the part at a place, or the first one if the place is empty.

        The first part is never shorter than it could be.
        """
        start, end = map(day_of, bounds_of(self._span))
        begins = DayPlace(end + 1, later=False) if newest_first else DayPlace(start - 1, later=True)
        days, is_full, goes_on = self._some(place or begins)
        is_back = place is not None and place.later == newest_first
        if place is None or not days or (is_back and not is_full):
            place = None
            days, is_full, goes_on = self._some(begins)
        if place is None and not goes_on:
            return Part(day_of(self._span.start), day_of(self._span.end))
        earlier, later = DayPlace(min(days), later=False), DayPlace(max(days), later=True)
        return Part(
            min(days),
            max(days),
            earlier if self._some(earlier)[0] else None,
            later if self._some(later)[0] else None,
        )

    def _some(self, place: DayPlace) -> tuple[list[int], bool, bool]:
        """Return the nearest days at a place, and whether there are more."""
        numbers: list[int] = []
        weight, left = 0, self._months_at(place)
        while left:
            enough, room = 0, FULL - weight
            while enough < len(left) and room > 0:
                room -= left[enough].total
                enough += 1
            ends = sorted((left[0].number, left[enough - 1].number))
            left = left[enough:]
            days = self._story_changes.days(*bounds_of(Span(*ends)))
            if place.later:
                here = [day for day in days if day.day > place.day]
            else:
                here = [day for day in reversed(days) if day.day < place.day]
            for at, month in enumerate(here, 1):
                numbers.append(month.day)
                weight += month.changes + month.others + month.developments
                if weight >= FULL:
                    return numbers, True, at < len(here) or bool(left)
        return numbers, False, False

    def _months_at(self, place: DayPlace) -> list[Month]:
        """Return the months with days at a place, the nearest first."""
        month = month_of(place.day)
        if place.later:
            return [counts for counts in self._months if counts.number >= month]
        return [counts for counts in reversed(self._months) if counts.number <= month]
