"""Derives the lanes that a batch touched, and writes the rows that differ."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, text, update

from timeline.domain.position import Position, changes, position
from timeline.domain.position.edition2.track import Track, number_in_day
from timeline.domain.position.edition2.votes import as_vote
from timeline.projections.queries.tracks import tracks_now, vote_topics
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of, stored_columns, texts_of
from timeline.projections.tables.kinds import MOVED, of_kinds
from timeline.projections.tables.lanes import (
    Lanes,
    known,
    lanes_known,
    reading_rows,
    unique,
    walk_backs,
    walk_backs_within,
)
from timeline.projections.tables.rows import change_row, position_row
from timeline.projections.writing.batch import AT_ONCE, BEGINNING, WHOLE_LANE, Batch, LaneUpdate
from timeline.projections.writing.bulk import write_rows
from timeline.projections.writing.late_statements import LateStatements, prolonged
from timeline.projections.writing.turns import TurnCounter, count_all_turns
from timeline.stores.gc_tuning import collect_recent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Table

    from timeline.domain.position import Reading, Withdrawal
    from timeline.projections.tables.rows import ChangeRow, PositionRow


WRITTEN_AT_ONCE = 5_000
ACTOR_AT = 1
"""The place of the actor in a row of `readings`."""


def derive_touched(batch: Batch) -> None:
    """Derive the touched lanes as known now, each from the first day that changed."""
    batch.flush()
    batch.whole_topics |= topics_spoken_on(batch.conn, batch.changed_actors)
    batch.changed_actors.clear()
    if not (batch.touched or batch.reread or batch.whole_topics):
        return
    turns = TurnCounter(batch.conn)
    deriving = LaneDeriver(batch.conn, turns)
    wanted: dict[tuple[str, str], LaneUpdate] = {}
    touched = batch.whole_topics | {topic for topic, _ in batch.touched.keys() | batch.reread}
    votes = vote_topics(batch.conn, touched)
    for topic in batch.whole_topics & votes:
        batch.touched |= {(topic, actor): WHOLE_LANE for actor in actors_on(batch.conn, topic)}
    lanes = {lane for _, lane in batch.touched}
    spoke: dict[str, set[str]] = defaultdict(set)
    for topic, actor in batch.touched.keys() | batch.reread:
        spoke[topic].add(actor)
    for topic in sorted(touched - votes):
        some = None if topic in batch.whole_topics else spoke[topic]
        lanes |= derive_topic(batch.conn, topic, turns, some)
    for (topic, actor), lane_update in batch.touched.items():
        if topic not in votes:
            continue
        key = topic, deriving.lanes.of(actor)
        if key[1] != actor:
            _forget(batch.conn, topic, actor, turns)
        wanted[key] = lane_update.merge(wanted[key]) if key in wanted else lane_update
    for (topic, lane), lane_update in sorted(wanted.items()):
        deriving.derive(topic, lane, lane_update)
    store_last_moves(batch.conn, sorted(touched))
    turns.count()
    lanes |= {lane for _, lane in wanted}
    sum_actor_totals(batch.conn, lanes)
    batch.ranked_actors |= lanes
    batch.touched.clear()
    batch.reread.clear()
    batch.whole_topics.clear()


def derive_all(conn: Connection) -> Iterator[int]:
    """Derive every lane once, for a rebuild; yields the number of readings done so far."""
    deriving = LaneDeriver(conn)
    table = schema.readings
    topics = select(table.c.topic).distinct()
    spoken = select(key(table.c.actor)).distinct()
    names = texts_of(conn, conn.execute(spoken).scalars().all())
    done = 0
    topic_ids = sorted(conn.execute(topics).scalars())
    votes = vote_topics(conn, topic_ids)
    for topic in topic_ids:
        if topic not in votes:
            done += write_topic(conn, topic)
            yield done
            continue
        for lane, readings in _whole_lanes(conn, deriving.lanes, topic, names):
            deriving.remember(topic, lane, readings)
            done += len(readings)
            yield done
        # The query for each topic is a cycle, and there may be many topics.
        collect_recent()
    deriving.write()
    store_last_moves(conn)
    count_all_turns(conn)
    sum_actor_totals(conn)


def store_last_moves(conn: Connection, topics: Sequence[str] | None = None) -> None:
    """Store the last move of these topics (all for ``None``), and count their first words."""
    table, moves = schema.topics, schema.changes
    # One step down the index for each topic: it may have thousands of changes.
    last = select(moves.c.counts_from).where(moves.c.topic == table.c.id, of_kinds(MOVED, moves.c))
    last = last.order_by(moves.c.counts_from.desc()).limit(1)
    first = moves.c.topic == table.c.id, moves.c.kind == "first"
    store = update(table).values(
        moved=last.scalar_subquery(),
        firsts=select(func.count(moves.c.after.distinct())).where(*first).scalar_subquery(),
    )
    if topics is None:
        conn.execute(store)
        return
    for start in range(0, len(topics), AT_ONCE):
        conn.execute(store.where(table.c.id.in_(topics[start : start + AT_ONCE])))


def _whole_lanes(
    conn: Connection, lanes: Lanes, topic: str, names: dict[int, str]
) -> Iterator[tuple[str, list[Reading]]]:
    """Yield a topic's lanes one by one, to save memory; those of merged actors come last.

    ``names`` has the actors by the numbers that stand for them in rows.
    """
    table = schema.readings
    shared = set(lanes.lane.values())
    merged: dict[str, list[Reading]] = {}
    query = select(*stored_columns(table)).where(table.c.topic == topic, *known(table.c, None))
    options = {"yield_per": WRITTEN_AT_ONCE}
    rows = conn.execute(query.order_by(key(table.c.actor)), execution_options=options)
    for number, of_actor in groupby(rows, key=itemgetter(ACTOR_AT)):
        actor = names[number]
        lane = lanes.of(actor)
        readings = [lanes.reading(_with_names(row, actor, names)) for row in of_actor]
        if lane in shared:
            merged.setdefault(lane, []).extend(readings)
        else:
            yield lane, readings
    for lane, readings in sorted(merged.items()):
        yield lane, unique(readings)


def _with_names(row: Sequence[Any], actor: str, names: dict[int, str]) -> tuple[Any, ...]:
    """Return a row of `readings` with the ids of its actor and its speaker."""
    topic, _, *said, speaker, wording = row
    return (topic, actor, *said, names.get(speaker), wording)


def topics_spoken_on(conn: Connection, actors: Collection[str]) -> set[str]:
    """Return the topics on which any of these actors spoke."""
    table, topics = schema.readings, set[str]()
    actor_ids = sorted(actors)
    for start in range(0, len(actor_ids), AT_ONCE):
        batch = actor_ids[start : start + AT_ONCE]
        query = select(table.c.topic).where(table.c.actor.in_(batch)).distinct()
        topics |= {*conn.execute(query).scalars()}
    return topics


def actors_on(conn: Connection, topic: str) -> set[str]:
    """Return the actors who ever spoke on a topic, or were spoken for."""
    table = schema.readings
    spoke = select(table.c.actor).where(table.c.topic == topic).distinct()
    lanes = select(schema.positions.c.lane).where(schema.positions.c.topic == topic)
    return {*conn.execute(spoke).scalars(), *conn.execute(lanes).scalars()}


class LaneDeriver:
    """Derives lanes from readings, merges and walk-backs, as known now.

    ``turns`` counts the changes; a rebuild passes none, since it counts all of them once.
    """

    def __init__(self, conn: Connection, turns: TurnCounter | None = None) -> None:
        self._turns = turns
        self.lanes = lanes_known(conn)
        self._conn = conn
        self._links = walk_backs(conn)
        self._positions: list[tuple[Any, ...]] = []
        self._changes: list[tuple[Any, ...]] = []

    def derive(self, topic: str, lane: str, lane_update: LaneUpdate) -> None:
        """Derive an updated lane, and write it."""
        stored = self._stored(topic, lane) if lane_update.first > BEGINNING else None
        if stored is None:
            rows = reading_rows(self._conn, topic, self.lanes.members(lane))
            readings = unique(self.lanes.reading(row) for row in rows)
            _forget(self._conn, topic, lane, self._turns)
            self.remember(topic, lane, readings)
            self.write()
        else:
            LateStatements(self._conn, self.lanes, topic, lane, lane_update, self._turns).derive(
                stored
            )

    def remember(self, topic: str, lane: str, readings: list[Reading]) -> None:
        """Derive a lane from all its readings; `write` writes it."""
        if not readings:
            return
        withdrawals = walk_backs_within(self._links, (reading.statement for reading in readings))
        moves = changes(readings, withdrawals)
        if self._turns is not None:
            self._turns.note_written(topic, lane, moves)
        turned = any(move.from_ is not None for move in moves)
        moved = moves[-1].counts_from if moves else None, turned
        standing = {reading.statement for reading in readings if not reading.retracted}
        counts = len({reading.statement for reading in readings}), len(standing)
        stands = _position(readings, withdrawals)
        self._positions.append(position_row(topic, lane, stands, moved, counts))
        self._changes += [change_row(topic, lane, as_vote(move)) for move in moves]
        if len(self._changes) > WRITTEN_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write the derived rows."""
        write_rows(self._conn, schema.positions, self._positions)
        write_rows(self._conn, schema.changes, self._changes)
        self._positions.clear()
        self._changes.clear()

    def _stored(self, topic: str, lane: str) -> Any:  # noqa: ANN401 - a database row
        """Return the stored position, or ``None`` for a lane with walk-backs: derive it whole."""
        if self._links and self._walked_back(topic, lane):
            return None
        columns = schema.positions.c
        query = select(schema.positions).where(columns.topic == topic, columns.lane == lane)
        return self._conn.execute(query).first()

    def _walked_back(self, topic: str, lane: str) -> bool:
        links, table = schema.links, schema.readings
        query = (
            select(table.c.number)
            .join_from(links, table, table.c.number == links.c.target)
            .where(links.c.kind == "withdraws", *known(links.c, None))
            .where(table.c.topic == topic, table.c.actor.in_(self.lanes.members(lane)))
        )
        return self._conn.execute(query.limit(1)).first() is not None


