"""Values of fields of actors and documents before they were corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection


def earlier_values(
    conn: Connection, field: Literal["kind", "author"], known_at: int | None
) -> dict[str, str]:
    """Return the values of a field at a log position, by id, where they differ from now."""
    if known_at is None:
        return {}
    rows = conn.execute(*_earlier(field=field, known_at=known_at))
    return {row.stream: row.value for row in rows}


@prepared
def _earlier(*, field: Param, known_at: Param) -> Query:
    table = schema.earlier_values.c
    query: Query = select(table.stream, table.value)
    after = query.where(table.field == field, table.known_until > known_at)
    # Of several values the first to end is the right one: it comes last.
    return after.order_by(table.known_until.desc())
