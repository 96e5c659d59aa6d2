"""How often an actor took a stance in a month, kept for charts of crowded topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from timeline.domain.instants import month_number
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of
from timeline.projections.tables.months import COUNTED, month_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.writing.batch import Batch

_BEGIN = text(
    "INSERT INTO stance_months (topic, actor, month, stance, statements)"
    " VALUES (:topic, :actor, :month, :stance, 0)"
    " ON CONFLICT (topic, actor, month, stance) DO NOTHING"
)
_COUNT = text(
    "UPDATE stance_months SET statements = statements + :more WHERE topic = :topic"
    " AND actor = :actor AND month = :month AND stance = :stance"
)
_UNCOUNT = text(
    "DELETE FROM stance_months WHERE topic = :topic AND actor = :actor AND month = :month"
    " AND stance = :stance AND statements = 0"
)


def count_stances(batch: Batch) -> None:
    """Count the stances that came or went with the batch."""
    number = keys_of(batch.conn, {one for place in batch.taken for one in place[:2]})
    rows: list[dict[str, Any]] = [
        {
            "topic": number[topic],
            "actor": number[actor],
            "month": month_number(day),
            "stance": stance,
            "more": more,
        }
        for (topic, actor, day, stance), more in sorted(batch.taken.items())
        if more and day in COUNTED
    ]
    if rows:
        batch.conn.execute(_BEGIN, rows)
        batch.conn.execute(_COUNT, rows)
    if gone := [row for row in rows if row["more"] < 0]:
        batch.conn.execute(_UNCOUNT, gone)
    batch.taken.clear()


def count_all_stances(conn: Connection) -> None:
    """Count all stances once, for a rebuild."""
    said, months = schema.readings, schema.stance_months
    alike = key(said.c.topic), key(said.c.actor), month_of(said.c.day), said.c.stance
    counted = select(*alike, func.count()).where(
        said.c.known_until.is_(None),
        said.c.retracted == 0,
        said.c.stance.is_not(None),
        said.c.day.between(COUNTED[0], COUNTED[-1]),
    )
    conn.execute(insert(months).from_select(list(months.c.keys()), counted.group_by(*alike)))
