"""Corrections, retractions, reinstatements and replies, latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, exists, or_, select

from timeline.projections.queries.attached import Amendment, Reply, amendment, reply, stands
from timeline.projections.queries.withheld import withheld_entries
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE_CORRECTED = "document.corrected"


class Notice(msgspec.Struct, frozen=True):
    """One event: a correction, retraction or reinstatement, a reply, or a corrected source.

    ``number`` is that of the entry, ``None`` where the source ``stream`` was corrected; its
    ``recorded_at`` is in microseconds UTC.
    """

    position: int
    stream: str | None
    number: int | None
    recorded_at: int
    recorded_by: str
    amendment: Amendment | None
    reply: Reply | None


class Page(msgspec.Struct, frozen=True):
    """A run of notices; ``following`` is the position to ask for the next ones with."""

    notices: list[Notice]
    following: int | None


def notices(conn: Connection, *, before: int | None = None, limit: int = 50) -> Page:
    """Return a page of notices, latest first."""
    positions = sorted(_positions(conn, before, limit + 1), reverse=True)
    shown = positions[:limit]
    amendments = _by_position(conn, schema.amendments, shown)
    replies = _by_position(conn, schema.replies, shown)
    lines = _by_position(conn, schema.log_index, shown)
    hidden = withheld_entries(conn)
    result = [
        Notice(
            position,
            lines[position].stream,
            lines[position].number,
            lines[position].recorded_at,
            lines[position].recorded_by,
            amendment(amendments[position], hidden) if position in amendments else None,
            reply(replies[position], hidden) if position in replies else None,
        )
        for position in shown
    ]
    return Page(result, shown[-1] if len(positions) > limit else None)


def material_on(conn: Connection, topic: str, *, since: int) -> list[Amendment]:
    """Return the material amendments of a topic's entries since an instant (µs), latest first.

    Entries that were moved to another topic count too: readers have seen them here.
    """
    hidden = withheld_entries(conn)
    rows = conn.execute(*_material(topic=topic, since=since))
    return [amendment(row, hidden) for row in rows]


@prepared
def _material(*, topic: Param, since: Param) -> Query:
    table = schema.amendments
    here = or_(*(_on_topic(entries, topic) for entries in (schema.statements, schema.bearings)))
    query = select(table).where(table.c.recorded_at >= since, table.c.material == 1, here)
    return query.order_by(table.c.position.desc())


def _on_topic(table: Any, topic: Param) -> Any:  # noqa: ANN401 - SQL
    same = table.c.number == schema.amendments.c.number
    return exists().where(same, table.c.topic == topic)


def _positions(conn: Connection, before: int | None, limit: int) -> Iterable[int]:
    log = schema.log_index
    for table, clauses in (
        (schema.amendments, ()),
        (schema.replies, (stands(),)),
        (log, (log.c.type == SOURCE_CORRECTED,)),
    ):
        column: Any = table.c.position
        query = select(column).where(*clauses).order_by(column.desc()).limit(limit)
        if before is not None:
            query = query.where(column < before)
        yield from conn.execute(query).scalars()


def _by_position(conn: Connection, table: Any, positions: list[int]) -> dict[int, Any]:  # noqa: ANN401
    query = select(table).where(table.c.position.in_(positions))
    return {row.position: row for row in conn.execute(query)}
