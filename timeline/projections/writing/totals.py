"""What an actor said on all topics together, added up when one of its lanes changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from timeline.projections.tables.interned import keys_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_ADD_UP = (
    "INSERT INTO actor_totals (lane, topics, turned, held, known, on_record)"
    " SELECT lane, count(*), sum(turned),"
    " sum(CASE WHEN turned = 0 AND rank IS NOT NULL THEN 1 ELSE 0 END), sum(known), sum(on_record)"
    " FROM positions {}GROUP BY lane"
)
_ALL = text(_ADD_UP.format(""))
_ONE = text(_ADD_UP.format("WHERE lane = :lane "))
_FORGET = text("DELETE FROM actor_totals WHERE lane = :lane")


def add_up(conn: Connection, actors: Collection[str] | None = None) -> None:
    """Add up what these actors (ids) said; everybody for ``None``, of whom nothing is kept yet."""
    if actors is None:
        conn.execute(_ALL)
        return
    found = [{"lane": key} for key in sorted(keys_of(conn, actors).values())]
    if found:
        conn.execute(_FORGET, found)
        conn.execute(_ONE, found)
