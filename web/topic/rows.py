"""The chart as a table of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import paging
from timeline.projections.queries.entries import StatementEntry

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import DevelopmentEntry, Entry
    from timeline.projections.queries.extent import Facts
    from timeline.projections.queries.paging import Filter
    from web.lanes.address import TopicAddress
    from web.lanes.filters import Option
    from web.wording.clocks import Clocks

FEW = 60
"""The most statements of a table on the page; a longer one has its own address."""

MOST = 500
"""The most rows of a table, the latest."""

STATEMENTS = frozenset({"statement"})


def wants_rows(address: TopicAddress, facts: Facts) -> bool:
    """Tell whether the table is shown."""
    return address.view == "table" or facts.statements + facts.retracted <= FEW


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
