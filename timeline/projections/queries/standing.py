"""Numbers of the latest statements that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def standing_numbers(
    conn: Connection, limit: int, *, topic: str = "", speakers: Collection[str] = ()
) -> list[int]:
    """Return the numbers of unretracted statements, the latest recorded first.

    If given, they are those on a topic and by any of the speakers (ids).
    """
    table = schema.statements.c
    query = select(table.number).where(table.known_until.is_(None), table.retracted == 0)
    if topic:
        query = query.where(table.topic == topic)
    if speakers:
        query = query.where(table.speaker.in_(speakers))
    return list(conn.execute(query.order_by(table.number.desc()).limit(limit)).scalars())
