"""A table of positions: chosen actors on chosen topics, at any pair of clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, and_, func, select

from timeline.domain.position import Change, Position, Reading, position
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.lane_window import StatementPlace
from timeline.projections.queries.positions import current_positions, lanes_on, said_until
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import course, split_votes
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.lanes import known, lanes_known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import Lane


class PositionCell(msgspec.Struct, frozen=True):
    """Where an actor stands on a topic, how that changed last, and their last statement there.

    ``spoke_in`` is the number of that statement, ``spoke_at`` the instant from which it counts; it
    may take no position.
    """

    position: Position
    moved: Change | None
    spoke_in: int
    spoke_at: int


def compare_positions(
    conn: Connection, topics: Sequence[Topic], actors: Collection[str], clocks: TwoClocks = NOW
) -> dict[Lane, PositionCell]:
    """Return the cells of these actors on these topics, by ids of topic and actor."""
    if clocks.is_now:
        cells = _now(conn, {topic.id for topic in topics}, actors)
    else:
        (cells,) = cells_at_each(conn, topics, actors, [clocks.as_of], known_at=clocks.known_at)
    for topic in {topic for topic, _ in cells}:
        changes = TopicChanges(conn, topic, clocks)
        for lane, change in changes.latest(visible_only=True).items():
            if (topic, lane) in cells:
                cell = cells[topic, lane]
                cells[topic, lane] = msgspec.structs.replace(cell, moved=change)
    return cells


def cells_resting_on(
    having: Collection[int] | None, cells: dict[Lane, PositionCell]
) -> dict[Lane, PositionCell]:
    """Return the cells whose position rests on any statement in ``having``; ``None`` for all."""
    if having is None:
        return cells
    some = {*having}
    return {lane: cell for lane, cell in cells.items() if some.intersection(cell.position.counted)}


def topics_of(conn: Connection, actors: Collection[str]) -> dict[str, int]:
    """Count by topic (an id) how many of these actors have spoken on it."""
    table = schema.positions
    spoken = select(table.c.topic, func.count()).where(table.c.lane.in_([*actors]))
    return {topic: int(count) for topic, count in conn.execute(spoken.group_by(table.c.topic))}


def speakers(conn: Connection, topics: Collection[str] | None, limit: int) -> dict[str, int]:
    """Return the actors who spoke on most of these topics (``None`` for all), and on how many."""
    table = schema.positions
    topics_each = func.count().label("topics")
    query = select(table.c.lane, topics_each).group_by(table.c.lane)
    if topics is not None:
        query = query.where(table.c.topic.in_([*topics]))
    rows = conn.execute(query.order_by(topics_each.desc(), spelled(table.c.lane)).limit(limit))
    return {row.lane: int(row.topics) for row in rows}


def _now(conn: Connection, topics: set[str], actors: Collection[str]) -> dict[Lane, PositionCell]:
    standing = [
        current
        for actor in actors
        for current in current_positions(conn, lane=actor)
        if current.topic in topics and current.position.counted
    ]
    spoke = _last_words(conn, topics, actors)
    cells = {}
    for current in standing:
        key = current.topic, current.lane
        last = spoke.get(key, StatementPlace(0, current.position.last or 0))
        cells[key] = PositionCell(current.position, None, last.number, last.instant)
    return cells


def _last_words(
    conn: Connection, topics: Collection[str], actors: Collection[str]
) -> dict[Lane, StatementPlace]:
    """Return the last statement of each lane as known now, with or without a position."""
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
    last_words: dict[Lane, StatementPlace] = {}
    for row in conn.execute(query.where(*here)):
        key = row.topic, lanes.of(row.actor)
        statement = StatementPlace(row.counts_from, row.number)
        last_words[key] = max(last_words.get(key, statement), statement)
    return last_words


def cells_at_each(
    conn: Connection,
    topics: Sequence[Topic],
    actors: Collection[str],
    instants: Sequence[int | None],
    *,
    known_at: int | None = None,
) -> list[dict[Lane, PositionCell]]:
    """Return the cells at each of several instants, without the last changes.

    Each topic is read once for all instants.
    """
    cells_by_instant: list[dict[Lane, PositionCell]] = [{} for _ in instants]
    votes, others = split_votes(conn, [topic.id for topic in topics], known_at)
    for key, readings, withdrawals in lanes_on(conn, votes, lanes=actors, known_at=known_at):
        for cells, instant in zip(cells_by_instant, instants, strict=True):
            spoken = said_until(readings, instant)
            _add_cell(cells, key, spoken, position(spoken, withdrawals, known_at=known_at))
    for topic in others:
        for cells, instant in zip(cells_by_instant, instants, strict=True):
            derived = course(conn, topic, TwoClocks(instant, known_at))
            for lane, state in derived.positions().items():
                if lane in actors:
                    _add_cell(cells, (topic, lane), derived.readings(lane), state)
    return cells_by_instant


def _add_cell(
    cells: dict[Lane, PositionCell], key: Lane, readings: Iterable[Reading], state: Position
) -> None:
    if state.counted:
        standing = (reading for reading in readings if not reading.retracted)
        last = max(standing, key=lambda reading: (reading.counts_from, reading.statement))
        cells[key] = PositionCell(state, None, last.statement, last.counts_from)
