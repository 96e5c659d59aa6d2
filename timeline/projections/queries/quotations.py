"""Quoted words on record by the answer that they give to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.queries.entries import StatementEntry, statements
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection


def quoted_answers(conn: Connection, topic: str, stance: int, limit: int) -> list[StatementEntry]:
    """Return the latest quoted statements that give an answer to a topic, latest first."""
    asked = _quoted(topic=topic, stance=stance, limit=limit)
    numbers = [int(number) for number in conn.execute(*asked).scalars()]
    found = statements(conn, numbers)
    return [found[number] for number in numbers if number in found]


@prepared
def _quoted(*, topic: Given, stance: Given, limit: Given) -> Query:
    columns = schema.statements.c
    query = select(columns.number).where(
        columns.topic == topic,
        columns.stance == stance,
        columns.attribution == "quoted",
        columns.retracted == 0,
        columns.withheld == 0,
        *known(columns, None),
    )
    return query.order_by(columns.counts_from.desc(), columns.number.desc()).limit(limit)
