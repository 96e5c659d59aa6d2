"""Where chosen actors stand on chosen topics, at any pair of clocks: a cell for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, and_, func, select

from timeline.domain.position import Change, Position, Reading, position
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.positions import current_positions, lanes_on
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import course, split_votes
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.lanes import known, lanes_known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import Lane


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
    conn: Connection, topics: Sequence[Topic], actors: Collection[str], clocks: TwoClocks = NOW
) -> dict[Lane, Held]:
    """Return the positions of these actors' lanes on these topics, by ids of topic and actor."""
    if clocks.is_now:
        cells = _now(conn, {topic.id for topic in topics}, actors)
    else:
        (cells,) = held_at_each(conn, topics, actors, [clocks.as_of], known_at=clocks.known_at)
    for topic in {topic for topic, _ in cells}:
        then = TopicChanges(conn, topic, clocks)
        for lane, change in then.latest(told=True).items():
            if (topic, lane) in cells:
                held = cells[topic, lane]
                cells[topic, lane] = msgspec.structs.replace(held, moved=change)
    return cells


def resting_on(having: Collection[int] | None, held: dict[Lane, Held]) -> dict[Lane, Held]:
    """Return the positions that rest on any of some statements; ``None`` is every statement.

    Nobody stands elsewhere for it: positions that rest on others are left out.
    """
    if having is None:
        return held
    some = {*having}
    return {lane: cell for lane, cell in held.items() if some.intersection(cell.position.counted)}


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
    spoke = _last_words(conn, topics, actors)
    found = {}
    for one in standing:
        key = one.topic, one.lane
        last = spoke.get(key, _Words(one.position.last or 0, 0))
        found[key] = Held(one.position, None, last.number, last.at)
    return found


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
        found[key] = max(found.get(key, said), said, key=lambda words: (words.at, words.number))
    return found


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
    votes, others = split_votes(conn, [topic.id for topic in topics], known_at)
    for key, readings, back in lanes_on(conn, votes, lanes=actors, known_at=known_at):
        for cells, instant in zip(found, instants, strict=True):
            said = _said_by(readings, instant)
            _hold(cells, key, said, position(said, back, known_at=known_at))
    for topic in others:
        for cells, instant in zip(found, instants, strict=True):
            then = course(conn, topic, TwoClocks(instant, known_at))
            for lane, stood in then.positions().items():
                if lane in actors:
                    _hold(cells, (topic, lane), then.readings[lane], stood)
    return found


def _said_by(readings: list[Reading], as_of: int | None) -> list[Reading]:
    return (
        readings
        if as_of is None
        else [reading for reading in readings if reading.counts_from <= as_of]
    )


def _hold(cells: dict[Lane, Held], key: Lane, said: Iterable[Reading], stood: Position) -> None:
    if stood.counted:
        standing = (reading for reading in said if not reading.retracted)
        last = max(standing, key=lambda reading: (reading.counts_from, reading.statement))
        cells[key] = Held(stood, None, last.statement, last.counts_from)
