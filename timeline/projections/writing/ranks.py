"""What the list of actors is put in order by, noted where any of it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from timeline.projections.tables.interned import keys_of
from timeline.projections.tables.repeated import EVERYBODY

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.writing.batch import Batch

_NOTE = (
    "INSERT INTO actor_ranks (actor, slug, topics, statements, turned)"
    " SELECT actors.id, actors.slug, coalesce(said.topics, 0),"
    " coalesce(said.on_record, 0) - coalesce(again.statements, 0), coalesce(said.turned, 0)"
    " FROM actors JOIN texts ON texts.key = actors.id"
    " LEFT JOIN actor_totals AS said ON said.lane = actors.id"
    " LEFT JOIN repeats AS again ON again.lane = texts.text"
    " WHERE NOT EXISTS (SELECT 1 FROM lane_members AS merged"
    " WHERE merged.member = actors.id AND merged.known_until IS NULL)"
)
_ALL = text(_NOTE)
_DROP = text("DELETE FROM actor_ranks WHERE actor = :actor")
_ONE = text(f"{_NOTE} AND actors.id = :actor")


def rank_touched(batch: Batch) -> None:
    """Note anew what the batch changed."""
    keys = keys_of(batch.conn, batch.ranked - {EVERYBODY})
    if keys:
        actors = [{"actor": key} for key in sorted(keys.values())]
        batch.conn.execute(_DROP, actors)
        batch.conn.execute(_ONE, actors)
    batch.ranked.clear()


def rank_all(conn: Connection) -> None:
    """Note it of everybody once, for a rebuild."""
    conn.execute(_ALL)