def _position(readings: list[Reading], withdrawals: list[Withdrawal]) -> Position:
    """Return where a lane stands, from the deciding days alone; all readings give the same."""
    if withdrawals:
        return position(readings, withdrawals)
    days: list[dict[int, list[Reading]]] = [{}, {}, {}]
    for reading in readings:
        if not reading.retracted and reading.stance is not None:
            days[reading.rank].setdefault(reading.day, []).append(reading)
    stands = position([*chain.from_iterable(of_rank[max(of_rank)] for of_rank in days if of_rank)])
    if stands.rank is None:
        return stands
    same_rank = days[stands.rank]
    return prolonged(stands, (same_rank[day] for day in sorted(same_rank, reverse=True)[1:]))


def _forget(conn: Connection, topic: str, lane: str, turns: TurnCounter | None) -> None:
    if turns is not None:
        turns.note_removed(topic, lane)
    for table in (schema.positions, schema.changes):
        columns: Any = table.c
        conn.execute(delete(table).where(columns.topic == topic, columns.lane == lane))


def derive_topic(
    conn: Connection, topic: str, turns: TurnCounter, spoke: Collection[str] | None = None
) -> set[str]:
    """Derive a topic (an id) as known now, write the lanes that differ, and return their actors.

    If only some actors ``spoke`` anew, only the lanes that this can move are derived.
    """
    stands, moves, lanes = _derived(conn, topic, spoke)
    differ = _replace(conn, schema.positions, topic, stands, lanes)
    for row in _replace(conn, schema.changes, topic, moves, lanes):
        turns.note(topic, row.lane, [row.counts_from])
    return {row.lane for row in differ}


