"""Counts of what was recorded after a log position, topic by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, select

from timeline.projections.tables import schema
from timeline.projections.tables.kinds import is_visible
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from sqlalchemy import Select


class News(msgspec.Struct, frozen=True):
    """Counts of new statements, developments and changes on a topic."""

    topic: str
    statements: int
    developments: int
    changes: int


def news(conn: Connection, position: int) -> list[News]:
    """Return the topics with anything new, those with most changes first."""
    statements, changes = _statements(conn, position), _changes(conn, position)
    happened = _developments(conn, position)
    result = [
        News(topic, statements.get(topic, 0), happened.get(topic, 0), changes.get(topic, 0))
        for topic in statements.keys() | happened.keys() | changes.keys()
    ]
    return sorted(result, key=lambda item: (-item.changes, -item.statements, item.topic))


def developments(conn: Connection, position: int) -> int:
    """Count the new developments; one on several topics counts once."""
    columns = schema.developments.c
    new = columns.number > position, *known(columns, None)
    return int(conn.execute(select(func.count()).where(*new)).scalar_one())


def amended(conn: Connection, position: int) -> dict[str, int]:
    """Count corrections, retractions and reinstatements after a log position."""
    table = schema.amendments
    query = select(table.c.kind, func.count()).where(table.c.position > position)
    return _counted(conn, query.group_by(table.c.kind))


def _statements(conn: Connection, position: int) -> dict[str, int]:
    """Count new statements by topic; one index look-up each, since few of many are new."""
    topics, columns = schema.topics, schema.statements.c
    new = select(func.count()).where(
        columns.topic == topics.c.id,
        columns.known_from > position,
        columns.number > position,
        *known(columns, None),
    )
    return _counted(conn, select(topics.c.id, new.scalar_subquery()))


def _developments(conn: Connection, position: int) -> dict[str, int]:
    """Count new developments by topic."""
    columns = schema.bearings.c
    query = select(columns.topic, func.count(columns.number.distinct()))
    new = columns.number > position, *known(columns, None)
    return _counted(conn, query.where(*new).group_by(columns.topic))


def _changes(conn: Connection, position: int) -> dict[str, int]:
    """Count changes of position by topic; those that one statement makes count once."""
    columns = schema.changes.c
    moved = columns.known_at > position, is_visible(columns)
    query = select(columns.topic, func.count(columns.after.distinct())).where(*moved)
    return _counted(conn, query.group_by(columns.topic))


def _counted(conn: Connection, query: Select[Any]) -> dict[str, int]:
    return {name: int(count) for name, count in conn.execute(query) if count}
