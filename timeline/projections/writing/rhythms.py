"""Updates the rhythm of topics, stances by month and the ranks of actors with every batch."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text

from timeline.domain.instants import month_number
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of
from timeline.projections.tables.months import COUNTED, month_of
from timeline.projections.tables.repeated import EVERYBODY
from timeline.projections.writing.bulk import add_to_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.writing.batch import Batch


_EVERY_DAY = text(
    "INSERT INTO topic_days (topic, day, statements) SELECT topic, day, count(*) FROM readings"
    " WHERE known_until IS NULL AND speaker IS NULL GROUP BY topic, day"
)
_DAYS = text("SELECT day FROM topic_days WHERE topic = :topic ORDER BY day")
_DAYS_OF_ALL = text("SELECT topic, day FROM topic_days ORDER BY topic, day")
_STORE_GAP = text("UPDATE topics SET usual_gap = :gap WHERE id = :topic")


def count_days(batch: Batch) -> None:
    """Update the counts of the topics' days that a batch changed."""
    number = keys_of(batch.conn, {topic for topic, _ in batch.day_counts})
    days = ((number[name], day, more) for (name, day), more in sorted(batch.day_counts.items()))
    add_to_counts(batch.conn, schema.topic_days, days)
    for topic in number.values():
        _store_gap(batch.conn, topic, batch.conn.execute(_DAYS, {"topic": topic}).scalars())
    batch.day_counts.clear()


def count_all_days(conn: Connection) -> None:
    """Count the days of all topics once, for a rebuild."""
    conn.execute(_EVERY_DAY)
    every = conn.execute(_DAYS_OF_ALL).all()
    for topic, rows in groupby(every, key=itemgetter(0)):
        _store_gap(conn, topic, (day for _, day in rows))


def _store_gap(conn: Connection, topic: int, days: Iterable[int]) -> None:
    """Store the median number of days between two days with statements on a topic."""
    gaps = [later - earlier for earlier, later in pairwise(days)]
    conn.execute(_STORE_GAP, {"topic": topic, "gap": median(gaps) if gaps else None})


def count_stances(batch: Batch) -> None:
    """Update the counts of the stances that a batch changed."""
    number = keys_of(batch.conn, {name for place in batch.stance_counts for name in place[:2]})
    # The days of a month come one by one.
    months: Counter[tuple[int, int, int, int]] = Counter()
    for (topic, actor, day, stance), more in batch.stance_counts.items():
        if day in COUNTED:
            months[number[topic], number[actor], month_number(day), stance] += more
    counts = ((*month, more) for month, more in sorted(months.items()))
    add_to_counts(batch.conn, schema.stance_months, counts)
    batch.stance_counts.clear()


def count_all_stances(conn: Connection) -> None:
    """Count all stances once, for a rebuild."""
    readings, months = schema.readings, schema.stance_months
    alike = (
        key(readings.c.topic),
        key(readings.c.actor),
        month_of(readings.c.day),
        readings.c.stance,
    )
    counted = select(*alike, func.count()).where(
        readings.c.known_until.is_(None),
        readings.c.retracted == 0,
        readings.c.stance.is_not(None),
        readings.c.day.between(COUNTED[0], COUNTED[-1]),
    )
    conn.execute(insert(months).from_select(list(months.c.keys()), counted.group_by(*alike)))


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
_DROP_RANK = text("DELETE FROM actor_ranks WHERE actor = :actor")
_ONE = text(f"{_NOTE} AND actors.id = :actor")


def rank_touched(batch: Batch) -> None:
    """Write the ranks of the actors that a batch changed."""
    keys = keys_of(batch.conn, batch.ranked_actors - {EVERYBODY})
    if keys:
        actors = [{"actor": key} for key in sorted(keys.values())]
        batch.conn.execute(_DROP_RANK, actors)
        batch.conn.execute(_ONE, actors)
    batch.ranked_actors.clear()


def rank_all(conn: Connection) -> None:
    """Write the ranks of all actors once, for a rebuild."""
    conn.execute(_ALL)
