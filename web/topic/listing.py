"""Entries below a chart: grouped by day, or as the table that shows what the chart does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.projections.queries import paging
from timeline.projections.queries.entries import StatementEntry
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import DevelopmentEntry, Entry
    from timeline.projections.queries.paging import Filter
    from web.entries.views import EntryView
    from web.lanes.filters import Option
    from web.wording.clocks import Clocks


MOST = 500
"""The most rows of a table, the latest."""

STATEMENTS = frozenset({"statement"})


def rows(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    filter_: Filter,
    happened: list[DevelopmentEntry],
) -> list[Entry]:
    """Return the latest of what the chart shows, in order of time."""
    shown: list[Entry] = [*happened, *_latest(conn, topic, clocks, filter_)]
    return sorted(shown, key=lambda entry: (entry.counts_from, entry.number))[-MOST:]


def left_out(kinds: list[Option], filter_: Filter, listed: list[Entry]) -> int:
    """Return how many earlier statements the table leaves out; ``kinds`` have all counts."""
    if filter_.kinds and not filter_.kinds & STATEMENTS:
        return 0
    everything = next(option.count or 0 for option in kinds if option.value in STATEMENTS)
    return max(
        everything
        - sum(isinstance(entry, StatementEntry) and not entry.retracted for entry in listed),
        0,
    )


def _latest(conn: Connection, topic: Topic, clocks: Clocks, filter_: Filter) -> tuple[Entry, ...]:
    if filter_.kinds and not filter_.kinds & STATEMENTS:
        return ()
    said = msgspec.structs.replace(filter_, kinds=STATEMENTS)
    page = paging.page(conn, topic.id, said, clocks, limit=MOST)
    return page.entries


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
