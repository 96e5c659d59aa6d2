"""Topics, speakers and years of the entries that a search found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, select

from timeline.domain.instants import year_of
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import lanes_known

if TYPE_CHECKING:
    from collections.abc import Sequence


class Spread(msgspec.Struct, frozen=True):
    """Counts of entries by topic, by actor (both by id) and by year."""

    topics: Counter[str]
    actors: Counter[str]
    years: Counter[int]


def spread_of(conn: Connection, numbers: Sequence[int]) -> Spread:
    """Return the spread of some statements and developments (by number), as they now are."""
    spread = Spread(Counter(), Counter(), Counter())
    _count_statements(conn, numbers, spread)
    _count_developments(conn, numbers, spread)
    return spread


def _count_statements(conn: Connection, numbers: Sequence[int], spread: Spread) -> None:
    lanes, table = lanes_known(conn), schema.statements
    ids = key(table.c.topic), key(table.c.speaker), key(table.c.on_behalf_of)
    query = select(*ids, table.c.counts_from).where(
        table.c.number.in_(numbers), table.c.known_until.is_(None)
    )
    rows = conn.execute(query).all()
    named = texts_of(
        conn, {text_key for row in rows for text_key in row[:3] if text_key is not None}
    )
    topics, pairs = Counter(row[0] for row in rows), Counter(row[1:3] for row in rows)
    for topic, count in topics.items():
        spread.topics[named[topic]] += count
    for pair, count in pairs.items():
        spoken = {lanes.of(named[text_key]) for text_key in pair if text_key is not None}
        spread.actors.update(dict.fromkeys(spoken, count))
    spread.years.update(year_of(row.counts_from) for row in rows)


def _count_developments(conn: Connection, numbers: Sequence[int], spread: Spread) -> None:
    lanes, table = lanes_known(conn), schema.developments
    query = select(table.c.topics, table.c.according_to, table.c.counts_from).where(
        table.c.number.in_(numbers), table.c.known_until.is_(None)
    )
    for topics, says, instant in conn.execute(query):
        spread.topics.update(msgspec.json.decode(topics, type=tuple[str, ...]))
        spread.actors.update([lanes.of(says)] if says else [])
        spread.years[year_of(instant)] += 1
