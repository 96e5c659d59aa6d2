"""Which outlets were watched for statements on a topic, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from timeline.domain.coverage import Watch
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

_outlets = msgspec.json.Decoder(tuple[str, ...]).decode


class KnownWatch(msgspec.Struct, frozen=True):
    """One recorded watch, by its ``number`` on the topic.

    ``known_from`` is a log position, ``recorded_at`` in microseconds UTC.
    """

    topic: str
    number: int
    known_from: int
    recorded_at: int
    watch: Watch


def coverage(conn: Connection, topic: str, known_at: int | None = None) -> list[KnownWatch]:
    """Return the watches of a topic (an id), as known at a log position, by number."""
    return coverage_of(conn, [topic], known_at)[topic]


def coverage_of(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, list[KnownWatch]]:
    """Return the same of several topics, by their ids."""
    watches: dict[str, list[KnownWatch]] = {topic: [] for topic in topics}
    for row in conn.execute(*_watches(topics=[*watches], known_at=known_at)) if watches else ():
        watch = _watch(*row)
        watches[watch.topic].append(watch)
    return watches


def has_coverage(conn: Connection) -> bool:
    """Tell whether any topic has a recorded watch."""
    watches = schema.watches.c
    query = select(watches.topic).where(watches.known_until.is_(None)).limit(1)
    return conn.execute(query).first() is not None


@prepared
def _watches(*, topics: Param, known_at: Param | None) -> Query:
    table = schema.watches
    query = select(
        table.c.topic,
        table.c.watch,
        table.c.known_from,
        table.c.recorded_at,
        table.c.actor,
        table.c.since,
        table.c.until,
        table.c.how,
        table.c.outlets,
        table.c.note,
    )
    query = query.where(table.c.topic.in_(topics), *known(table.c, known_at))
    return query.order_by(table.c.topic, table.c.watch)


def _watch(topic: str, number: int, known_from: int, at: int, *said: Any) -> KnownWatch:  # noqa: ANN401 - the columns of a row
    actor, since, until, how, outlets, note = said
    watch = Watch(
        since=since, until=until, actor=actor, how=how, outlets=_outlets(outlets), note=note
    )
    return KnownWatch(topic, number, known_from, at, watch)