def write_topic(conn: Connection, topic: str) -> int:
    """Write a topic for the first time; return the number of statements in its lanes."""
    stands, moves, _ = _derived(conn, topic)
    write_rows(conn, schema.positions, stands)
    write_rows(conn, schema.changes, moves)
    return sum(row.known for row in stands)


def _derived(
    conn: Connection, topic: str, spoke: Collection[str] | None = None
) -> tuple[list[PositionRow], list[ChangeRow], set[str] | None]:
    """Return the rows of a topic, and the lanes that were derived; ``None`` for all."""
    tracks, derived = tracks_now(conn, topic, spoke)
    stands = [_position_row(topic, lane, track) for lane, track in tracks.items()]
    moves = [row for lane, track in tracks.items() for row in _change_rows(topic, lane, track)]
    return stands, moves, derived


def _replace(
    conn: Connection, table: Table, topic: str, rows: Sequence[Any], lanes: set[str] | None
) -> list[Any]:
    """Write the rows of a topic's lanes that differ from those stored; return the old and new."""
    columns: Any = table.c
    names = [column.name for column in table.primary_key if column.name != "topic"]
    query = select(table).where(columns.topic == topic)
    if lanes is not None:
        query = query.where(columns.lane.in_(lanes))
    stored = {_key(row, names): row for row in conn.execute(query)}
    wanted = {_key(row, names): row for row in rows}
    removed = {key for key, row in stored.items() if wanted.get(key) != tuple(row)}
    for values in removed:
        here = (columns[name] == value for name, value in zip(names, values, strict=True))
        conn.execute(delete(table).where(columns.topic == topic, *here))
    added = [row for values, row in wanted.items() if values not in stored or values in removed]
    write_rows(conn, table, added)
    return [*(stored[key] for key in removed), *added]


