"""The events of the log as a page lists them, and the log position of an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, and_, func, or_, select, union_all

from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.projections.queries.withheld import withheld_documents
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts
from timeline.projections.tables.lanes import equal, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.tables.rows import LogRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LOOKED_BACK = 1_000
"""Latest events that are searched for one of somebody else."""

NOT_A_LOG_POSITION = Message(
    "not_a_log_position",
    "%(text)s is not a log position",
    fix="write @ and a number, such as @1042",
)


class QuarantinedEvent(msgspec.Struct, frozen=True):
    """An event that could not be read, and why."""

    position: int
    type: str
    error: str


def last_of_others(conn: Connection, upto: int, by: str, via: str) -> int:
    """Return the last position up to ``upto`` that somebody else recorded, or by another way.

    If there is none among the last `LOOKED_BACK`, return the position before those.
    """
    columns, start = schema.log_index.c, max(0, upto - LOOKED_BACK)
    query = select(columns.position).where(columns.position > start, columns.position <= upto)
    query = query.where(or_(columns.recorded_by != by, columns.via != via))
    return conn.execute(query.order_by(columns.position.desc()).limit(1)).scalar() or start


def lines(
    conn: Connection,
    *,
    before: int | None = None,
    limit: int = 50,
    types: Iterable[str] = (),
    by: str | None = None,
) -> list[LogRow]:
    """Return events, latest first."""
    table = schema.log_index
    query = select(table).where(*equal(table.c.recorded_by, by))
    query = query.order_by(table.c.position.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.position < before)
    if wanted := list(types):
        query = query.where(table.c.type.in_(wanted))
    return [LogRow(*row) for row in conn.execute(query)]


def of_stream(conn: Connection, stream: str) -> list[LogRow]:
    """Return the events of one stream, oldest first."""
    table = schema.log_index.c
    number = _number_of(conn, stream)
    later = and_(table.number == number, table.number != table.position)
    here = or_(table.stream == stream, table.position == number, later)
    rows = conn.execute(select(schema.log_index).where(here).order_by(table.position))
    return [LogRow(*row) for row in rows]


def _number_of(conn: Connection, stream: str) -> int:
    """Return the number of an entry's stream, and -1 for other streams."""
    statements, developments = schema.statements.c, schema.developments.c
    entry = union_all(
        *(
            select(columns.number).where(columns.stream == stream)
            for columns in (statements, developments)
        )
    )
    return int(conn.execute(entry).scalar() or -1)


def line(conn: Connection, position: int) -> LogRow | None:
    """Return the event at a position, or ``None`` in a gap."""
    table = schema.log_index
    row = conn.execute(select(table).where(table.c.position == position)).first()
    return LogRow(*row) if row else None


def last(conn: Connection) -> LogRow | None:
    """Return the latest event shown."""
    rows = lines(conn, limit=1)
    return rows[0] if rows else None


def first(conn: Connection) -> LogRow | None:
    """Return the first event."""
    table = schema.log_index
    row = conn.execute(select(table).order_by(table.c.position).limit(1)).first()
    return LogRow(*row) if row else None


def subjects(conn: Connection, streams: set[str]) -> dict[str, str]:
    """Return the names of stories, topics, actors and documents, by the ids of their streams."""
    names: dict[str, str] = {}
    for table, name in (
        (schema.stories, schema.stories.c.title),
        (schema.topics, schema.topics.c.question),
        (schema.actors, schema.actors.c.name),
        (schema.documents, schema.documents.c.outlet),
    ):
        query = select(table.c.id, name.label("name")).where(table.c.id.in_(streams))
        names |= {row.id: row.name or "" for row in conn.execute(query)}
    return names | dict.fromkeys(withheld_documents(conn, streams), "")


def count(conn: Connection) -> int:
    """Return how many events are shown."""
    return int(conn.execute(select(func.count()).select_from(schema.log_index)).scalar_one())


def head(conn: Connection) -> int:
    """Return the position up to which the log is shown."""
    return int(conn.execute(select(schema.progress.c.position)).scalar() or 0)


def known_at(conn: Connection, instant: int) -> int:
    """Return the last position whose running maximum of recorded_at is ≤ ``instant`` (µs)."""
    # The maximum only grows: a binary search needs no index by time.
    before, last = 0, head(conn)
    while before < last:
        middle = (before + last + 1) // 2
        if (conn.execute(*_running_max(upto=middle)).scalar() or 0) <= instant:
            before = middle
        else:
            last = middle - 1
    position = schema.log_index.c.position
    return int(conn.execute(select(func.max(position)).where(position <= before)).scalar() or 0)


@prepared
def _running_max(*, upto: Param) -> Query:
    columns = schema.clock.c
    query = select(columns.running_max).where(columns.position <= upto)
    return query.order_by(columns.position.desc()).limit(1)


def read_known(conn: Connection, text: str) -> int:
    """Read ``@POSITION`` or a UTC instant as a log position; raises `Refused` for neither."""
    if not text.startswith("@"):
        return known_at(conn, parse_instant_us(text))
    position = whole_number(text[1:])
    if position is None:
        raise Refused(NOT_A_LOG_POSITION, field="known-at", text=InQuotes(text))
    return position


def handles(conn: Connection) -> list[str]:
    """Return the handles of all who recorded something, stepping along the index."""
    by = key(schema.log_index.c.recorded_by)
    keys: list[int] = []
    following = conn.execute(select(func.min(by))).scalar()
    while following is not None:
        keys.append(following)
        following = conn.execute(select(func.min(by)).where(by > following)).scalar()
    return sorted(conn.execute(select(texts.c.text).where(texts.c.key.in_(keys))).scalars())


def quarantined_events(conn: Connection) -> list[QuarantinedEvent]:
    """Return the events that could not be read."""
    table = schema.quarantine
    return [
        QuarantinedEvent(*row) for row in conn.execute(select(table).order_by(table.c.position))
    ]


def quarantined_positions(conn: Connection, streams: Collection[str]) -> list[int]:
    """Return the log positions of events of these streams that could not be read."""
    aside, line = schema.quarantine, schema.log_index
    query = select(aside.c.position).join(line, line.c.position == aside.c.position)
    query = query.where(line.c.stream.in_(streams)).order_by(aside.c.position)
    return list(conn.execute(query).scalars())


def inert_merges(conn: Connection) -> list[tuple[str, str]]:
    """Return the slugs of merges without effect: each would close a circle."""
    merges, actors = schema.merges, schema.actors
    slugs = {row.id: row.slug for row in conn.execute(select(actors.c.id, actors.c.slug))}
    effective = lanes_known(conn).lane
    query = select(merges.c.actor, merges.c.into).order_by(merges.c.known_from)
    return [
        (slugs[row.actor], slugs[row.into])
        for row in conn.execute(query)
        if row.actor not in effective
    ]
