"""Up to where a topic was told out of order: later, what was known at a moment is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from timeline.projections.tables.interned import keys_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.writing.batch import Batch

_EARLIER = text(
    "SELECT 1 FROM readings WHERE topic = :topic AND actor = :actor AND rank IN (0, 1, 2)"
    " AND day >= :day AND known_from < :position AND known_until IS NULL LIMIT 1"
)
_NOTE = text("UPDATE topics SET tangled = :position WHERE id = :topic AND tangled < :position")
_EVERY = text(
    "SELECT topic, max(position) FROM ("
    " SELECT topic, max(known_until) AS position FROM readings"
    " WHERE known_until IS NOT NULL GROUP BY topic"
    " UNION ALL SELECT topic, max(known_from) FROM ("
    "  SELECT topic, known_from, day, max(day) OVER (PARTITION BY topic, actor ORDER BY known_from"
    "  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM readings"
    "  WHERE known_until IS NULL"
    " ) AS told WHERE day <= latest GROUP BY topic"
    ") AS every GROUP BY topic"
)


def note_lateness(batch: Batch) -> None:
    """Note where the batch told something of a day that is not the latest, or ended a version."""
    conn, last = batch.conn, dict(batch.ended)
    number = keys_of(conn, {*last, *(name for one in batch.said for name in one[:2])})
    for topic, actor, day, position in reversed(batch.said):
        if position <= last.get(topic, 0):
            continue
        asked = {"topic": number[topic], "actor": number[actor], "day": day, "position": position}
        if conn.execute(_EARLIER, asked).first():
            last[topic] = position
    for topic, position in last.items():
        conn.execute(_NOTE, {"topic": number[topic], "position": position})
    batch.said.clear()
    batch.ended.clear()


def note_all_lateness(conn: Connection) -> None:
    """Note the same of all topics once, for a rebuild."""
    for topic, position in conn.execute(_EVERY).all():
        conn.execute(_NOTE, {"topic": topic, "position": position})
