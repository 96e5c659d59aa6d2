"""What topics ask for, as known at a log position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.domain.nature import Nature, usual_nature
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic


def natures(
    conn: Connection, topics: Iterable[Topic], known_at: int | None = None
) -> dict[str, Nature]:
    """Return what each topic asks for, by its id; by default what its scale is for."""
    usual = {topic.id: usual_nature(topic.scale.name) for topic in topics}
    return usual | stated_natures(conn, usual, known_at)


def stated_natures(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, Nature]:
    """Return what topics (ids) were stated to ask for; topics without a statement are missing."""
    wanted = [*topics]
    rows = conn.execute(*_natures(topics=wanted, known_at=known_at)) if wanted else ()
    return {
        row.topic: Nature(row.asks, bool(row.recurring), row.limit_months, row.prints)
        for row in rows
    }


@prepared
def _natures(*, topics: Param, known_at: Param | None) -> Query:
    table = schema.natures.c
    query: Query = select(
        table.topic, table.asks, table.recurring, table.limit_months, table.prints
    )
    query = query.where(table.topic.in_(topics), *up_to(table.known_from, known_at))
    return query.order_by(table.known_from)
