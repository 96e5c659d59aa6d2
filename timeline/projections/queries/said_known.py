"""A grid of statements: when they were said against when they were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, Connection, and_, case, func, literal, or_, select

from timeline.domain.instants import MICROSECONDS
from timeline.domain.statement import StatementRecorded
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, ScalarSelect

ROWS = 64
"""More rows than any grid has: so one number names a column and a row."""


class Extent(msgspec.Struct, frozen=True):
    """Statements were said from ``first`` to ``last``, and recorded between two instants."""

    first: int
    last: int
    recorded: tuple[int, int]


class Grid(msgspec.Struct, frozen=True):
    """Columns of ``width`` seconds from ``start`` to ``end``; rows end at the log positions."""

    start: int
    end: int
    width: int
    bounds: tuple[int, ...]


class Box(msgspec.Struct, frozen=True):
    """A range of instants at which statements were said, and a range of their numbers."""

    said: tuple[int, int]
    numbers: tuple[int, int]


class Cell(msgspec.Struct, frozen=True):
    """The statements of one cell; ``recorded`` are their first and last instant, in seconds."""

    count: int
    box: Box
    recorded: tuple[int, int]


def extent(conn: Connection, topic: str | None) -> Extent | None:
    """Return the extent of a topic's statements, or of all; each end is one index step."""
    columns = schema.statements.c
    now = known(columns, None)
    first = _end(conn, topic, func.min, columns.counts_from, *now)
    last = _end(conn, topic, func.max, columns.counts_from, *now)
    if first is None:
        return None
    numbers = _numbers(conn, topic)
    times = _recorded_at(conn, numbers)
    return Extent(first, last, (times[numbers[0]], times[numbers[1]]))


def _numbers(conn: Connection, topic: str | None) -> tuple[int, int]:
    """Return the lowest and the highest number of a topic's statements, or of all."""
    if topic is None:
        events = schema.log_index.c
        query = select(func.min(events.position), func.max(events.position))
        query = query.where(events.type == StatementRecorded.TOPIC)
    else:
        columns = schema.statements.c
        query = select(func.min(columns.number), func.max(columns.number))
        query = query.where(columns.topic == topic, *known(columns, None))
    lowest, highest = conn.execute(query).one()
    return int(lowest), int(highest)


def _end(
    conn: Connection,
    topic: str | None,
    end: Any,  # noqa: ANN401 - the SQL function min or max
    column: ColumnElement[Any],
    *more: ColumnElement[bool],
) -> Any:  # noqa: ANN401 - a number, or nothing
    here, topics = schema.statements.c.topic, schema.topics
    if topic is not None:
        return conn.execute(select(end(column)).where(here == topic, *more)).scalar()
    of_topic: ScalarSelect[Any] = (
        select(end(column)).where(here == topics.c.id, *more).scalar_subquery()
    )
    ends = select(of_topic.label("end")).select_from(topics).subquery()
    return conn.execute(select(end(ends.c.end))).scalar()


def cells(conn: Connection, topic: str | None, grid: Grid) -> list[Cell]:
    """Count a topic's statements, or those of all topics, by cell, column by column."""
    columns = schema.statements.c
    column = (columns.counts_from - literal(grid.start, BigInteger)) // literal(
        grid.width, BigInteger
    )
    query = select(
        (column * ROWS + _row(grid)).label("cell"),
        func.count().label("statements"),
        func.min(columns.counts_from).label("first"),
        func.max(columns.counts_from).label("last"),
        func.min(columns.number).label("lowest"),
        func.max(columns.number).label("highest"),
    ).where(*_of(topic), *known(columns, None), columns.counts_from.between(grid.start, grid.end))
    rows = conn.execute(query.group_by("cell").order_by("cell")).all()
    times = _recorded_at(conn, {number for row in rows for number in (row.lowest, row.highest)})
    return [
        Cell(
            count=row.statements,
            box=Box((row.first, row.last), (row.lowest, row.highest)),
            recorded=(times[row.lowest], times[row.highest]),
        )
        for row in rows
    ]


def members(
    conn: Connection,
    topic: str | None,
    box: Box | None,
    *,
    after: tuple[int, int] | None = None,
    limit: int,
) -> list[tuple[int, int]]:
    """Return the instants of statements and their numbers, latest first."""
    columns = schema.statements.c
    query = select(columns.counts_from, columns.number).where(
        *_of(topic), *_inside(box), *known(columns, None)
    )
    if after is not None:
        instant, number = after
        same = and_(columns.counts_from == instant, columns.number < number)
        query = query.where(or_(columns.counts_from < instant, same))
    query = query.order_by(columns.counts_from.desc(), columns.number.desc())
    return [(row.counts_from, row.number) for row in conn.execute(query.limit(limit))]


def count(conn: Connection, topic: str | None, box: Box | None) -> int:
    """Count statements, retracted ones included."""
    topics = schema.topics.c
    if box is None:
        statements = select(func.coalesce(func.sum(topics.statements + topics.retracted), 0))
        query = statements if topic is None else statements.where(topics.id == topic)
    else:
        here = (*_of(topic), *_inside(box), *known(schema.statements.c, None))
        query = select(func.count()).select_from(schema.statements).where(*here)
    return int(conn.execute(query).scalar_one())


def recorded_span(conn: Connection, box: Box) -> tuple[int, int]:
    """Return the instants at which these statements were recorded, first and last, in seconds."""
    times = _recorded_at(conn, box.numbers).values()
    return min(times, default=0), max(times, default=0)


def _recorded_at(conn: Connection, positions: Iterable[int]) -> dict[int, int]:
    table = schema.log_index
    query = select(table.c.position, table.c.recorded_at).where(table.c.position.in_(positions))
    return {row.position: row.recorded_at // MICROSECONDS for row in conn.execute(query)}


def _of(topic: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if topic is None else (schema.statements.c.topic == topic,)


def _inside(box: Box | None) -> tuple[ColumnElement[bool], ...]:
    columns = schema.statements.c
    if box is None:
        return ()
    return (columns.counts_from.between(*box.said), columns.number.between(*box.numbers))


def _row(grid: Grid) -> Any:  # noqa: ANN401 - SQL
    """Return the row of a statement: the number of bounds before it; empty rows are left out."""
    number, last_bound = schema.statements.c.number, 0
    whens = []
    for row, bound in enumerate(grid.bounds):
        if bound > last_bound:
            whens.append((number <= bound, row))
            last_bound = bound
    return case(*whens, else_=len(grid.bounds)) if whens else literal(len(grid.bounds))
