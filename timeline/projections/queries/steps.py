"""The moments at which something on a topic changes: days on one clock, positions on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Table, exists, func, select

from timeline.domain.instants import day_of
from timeline.projections.queries.positions import days_spoken_on
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_PLACES = 2_000
"""Most places of a slider; if there are more positions, places are spread over the log."""

TABLES = (schema.statements, schema.bearings, schema.links, schema.lane_members)
"""Tables with ``known_from`` and ``known_until``."""


def said_days(conn: Connection, topic: str, known_at: int | None = None) -> list[int]:
    """Return the UTC days (instant // 86400) on which something was said or happened, in order."""
    if known_at is None:
        spoken = {*days_spoken_on(conn, [topic])[topic]}
    else:
        spoken = {*conn.execute(*_spoken_days(topic=topic, known_at=known_at)).scalars()}
    return sorted(spoken | happened_on(conn, topic, known_at))


def happened_on(conn: Connection, topic: str, known_at: int | None = None) -> set[int]:
    """Return the UTC days from which the developments of a topic count."""
    result = conn.execute(*_happened_from(topic=topic, known_at=known_at)).scalars()
    return {day_of(instant) for instant in result}


def known_places(conn: Connection, topic: str) -> list[int]:
    """Return the log positions at which something became known, or was known no longer.

    If there are more than `MOST_PLACES`, they are spread evenly from the first to the last.
    """
    positions: set[int] = set()
    for table in TABLES:
        rows = conn.execute(*_versions(table=table, topic=topic, most=MOST_PLACES + 1)).all()
        if len(rows) > MOST_PLACES:
            return _spread(conn, topic)
        positions |= {position for row in rows for position in row if position is not None}
    return sorted(positions)


def _spread(conn: Connection, topic: str) -> list[int]:
    first, last = next_known(conn, topic, 0), previous_known(conn, topic, None)
    if first is None or last is None:
        return []
    return [*range(first, last, max(1, (last - first) // MOST_PLACES)), last]


def next_known(conn: Connection, topic: str, position: int) -> int | None:
    """Return the first such log position after ``position``."""
    return min(_ends(conn, topic, after=position, before=None), default=None)


def previous_known(conn: Connection, topic: str, position: int | None) -> int | None:
    """Return the last such log position before ``position``; the last of all for ``None``."""
    return max(_ends(conn, topic, after=None, before=position), default=None)


def _ends(conn: Connection, topic: str, *, after: int | None, before: int | None) -> Iterator[int]:
    """Yield the nearest position in each column of each table."""
    for table in TABLES:
        for is_start in (True, False):
            query = _end(table=table, topic=topic, after=after, before=before, is_start=is_start)
            if (position := conn.execute(*query).scalar()) is not None:
                yield int(position)


def _is_on(table: Table, topic: Param) -> ColumnElement[bool]:
    """Return the clause for the rows of a topic."""
    statements, spoke = schema.statements.c, schema.readings.c
    if table is schema.links:
        said = statements.number == table.c.number, statements.topic == topic
        return exists(select(statements.number).where(*said))
    if table is schema.lane_members:
        here = spoke.topic == topic, spoke.actor == table.c.member
        return exists(select(spoke.number).where(*here))
    return table.c.topic == topic


@prepared
def _versions(*, table: Table, topic: Param, most: Param) -> Query:
    versions = select(table.c.known_from, table.c.known_until)
    return versions.where(_is_on(table, topic)).limit(most)


@prepared
def _end(
    *, table: Table, topic: Param, after: Param | None, before: Param | None, is_start: bool
) -> Query:
    position = table.c.known_from if is_start else table.c.known_until
    end: Callable[[Any], Any] = func.min if before is None and after is not None else func.max
    query = select(end(position)).where(_is_on(table, topic))
    if after is not None:
        query = query.where(position > after)
    return query if before is None else query.where(position < before)


@prepared
def _spoken_days(*, topic: Param, known_at: Param) -> Query:
    columns = schema.readings.c
    return select(columns.day).where(columns.topic == topic, *known(columns, known_at)).distinct()


@prepared
def _happened_from(*, topic: Param, known_at: Param | None) -> Query:
    columns = schema.bearings.c
    here = columns.topic == topic, *known(columns, known_at)
    return select(columns.counts_from).where(*here).distinct()
