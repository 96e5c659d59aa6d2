"""Statements that stand, by what they are about and by whom they are from."""

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
    """Return numbers of statements that are not retracted, the latest recorded first.

    They are those on a topic and by any of these speakers (ids), where these are given.
    """
    table = schema.statements.c
    asked = select(table.number).where(table.known_until.is_(None), table.retracted == 0)
    if topic:
        asked = asked.where(table.topic == topic)
    if speakers:
        asked = asked.where(table.speaker.in_(speakers))
    return list(conn.execute(asked.order_by(table.number.desc()).limit(limit)).scalars())