def _key(row: Any, names: Iterable[str]) -> tuple[Any, ...]:  # noqa: ANN401 - a database row
    return tuple(getattr(row, name) for name in names)


def _position_row(topic: str, lane: str, track: Track) -> PositionRow:
    visible = [change for change in track.changes if change.is_visible]
    last = track.changes[-1].counts_from if track.changes else None
    on_record = sum(not reading.retracted for reading in track.readings)
    counts = len(track.readings), on_record
    return position_row(topic, lane, track.position, (last, bool(visible)), counts)


def _change_rows(topic: str, lane: str, track: Track) -> Iterable[ChangeRow]:
    return (
        change_row(topic, lane, change, place) for change, place in number_in_day(track.changes)
    )


_ADD_UP = (
    "INSERT INTO actor_totals (lane, topics, turned, held, known, on_record)"
    " SELECT lane, count(*), sum(turned),"
    " sum(CASE WHEN turned = 0 AND rank IS NOT NULL THEN 1 ELSE 0 END), sum(known), sum(on_record)"
    " FROM positions {}GROUP BY lane"
)
_ALL = text(_ADD_UP.format(""))
_ONE = text(_ADD_UP.format("WHERE lane = :lane "))
_FORGET = text("DELETE FROM actor_totals WHERE lane = :lane")


def sum_actor_totals(conn: Connection, actors: Collection[str] | None = None) -> None:
    """Write the totals of these actors (ids); for ``None`` those of all, for the first time."""
    if actors is None:
        conn.execute(_ALL)
        return
    lanes = [{"lane": key} for key in sorted(keys_of(conn, actors).values())]
    if lanes:
        conn.execute(_FORGET, lanes)
        conn.execute(_ONE, lanes)
