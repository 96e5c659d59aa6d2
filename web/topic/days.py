"""Group entries by day, or by month or year if their date has no day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.entries.views import EntryView

WHOLE_DAY = ("time", "day")
"""Precisions of dates that name a day."""
LONGER = ("month", "year")
"""Precisions of dates that name more than a day."""


class DayOfEntries(msgspec.Struct, frozen=True):
    """Entries that count from one day; their heading has two lines: "15", "Dec 2025, Monday"."""

    day: int
    large: str
    small: str
    entries: tuple[EntryView, ...]


def by_day(shown: Iterable[EntryView]) -> list[DayOfEntries]:
    """Group entries by what is known of their day; they keep their order."""
    days: dict[tuple[int, str], list[EntryView]] = {}
    for view in shown:
        longer = view.precision if view.precision in LONGER else ""
        days.setdefault((view.day, longer), []).append(view)
    return [
        DayOfEntries(day, *_heading(day, longer, views), tuple(views))
        for (day, longer), views in days.items()
    ]


def _heading(day: int, longer: str, views: list[EntryView]) -> tuple[str, str]:
    instant = day * DAY
    if longer == "year":
        return dates.year(instant), gettext("day unknown")
    if longer == "month":
        year = gettext("%(year)s, day unknown", year=dates.year(instant))
        return dates.month_alone(instant), year
    sure = any(view.precision in WHOLE_DAY for view in views)
    known = dates.weekday(instant) if sure else gettext("at the latest")
    return dates.day_alone(instant), f"{dates.month(instant)}, {known}"
