"""Updates with every batch, after its lanes: days, stances, ranks, lateness and the alphabet."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text

from timeline.domain.instants import month_number
from timeline.domain.spelling import sorting_key
from timeline.projections.queries.utterances import EVERYBODY
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of
from timeline.projections.tables.kinds import COUNTED, month_of
from timeline.projections.writing.bulk import add_to_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Table

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


_RANK = (
    "INSERT INTO actor_ranks (actor, slug, topics, statements, turned)"
    " SELECT actors.id, actors.slug, coalesce(said.topics, 0),"
    " coalesce(said.on_record, 0) - coalesce(again.statements, 0), coalesce(said.turned, 0)"
    " FROM actors JOIN texts ON texts.key = actors.id"
    " LEFT JOIN actor_totals AS said ON said.lane = actors.id"
    " LEFT JOIN repeats AS again ON again.lane = texts.text"
    " WHERE NOT EXISTS (SELECT 1 FROM lane_members AS merged"
    " WHERE merged.member = actors.id AND merged.known_until IS NULL)"
)
_RANK_ALL = text(_RANK)
_DROP_RANK = text("DELETE FROM actor_ranks WHERE actor = :actor")
_RANK_ONE = text(f"{_RANK} AND actors.id = :actor")


def rank_touched(batch: Batch) -> None:
    """Write the ranks of the actors that a batch changed."""
    keys = keys_of(batch.conn, batch.ranked_actors - {EVERYBODY})
    if keys:
        actors = [{"actor": key} for key in sorted(keys.values())]
        batch.conn.execute(_DROP_RANK, actors)
        batch.conn.execute(_RANK_ONE, actors)
    batch.ranked_actors.clear()


def rank_all(conn: Connection) -> None:
    """Write the ranks of all actors once, for a rebuild."""
    conn.execute(_RANK_ALL)


_EARLIER = text(
    "SELECT 1 FROM readings WHERE topic = :topic AND actor = :actor AND rank IN (0, 1, 2)"
    " AND day >= :day AND known_from < :position AND known_until IS NULL LIMIT 1"
)
_NOTE_LATE = text("UPDATE topics SET tangled = :position WHERE id = :topic AND tangled < :position")
_EVERY_LATE = text(
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
        conn.execute(_NOTE_LATE, {"topic": number[topic], "position": position})
    batch.new_readings.clear()
    batch.ended_at.clear()


def note_all_lateness(conn: Connection) -> None:
    """Note the same for all topics once, for a rebuild."""
    for topic, position in conn.execute(_EVERY_LATE).all():
        conn.execute(_NOTE_LATE, {"topic": topic, "position": position})


def sort_renamed(batch: Batch) -> None:
    """Write the rows of the topics and actors whose words, or translations, a batch changed."""
    if batch.renamed:
        table = schema.alphabet
        batch.conn.execute(delete(table).where(table.c.id.in_(sorted(batch.renamed))))
        _write_words(batch, schema.topics, schema.topics.c.question)
        _write_words(batch, schema.actors, schema.actors.c.name)
        batch.flush()
        batch.renamed.clear()


def _write_words(batch: Batch, table: Table, words: ColumnElement[str]) -> None:
    ids = sorted(batch.renamed)
    said = schema.translations.c
    translations = select(said.stream, said.original, said.lang, said.text)
    by_original: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for stream, original, lang, wording in batch.conn.execute(
        translations.where(said.stream.in_(ids))
    ):
        by_original.setdefault((stream, original), []).append((lang, wording))
    named = select(table.c.id, table.c.slug, words.label("words")).where(table.c.id.in_(ids))
    for row in batch.conn.execute(named).all():
        for lang, wording in (("", row.words), *by_original.get((row.id, row.words), ())):
            key = sorting_key(wording or row.slug)
            batch.add(schema.alphabet, (row.id, lang, table.name, key, row.slug))
