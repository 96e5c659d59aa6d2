"""Where each actor stands on each topic, at any pair of clocks, and how that changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, and_, func, literal, or_, select, true, union_all

from timeline.domain.instants import OLDEST, day_of
from timeline.domain.position import Change, Ignored, Position, Reading, Withdrawal, position
from timeline.domain.position.edition2.votes import as_votes_stand
from timeline.domain.position.reading import known as versions_at
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.tracks import course, split_votes, topic_tracks, vote_topics
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import is_visible
from timeline.projections.tables.lanes import (
    EVER,
    RANKS,
    Known,
    Lanes,
    known,
    lanes_known,
    reading_rows,
    spoken_on,
    unique,
    up_to,
    walk_backs,
    walk_backs_within,
)
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.tables.rows import change_of, position_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from timeline.domain.position.edition2.track import Track

READ_AT_ONCE = 50
"""Topics per query when the lanes of one actor are read."""

Lane = tuple[str, str]
"""A topic's id and an actor's id."""


class LanePosition(msgspec.Struct, frozen=True):
    """Where a lane stands: ``topic`` and ``lane`` are ids.

    ``on_record`` counts the statements said and known by then that are not retracted.

    ``spoke`` is false where every statement of the lane was said, or became known, later.
    """

    topic: str
    lane: str
    position: Position
    on_record: int = 0
    spoke: bool = True


class LaneChange(msgspec.Struct, frozen=True):
    """A change of position and its lane, both by id."""

    topic: str
    lane: str
    change: Change


def lane_changes(rows: Iterable[Any]) -> list[LaneChange]:
    """Read rows of the changes; empty rows of an outer join are left out."""
    return [
        LaneChange(row.topic, row.lane, change_of(row)) for row in rows if row.topic is not None
    ]


def current_positions(
    conn: Connection, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return the stored positions: where lanes stand now."""
    return _positions(conn.execute(*_current(topic=topic, lane=lane)))


def _positions(rows: Iterable[Any]) -> list[LanePosition]:
    return [LanePosition(row.topic, row.lane, position_of(row), row.on_record) for row in rows]


@prepared
def _current(*, topic: Param | None, lane: Param | None) -> Query:
    table = schema.positions
    query: Query = _filtered(select(table), table, topic, lane)
    return query.order_by(*_by_lane(table.c))


def days_spoken_on(conn: Connection, topics: Collection[str]) -> dict[str, list[int]]:
    """Return the UTC days (instant // 86400) on which each topic was spoken on, as known now."""
    days: dict[str, list[int]] = {topic: [] for topic in topics}
    for topic, day in conn.execute(*_days(topics=[*topics])):
        days[topic].append(int(day))
    return days


@prepared
def _days(*, topics: Param) -> Query:
    columns = schema.topic_days.c
    query = select(columns.topic, columns.day).where(columns.topic.in_(topics))
    return query.order_by(columns.day)


def positions_on(conn: Connection, topics: Collection[str]) -> list[LanePosition]:
    """Return where lanes stand now on several topics, by topic and lane."""
    table = schema.positions
    query = select(table).where(table.c.topic.in_([*topics]))
    return _positions(conn.execute(query.order_by(*_by_lane(table.c))))


def lane_counts(conn: Connection, topics: Collection[str]) -> dict[str, int]:
    """Count the lanes of each topic as it is now, spokespersons' lanes included."""
    table = schema.positions
    query = select(table.c.topic, func.count()).where(table.c.topic.in_(list(topics)))
    return {topic: int(count) for topic, count in conn.execute(query.group_by(table.c.topic))}


def current_changes(
    conn: Connection,
    *,
    topic: str | None = None,
    lane: str | None = None,
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
    mixed: bool = True,
    firsts: bool = True,
) -> list[LaneChange]:
    """Return changes as known now, latest first; ``since`` and ``until`` are instants."""
    table = schema.changes
    query = _filtered(select(table), table, topic, lane)
    if since is not None:
        query = query.where(table.c.counts_from >= since)
    query = query.where(*up_to(table.c.counts_from, until))
    if not mixed:
        query = query.where(
            func.coalesce(table.c.from_stance, 0) != schema.MIXED,
            func.coalesce(table.c.to_stance, 0) != schema.MIXED,
        )
    is_change = is_visible(table.c)
    query = query.where(or_(is_change, table.c.kind == "first") if firsts else is_change)
    return read_latest(conn, query, limit)


