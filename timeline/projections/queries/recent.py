"""The actors and topics that somebody coded last and is likely to need again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lane_of

LOOKED_AT = 60
"""The latest statements of somebody that are looked at."""


def actors_coded_by(conn: Connection, handle: str) -> list[str]:
    """Return the ids of the actors that somebody recorded last, the latest first."""
    lanes = lane_of(conn)
    return list(
        dict.fromkeys(lanes.get(actor, actor) for actor in _latest(conn, "speaker", handle))
    )


def topics_coded_by(conn: Connection, handle: str) -> list[str]:
    """Return the ids of the topics on which somebody recorded last, the latest first."""
    return list(dict.fromkeys(_latest(conn, "topic", handle)))


def _latest(conn: Connection, column: str, handle: str) -> list[str]:
    table = schema.statements
    query = select(table.c[column]).where(table.c.recorded_by == handle)
    return list(conn.execute(query.order_by(table.c.number.desc()).limit(LOOKED_AT)).scalars())
