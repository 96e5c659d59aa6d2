"""Where chosen actors stand on chosen topics, at any pair of clocks: a cell for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, and_, func, select

from timeline.domain.position import Change, Position, Reading, changes, position
from timeline.domain.position.edition2.votes import as_vote
from timeline.projections.queries import crowds
from timeline.projections.queries.positions import (
    current_positions,
    lanes_of_actors,
    standing_at,
)
from timeline.projections.queries.tracks import apart, topic_tracks
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.lanes import known, lanes_known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import Lane


ONE_BY_ONE = 12
"""Actors up to which each is looked for in a crowd; of more, everybody in it is read."""


class Held(msgspec.Struct, frozen=True):
    """Where an actor stands on a topic, how that changed last, and when they last spoke there.

    ``spoke_in`` is the number of their last statement, ``spoke_at`` the instant from which it
    counts; it may take no position.
    """

    position: Position
    moved: Change | None
    spoke_in: int
    spoke_at: int


class _Words(msgspec.Struct, frozen=True):
    number: int
    at: int


def compared(
    conn: Connection,
    topics: Sequence[Topic],
    actors: Collection[str],
    *,
    as_of: int | None = None,
    known_at: int | None = None,
) -> dict[Lane, Held]:
    """Return the positions of these actors' lanes on these topics, by ids of topic and actor.

    At an earlier moment, a topic with very many statements is asked for positions only.
    """
    if as_of is known_at is None:
        return _now(conn, {topic.id for topic in topics}, actors)
    few = [topic.id for topic in topics if topic.statements < crowds.CROWD]
    found = dict(_earlier(conn, few, actors, as_of, known_at))
    for topic in topics:
        if topic.statements >= crowds.CROWD:
            found |= _earlier_of_crowd(conn, topic.id, actors, as_of, known_at)
    return found


def topics_of(conn: Connection, actors: Collection[str]) -> dict[str, int]:
    """Return how many of these actors have spoken on each topic, by its id."""
    table = schema.positions
    spoken = select(table.c.topic, func.count()).where(table.c.lane.in_([*actors]))
    return {topic: int(count) for topic, count in conn.execute(spoken.group_by(table.c.topic))}


def speakers(conn: Connection, topics: Collection[str] | None, limit: int) -> dict[str, int]:
    """Return who has spoken on most of these topics (of all, for ``None``), and on how many."""
    table = schema.positions
    topics_each = func.count().label("topics")
    query = select(table.c.lane, topics_each).group_by(table.c.lane)
    if topics is not None:
        query = query.where(table.c.topic.in_([*topics]))
    rows = conn.execute(query.order_by(topics_each.desc(), spelled(table.c.lane)).limit(limit))
    return {row.lane: int(row.topics) for row in rows}


def _now(conn: Connection, topics: set[str], actors: Collection[str]) -> dict[Lane, Held]:
    standing = [
        one
        for actor in actors
        for one in current_positions(conn, lane=actor)
        if one.topic in topics and one.position.counted
    ]
    moved = _latest_changes(conn, topics, actors)
    spoke = _last_words(conn, topics, actors)
    found = {}
    for one in standing:
        key = one.topic, one.lane
        last = spoke.get(key, _Words(one.position.last or 0, 0))
        found[key] = Held(one.position, moved.get(key), last.number, last.at)
    return found


def _latest_changes(
    conn: Connection, topics: Collection[str], actors: Collection[str]
) -> dict[Lane, Change]:
    return {
        (one.topic, one.lane): one.change
        for topic in topics
        for one in crowds.latest_changes(conn, topic=topic, told=True)
        if one.lane in actors
    }


def _last_words(
    conn: Connection, topics: Collection[str], actors: Collection[str]
) -> dict[Lane, _Words]:
    """Return the last statement of each lane as known now, whether or not it takes a position."""
    lanes, table = lanes_known(conn), schema.readings
    members = {member for actor in actors for member in lanes.members(actor)}
    here = (
        table.c.topic.in_([*topics]),
        table.c.actor.in_([*members]),
        table.c.retracted == 0,
        *known(table.c, None),
    )
    instant = func.max(table.c.counts_from).label("instant")
    lane = table.c.topic, table.c.actor
    last = select(*lane, instant).where(*here).group_by(*lane).subquery("last")
    same = (
        table.c.topic == last.c.topic,
        table.c.actor == last.c.actor,
        table.c.counts_from == last.c.instant,
    )
    query = select(*lane, table.c.number, table.c.counts_from).join_from(last, table, and_(*same))
    found: dict[Lane, _Words] = {}
    for row in conn.execute(query.where(*here)):
        key, said = (row.topic, lanes.of(row.actor)), _Words(row.number, row.counts_from)
        found[key] = max(found.get(key, said), said, key=lambda one: (one.at, one.number))
    return found


def _earlier(
    conn: Connection,
    topics: Iterable[str],
    actors: Collection[str],
    as_of: int | None,
    known_at: int | None,
) -> Iterator[tuple[Lane, Held]]:
    votes, others = apart(conn, [*topics], known_at)
    for key, readings, back in lanes_of_actors(conn, votes, actors, known_at):
        said = _said_by(readings, as_of)
        held = _held(said, position(said, back, known_at=known_at))
        if held is not None:
            moves = [as_vote(one) for one in changes(said, back, known_at=known_at)]
            yield key, _moved(held, moves)
    for topic in others:
        found = topic_tracks(conn, topic, as_of=as_of, known_at=known_at)
        for lane in found.keys() & {*actors}:
            held = _held(found[lane].readings, found[lane].position)
            if held is not None:
                yield (topic, lane), _moved(held, found[lane].changes)


def _moved(held: Held, moves: Sequence[Change]) -> Held:
    told = [one for one in moves if one.is_told]
    return msgspec.structs.replace(held, moved=told[-1] if told else None)


def held_at_each(
    conn: Connection,
    topics: Sequence[Topic],
    actors: Collection[str],
    instants: Sequence[int | None],
    *,
    known_at: int | None = None,
) -> list[dict[Lane, Held]]:
    """Return such cells at each of several instants; how a position changed is not looked for.

    What was said on a topic is read once for all of them.
    """
    found: list[dict[Lane, Held]] = [{} for _ in instants]
    few = [topic.id for topic in topics if topic.statements < crowds.CROWD]
    votes, others = apart(conn, few, known_at)
    for key, readings, back in lanes_of_actors(conn, votes, actors, known_at):
        for cells, instant in zip(found, instants, strict=True):
            said = _said_by(readings, instant)
            held = _held(said, position(said, back, known_at=known_at))
            if held is not None:
                cells[key] = held
    for cells, instant in zip(found, instants, strict=True):
        cells.update(_earlier(conn, others, actors, instant, known_at))
    for topic in topics:
        if topic.statements >= crowds.CROWD:
            for cells, instant in zip(found, instants, strict=True):
                cells.update(_earlier_of_crowd(conn, topic.id, actors, instant, known_at))
    return found


def _said_by(readings: list[Reading], as_of: int | None) -> list[Reading]:
    return readings if as_of is None else [one for one in readings if one.counts_from <= as_of]


def _held(said: Iterable[Reading], stood: Position) -> Held | None:
    if not stood.counted:
        return None
    standing = (one for one in said if not one.retracted)
    last = max(standing, key=lambda one: (one.counts_from, one.statement))
    return Held(stood, None, last.statement, last.counts_from)


def _earlier_of_crowd(
    conn: Connection,
    topic: str,
    actors: Collection[str],
    as_of: int | None,
    known_at: int | None,
) -> dict[Lane, Held]:
    lanes = [*actors] if len(actors) <= ONE_BY_ONE else [None]
    standing = (
        one
        for lane in lanes
        for one in standing_at(conn, topic=topic, lane=lane, as_of=as_of, known_at=known_at)
        if one.lane in actors
    )
    return {
        (one.topic, one.lane): Held(one.position, None, one.position.last or 0, 0)
        for one in standing
        if one.position.counted
    }