def read_latest(conn: Connection, query: Any, limit: int | None) -> list[LaneChange]:  # noqa: ANN401 - SQL
    """Return at most ``limit`` of the rows of `changes` that a query selects, latest first."""
    columns = schema.changes.c
    instant = columns.counts_from
    if limit is not None:
        # The index finds the instant of the last one without a sort.
        latest = query.with_only_columns(instant).order_by(instant.desc())
        last = latest.offset(limit - 1).limit(1).scalar_subquery()
        query = query.where(instant >= func.coalesce(last, literal(OLDEST, schema.WIDE)))
    order = instant.desc(), columns.known_at.desc(), *_by_lane(columns)
    query = query.order_by(*order, columns.day.desc(), columns.place.desc())
    return lane_changes(conn.execute(query.limit(limit)))


def positions_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood, in full: every reading of each lane is taken into account."""
    if clocks.is_now:
        # A lane whose words are all retracted or withdrawn is kept, but holds no position.
        current = current_positions(conn, topic=topic, lane=lane)
        return [lane for lane in current if lane.position.counted]
    topic_ids = relevant_topics(conn, topic, lane, clocks.known_at)
    votes, others = split_votes(conn, topic_ids, clocks.known_at)
    positions = [*_by_tracks(conn, others, lane, clocks), *_by_votes(conn, votes, lane, clocks)]
    place = {topic_id: number for number, topic_id in enumerate(topic_ids)}
    return sorted(positions, key=lambda item: (place[item.topic], item.lane))


def _by_votes(
    conn: Connection, topics: Iterable[str], lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    lanes = lanes_on(conn, topics, lanes=lane_set(lane), known_at=clocks.known_at)
    for key, readings, withdrawals in lanes:
        state = as_votes_stand(position(readings, withdrawals, **clocks.both))
        if state.counted:
            numbers = {r.statement for r in said_until(readings, clocks.as_of) if not r.retracted}
            yield LanePosition(*key, state, len(numbers))


def _by_tracks(
    conn: Connection, topics: Iterable[str], lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    for topic in topics:
        derived = course(conn, topic, clocks)
        for actor, state in derived.positions().items():
            if state.counted and lane in (None, actor):
                on_record = sum(not reading.retracted for reading in derived.readings(actor))
                yield LanePosition(topic, actor, state, on_record)


def explained(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood, with the reason for every statement that does not count.

    Statements that became known later are named too.
    """
    topic_ids = relevant_topics(conn, topic, lane, clocks.known_at)
    return [*explained_on(conn, topic_ids, clocks, lane=lane)]


def explained_on(
    conn: Connection, topics: Iterable[str], clocks: TwoClocks = NOW, *, lane: str | None = None
) -> Iterator[LanePosition]:
    """Yield the same for given topics, in their order; memory holds one topic at a time."""
    topic_ids = [*topics]
    votes = vote_topics(conn, topic_ids, clocks.known_at)
    for topic in topic_ids:
        explain = _explained_votes if topic in votes else _explained_tracks
        yield from explain(conn, topic, lane, clocks)


