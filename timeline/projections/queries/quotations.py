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
    entries = statements(conn, numbers)
    return [entries[number] for number in numbers if number in entries]


LOOKED_AT = 1_000
"""Latest statements of an answer among which quoted ones are looked for."""


@prepared
def _quoted(*, topic: Given, stance: Given, limit: Given) -> Query:
    table = schema.statements
    given = table.c.topic == topic, table.c.stance == stance, table.c.retracted == 0
    latest = table.c.counts_from.desc(), table.c.number.desc()
    query = select(table.c.number, table.c.counts_from, table.c.attribution, table.c.withheld)
    query = query.where(*given, *known(table.c, None)).order_by(*latest).limit(LOOKED_AT)
    found = query.subquery().c
    quoted = select(found.number).where(found.attribution == "quoted", found.withheld == 0)
    return quoted.order_by(found.counts_from.desc(), found.number.desc()).limit(limit)
