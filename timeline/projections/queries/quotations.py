"""Quoted statements by the answer that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.queries.entries import StatementEntry, statements
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection


def quoted_answers(conn: Connection, topic: str, stance: int, limit: int) -> list[StatementEntry]:
    """Return the latest quoted statements with a stance on a topic, latest first."""
    query = _quoted(topic=topic, stance=stance, limit=limit)
    numbers = [int(number) for number in conn.execute(*query).scalars()]
    entries = statements(conn, numbers)
    return [entries[number] for number in numbers if number in entries]


LOOKED_AT = 1_000
"""Latest statements with a stance that are searched for quoted ones."""


@prepared
def _quoted(*, topic: Param, stance: Param, limit: Param) -> Query:
    table = schema.statements
    clauses = table.c.topic == topic, table.c.stance == stance, table.c.retracted == 0
    latest = table.c.counts_from.desc(), table.c.number.desc()
    query = select(table.c.number, table.c.counts_from, table.c.attribution, table.c.withheld)
    query = query.where(*clauses, *known(table.c, None)).order_by(*latest).limit(LOOKED_AT)
    columns = query.subquery().c
    quoted = select(columns.number).where(columns.attribution == "quoted", columns.withheld == 0)
    return quoted.order_by(columns.counts_from.desc(), columns.number.desc()).limit(limit)
