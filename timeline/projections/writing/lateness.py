"""The last log position at which a topic's record changed out of order (``topics.tangled``).

As known after it, the stored changes of the topic hold.
"""

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
    """Note the positions at which a batch added readings of earlier days, or ended readings."""
    conn, last = batch.conn, dict(batch.ended_at)
    names = {name for reading in batch.new_readings for name in reading[:2]}
    number = keys_of(conn, {*last, *names})
    for topic, actor, day, position in reversed(batch.new_readings):
        if position <= last.get(topic, 0):
            continue
        place = {"topic": number[topic], "actor": number[actor], "day": day, "position": position}
        if conn.execute(_EARLIER, place).first():
            last[topic] = position
    for topic, position in last.items():
        conn.execute(_NOTE, {"topic": number[topic], "position": position})
    batch.new_readings.clear()
    batch.ended_at.clear()


def note_all_lateness(conn: Connection) -> None:
    """Note the same for all topics once, for a rebuild."""
    for topic, position in conn.execute(_EVERY).all():
        conn.execute(_NOTE, {"topic": topic, "position": position})