def _explained_tracks(
    conn: Connection, topic: str, lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    """Yield the lanes of a topic with reasons, and the statements that came later."""
    by_then, actors = TwoClocks(known_at=clocks.known_at), lane_set(lane)
    current = topic_tracks(conn, topic, actors=actors)
    known = current if by_then.is_now else topic_tracks(conn, topic, by_then, actors=actors)
    at_moment = known
    if clocks.as_of is not None:
        at_moment = topic_tracks(conn, topic, clocks, actors=actors)
    for actor in sorted(current.keys() | known.keys()):
        state = at_moment[actor].position if actor in at_moment else position((), ())
        said = _statements(at_moment.get(actor))
        later = _statements(known.get(actor)) - said
        unknown = _statements(current.get(actor)) - said - later
        ignored = (
            *state.ignored,
            *(Ignored(number, "later_than_as_of") for number in later),
            *(Ignored(number, "not_known_yet") for number in unknown),
        )
        in_order = tuple(sorted(ignored, key=lambda item: item.statement))
        explained = msgspec.structs.replace(state, ignored=in_order)
        yield LanePosition(topic, actor, explained, len(said | later | unknown), spoke=bool(said))


def _statements(track: Track | None) -> set[int]:
    return {reading.statement for reading in track.readings} if track else set()


def _explained_votes(
    conn: Connection, topic: str, lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    known_at, lanes = clocks.known_at, lane_set(lane)
    every = lanes_on(conn, [topic], lanes=lanes, known_at=known_at, every_version=True)
    for key, readings, withdrawals in every:
        state = as_votes_stand(position(readings, withdrawals, **clocks.both))
        if state.counted or state.ignored:
            spoke = bool(said_until(versions_at(readings, known_at), clocks.as_of))
            on_record = len({r.statement for r in readings})
            yield LanePosition(*key, state, on_record, spoke=spoke)


def lanes_at(
    conn: Connection,
    *,
    topic: str | None = None,
    lane: str | None = None,
    known_at: int | None = None,
) -> Iterator[tuple[Lane, list[Reading], list[Withdrawal]]]:
    """Yield every lane with its readings and walk-backs as known at a log position."""
    topic_ids = relevant_topics(conn, topic, lane, known_at)
    return lanes_on(conn, topic_ids, lanes=lane_set(lane), known_at=known_at)


def lane_set(lane: str | None) -> set[str] | None:
    """Return a set of one lane, or ``None`` for all lanes."""
    return None if lane is None else {lane}


def relevant_topics(
    conn: Connection, topic: str | None, lane: str | None, known_at: int | None
) -> list[str]:
    """Return the ids of the topics to read: the given one, those of a lane, or all."""
    if topic is not None:
        return [topic]
    members = None if lane is None else lanes_known(conn, known_at).members(lane)
    return topics_of(conn, members)


def lanes_on(
    conn: Connection,
    topics: Iterable[str],
    *,
    lanes: Collection[str] | None,
    known_at: int | None,
    every_version: bool = False,
) -> Iterator[tuple[Lane, list[Reading], list[Withdrawal]]]:
    """Yield lanes (all for ``None``) of some topics with readings and walk-backs, topic by topic.

    Merges are those known at ``known_at``; with ``every_version`` the readings and walk-backs are
    those of all times.
    """
    versions: Known = EVER if every_version else known_at
    if not (topic_ids := [*topics]):
        return
    lane_map, links = lanes_known(conn, known_at), walk_backs(conn, versions)
    members = (
        None if lanes is None else {member for lane in lanes for member in lane_map.members(lane)}
    )
    # One lane of many topics fits into memory.
    size = READ_AT_ONCE if lanes is not None and len(lanes) == 1 else 1
    for start in range(0, len(topic_ids), size):
        batch, by_lane = (topic_ids[start : start + size], defaultdict[Lane, list[Reading]](list))
        for row in reading_rows(conn, batch, members, versions):
            by_lane[row[0], lane_map.of(row[1])].append(lane_map.reading(row))
        for topic, lane in sorted(by_lane, key=lambda key: (batch.index(key[0]), key[1])):
            readings = unique(by_lane[topic, lane]) if lane_map.lane else by_lane[topic, lane]
            withdrawals = walk_backs_within(links, (reading.statement for reading in readings))
            yield (topic, lane), readings, withdrawals


def walked_back(conn: Connection, lane: str, known_at: int | None = None) -> set[str]:
    """Return the topics on which words of a lane are taken back, as known at a log position."""
    lanes = lanes_known(conn, known_at)
    return {topic for topic, actor in lanes_with_walk_back(conn, known_at, lanes) if actor == lane}


def standing_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood; of votes only the days that can decide are read.

    Stance, rank, counted and reported statements are exact; of votes, the number of statements and
    the first one are not looked for. Lanes with a walk-back are read in full.
    """
    topic_ids = relevant_topics(conn, topic, lane, clocks.known_at)
    votes, others = split_votes(conn, topic_ids, clocks.known_at)
    spoken = [*_by_tracks(conn, others, lane, clocks)]
    if not votes:
        return sorted(spoken, key=lambda item: (item.topic, item.lane))
    deciding: dict[Lane, list[Reading]] = defaultdict(list)
    vote_ids = {*votes}
    lanes = lanes_known(conn, clocks.known_at)
    members = None if lane is None else lanes.members(lane)
    for row in conn.execute(_deciding(topic, members, clocks.as_of, clocks.known_at)):
        if row[0] is not None and row[0] in vote_ids:
            deciding[row[0], lanes.of(row[1])].append(lanes.reading(row))
    walked_back = lanes_with_walk_back(conn, clocks.known_at, lanes)
    positions = spoken
    for key in sorted(deciding):
        if key in walked_back:
            positions += positions_at(conn, clocks, topic=key[0], lane=key[1])
            continue
        state = position(unique(deciding[key]), (), **clocks.both)
        positions.append(LanePosition(*key, as_votes_stand(state)))
    return sorted(positions, key=lambda item: (item.topic, item.lane))


def latest_first(changes: Iterable[LaneChange]) -> list[LaneChange]:
    """Return changes in the order of `current_changes`."""
    oldest_last = list(changes)[::-1]
    return sorted(
        oldest_last,
        key=lambda change: (
            -change.change.counts_from,
            -change.change.known_at,
            change.topic,
            change.lane,
        ),
    )


def said_until(readings: list[Reading], as_of: int | None) -> list[Reading]:
    """Return the readings of what had been said by an instant."""
    return (
        readings
        if as_of is None
        else [reading for reading in readings if reading.counts_from <= as_of]
    )


def _deciding(
    topic: str | None, members: set[str] | None, as_of: int | None, known_at: int | None
) -> Any:  # noqa: ANN401 - a SQL query
    """Select the readings of the latest day that counts for each lane and rank; empty rows too."""
    table = schema.readings
    inner = table.alias("latest")
    day = None if as_of is None else day_of(as_of)

    def candidates(columns: Any) -> list[Any]:  # noqa: ANN401 - SQL clauses
        stands = columns.retracted == 0, columns.stance.is_not(None)
        # The day is in the index before the instant: nothing later is looked at.
        moment = *up_to(columns.day, day), *up_to(columns.counts_from, as_of)
        return [*known(columns, known_at), *stands, *moment]

    keys = spoken_on(topic) if members is None else _keys_of(topic, members)
    every_rank = _ranks()
    ranked = select(keys.c.topic, keys.c.actor, every_rank.c.rank).where(keys.c.actor.is_not(None))
    ranks = ranked.join_from(keys, every_rank, true()).subquery("ranked")
    latest = (
        select(func.max(inner.c.day))
        .where(
            inner.c.topic == ranks.c.topic,
            inner.c.actor == ranks.c.actor,
            inner.c.rank == ranks.c.rank,
            *candidates(inner.c),
        )
        .scalar_subquery()
    )
    days = select(ranks, latest.label("day")).subquery("days")
    # Were it no outer join, SQLite would walk all readings and look for the days of each.
    return select(table).join_from(
        days,
        table,
        and_(
            table.c.topic == days.c.topic,
            table.c.actor == days.c.actor,
            table.c.rank == days.c.rank,
            table.c.day == days.c.day,
            *candidates(table.c),
        ),
        isouter=True,
    )


def _keys_of(topic: str | None, members: set[str]) -> Any:  # noqa: ANN401 - a SQL subquery
    table = schema.readings
    lanes = select(table.c.topic, table.c.actor).distinct().where(table.c.actor.in_(members))
    return (lanes if topic is None else lanes.where(table.c.topic == topic)).subquery("keys")


def _ranks() -> Any:  # noqa: ANN401 - a SQL subquery
    return union_all(*(select(literal(rank).label("rank")) for rank in RANKS)).subquery("ranks")


def lanes_with_walk_back(conn: Connection, known_at: int | None, lanes: Lanes) -> set[Lane]:
    """Return the lanes in which words are taken back, as known at a log position."""
    links, table = schema.links, schema.readings
    targets = select(links.c.target).where(links.c.kind == "withdraws", *known(links.c, known_at))
    query = select(table.c.topic, table.c.actor).where(table.c.number.in_(targets)).distinct()
    return {(row.topic, lanes.of(row.actor)) for row in conn.execute(query)}


def topics_of(conn: Connection, members: set[str] | None) -> list[str]:
    """Return the ids of the topics on which any of these actors ever spoke; of all for ``None``."""
    if members is None:
        query = select(schema.topics.c.id).order_by(schema.topics.c.opened)
        return list(conn.execute(query).scalars())
    topics = {
        topic for member in members for topic in conn.execute(*_spoken(actor=member)).scalars()
    }
    return sorted(topic for topic in topics if topic is not None)


@prepared
def _spoken(*, actor: Param) -> Query:
    """Select the topics of an actor, one step down the index for each; the last row has none."""
    columns = schema.readings.c
    here = columns.actor == actor
    first = select(func.min(columns.topic).label("topic")).where(here)
    keys = first.cte("keys", recursive=True)
    following = select(func.min(columns.topic)).where(here, columns.topic > keys.c.topic)
    rest = select(following.scalar_subquery()).where(keys.c.topic.is_not(None))
    return select(keys.union_all(rest).c.topic)


def _by_lane(columns: Any) -> tuple[Any, Any]:  # noqa: ANN401 - SQL
    return spelled(columns.topic), spelled(columns.lane)


def _filtered(
    query: Any,  # noqa: ANN401 - SQL
    table: Any,  # noqa: ANN401
    topic: str | Param | None,
    lane: str | Param | None,
) -> Any:  # noqa: ANN401
    if topic is not None:
        query = query.where(table.c.topic == topic)
    if lane is not None:
        query = query.where(table.c.lane == lane)
    return query
