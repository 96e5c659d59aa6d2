"""What came into the record after a log position, topic by topic."""

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
    """What is new on a topic: statements, developments, and what changed a position."""

    topic: str
    statements: int
    developments: int
    changes: int


def news(conn: Connection, position: int) -> list[News]:
    """Return the topics on which something is new, those with most changes first."""
    statements, changes = _statements(conn, position), _changes(conn, position)
    happened = _developments(conn, position)
    found = [
        News(topic, statements.get(topic, 0), happened.get(topic, 0), changes.get(topic, 0))
        for topic in statements.keys() | happened.keys() | changes.keys()
    ]
    return sorted(found, key=lambda one: (-one.changes, -one.statements, one.topic))


def developments(conn: Connection, position: int) -> int:
    """Count the new developments; one that bears on several topics is one."""
    columns = schema.developments.c
    new = columns.number > position, *known(columns, None)
    return int(conn.execute(select(func.count()).where(*new)).scalar_one())


def amended(conn: Connection, position: int) -> dict[str, int]:
    """Count what was corrected, retracted and reinstated after a log position."""
    table = schema.amendments
    query = select(table.c.kind, func.count()).where(table.c.position > position)
    return _counted(conn, query.group_by(table.c.kind))


def _statements(conn: Connection, position: int) -> dict[str, int]:
    """Count new statements by topic, each topic from the index on: few are new among many."""
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
    """Count changes from a position to another by topic; what one statement moves counts once."""
    columns = schema.changes.c
    moved = columns.known_at > position, is_visible(columns)
    query = select(columns.topic, func.count(columns.after.distinct())).where(*moved)
    return _counted(conn, query.group_by(columns.topic))


def _counted(conn: Connection, query: Select[Any]) -> dict[str, int]:
    return {name: int(count) for name, count in conn.execute(query) if count}
