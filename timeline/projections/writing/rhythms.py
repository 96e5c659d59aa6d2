"""Updates the rhythm of topics, stances by month and the ranks of actors with every batch."""

from __future__ import annotations

from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text, update

from timeline.domain.instants import month_number
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of
from timeline.projections.tables.months import COUNTED, month_of
from timeline.projections.tables.repeated import EVERYBODY

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.writing.batch import Batch


_OF_DAY = text("SELECT statements FROM topic_days WHERE topic = :topic AND day = :day")
_ADD = text("INSERT INTO topic_days (topic, day, statements) VALUES (:topic, :day, :statements)")
_SET = text("UPDATE topic_days SET statements = :statements WHERE topic = :topic AND day = :day")
_DROP = text("DELETE FROM topic_days WHERE topic = :topic AND day = :day")
_AROUND = text(
    "SELECT (SELECT max(day) FROM topic_days WHERE topic = :topic AND day < :day),"
    " (SELECT min(day) FROM topic_days WHERE topic = :topic AND day > :day)"
)
_BEGIN_GAP = text(
    "INSERT INTO topic_gaps (topic, days, times) VALUES (:topic, :days, 0)"
    " ON CONFLICT (topic, days) DO NOTHING"
)
_GAP = text("UPDATE topic_gaps SET times = times + :times WHERE topic = :topic AND days = :days")
_NO_GAP = text("DELETE FROM topic_gaps WHERE topic = :topic AND times = 0")
_GAPS = text("SELECT days, times FROM topic_gaps WHERE topic = :topic ORDER BY days")

_EVERY_DAY = text(
    "INSERT INTO topic_days (topic, day, statements) SELECT topic, day, count(*) FROM readings"
    " WHERE known_until IS NULL AND speaker IS NULL GROUP BY topic, day"
)
_EVERY_GAP = text(
    "INSERT INTO topic_gaps (topic, days, times) SELECT topic, days, count(*) FROM ("
    "SELECT topic, day - lag(day) OVER (PARTITION BY topic ORDER BY day) AS days FROM topic_days"
    ") AS every WHERE days IS NOT NULL GROUP BY topic, days"
)
_OF_ALL = text("SELECT topic, days, times FROM topic_gaps ORDER BY topic, days")


def count_days(batch: Batch) -> None:
    """Update the counts of the topics' days that a batch changed."""
    changed: dict[int, None] = {}
    number = keys_of(batch.conn, {topic for topic, _ in batch.day_counts})
    for (topic, day), more in sorted(batch.day_counts.items()):
        if _count(batch.conn, number[topic], day, more):
            changed[number[topic]] = None
    for topic_key in changed:
        batch.conn.execute(_NO_GAP, {"topic": topic_key})
        gaps = [(row.days, row.times) for row in batch.conn.execute(_GAPS, {"topic": topic_key})]
        _store_gap(batch.conn, topic_key, gaps)
    batch.day_counts.clear()


def count_all_days(conn: Connection) -> None:
    """Count the days of all topics once, for a rebuild."""
    conn.execute(_EVERY_DAY)
    conn.execute(_EVERY_GAP)
    every = conn.execute(_OF_ALL).all()
    for topic, gaps in groupby(every, key=itemgetter(0)):
        _store_gap(conn, topic, [(days, times) for _, days, times in gaps])


def _count(conn: Connection, topic: int, day: int, more: int) -> bool:
    """Add statements to a day, and tell whether the day appeared or vanished."""
    here: dict[str, Any] = {"topic": topic, "day": day}
    before = conn.execute(_OF_DAY, here).scalar() or 0
    after = before + more
    if bool(before) == bool(after):
        if more:
            conn.execute(_SET, {**here, "statements": after})
        return False
    conn.execute(*((_ADD, {**here, "statements": after}) if after else (_DROP, here)))
    earlier, later = conn.execute(_AROUND, here).one()
    sign = 1 if after else -1
    for begin, end, times in ((earlier, day, sign), (day, later, sign), (earlier, later, -sign)):
        if begin is not None and end is not None:
            gap = {"topic": topic, "days": end - begin, "times": times}
            conn.execute(_BEGIN_GAP, gap)
            conn.execute(_GAP, gap)
    return True


def _store_gap(conn: Connection, topic: int, gaps: list[tuple[int, int]]) -> None:
    table = schema.topics
    conn.execute(update(table).where(key(table.c.id) == topic).values(usual_gap=_median(gaps)))


def _median(counted: list[tuple[int, int]]) -> float | None:
    """Return the median of sorted (number, times) pairs, or ``None`` if there are none."""
    total = sum(times for _, times in counted)
    if not total:
        return None
    return (_at(counted, (total - 1) // 2) + _at(counted, total // 2)) / 2


def _at(counted: list[tuple[int, int]], place: int) -> int:
    """Return the number at a place in the sequence, counted from 0."""
    passed = accumulate(times for _, times in counted)
    return next(number for (number, _), end in zip(counted, passed, strict=True) if place < end)


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
    """Update the counts of the stances that a batch changed."""
    number = keys_of(batch.conn, {name for place in batch.stance_counts for name in place[:2]})
    rows: list[dict[str, Any]] = [
        {
            "topic": number[topic],
            "actor": number[actor],
            "month": month_number(day),
            "stance": stance,
            "more": more,
        }
        for (topic, actor, day, stance), more in sorted(batch.stance_counts.items())
        if more and day in COUNTED
    ]
    if rows:
        batch.conn.execute(_BEGIN, rows)
        batch.conn.execute(_COUNT, rows)
    if gone := [row for row in rows if row["more"] < 0]:
        batch.conn.execute(_UNCOUNT, gone)
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
