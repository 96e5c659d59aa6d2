"""What topics ask for, as known at a log position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.domain.nature import Nature, usual_nature
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic


def natures(
    conn: Connection, topics: Iterable[Topic], known_at: int | None = None
) -> dict[str, Nature]:
    """Return what each topic asks for, by its id: where nobody said, what its scale is for."""
    found = {topic.id: usual_nature(topic.scale.name) for topic in topics}
    for row in conn.execute(*_natures(topics=[*found], known_at=known_at)) if found else ():
        found[row.topic] = Nature(row.asks, bool(row.recurring), row.limit_months)
    return found


@prepared
def _natures(*, topics: Given, known_at: Given | None) -> Query:
    table = schema.natures.c
    query: Query = select(table.topic, table.asks, table.recurring, table.limit_months)
    query = query.where(table.topic.in_(topics)).order_by(table.known_from)
    return query if known_at is None else query.where(table.known_from <= known_at)
