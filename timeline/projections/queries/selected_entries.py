"""Entries by source, speaker, answer, coder and topic."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Table, func, select

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import entries
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import known, lanes_known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from timeline.projections.queries.entries import Entry, StatementEntry

LOOKED_AT = 1_000
"""Latest statements with a stance that are searched for quoted ones."""

LATEST_OF_A_CODER = 60
"""The latest statements of somebody that are looked at."""


def entries_from(conn: Connection, document: str) -> list[Entry]:
    """Return the unretracted entries from a document, by number."""
    statements = entries.statements(conn, _numbers(conn, schema.statements, document))
    developments = entries.developments(conn, _numbers(conn, schema.developments, document))
    return sorted((*statements.values(), *developments.values()), key=lambda entry: entry.number)


def counts_from(conn: Connection, documents: Collection[str]) -> Counter[str]:
    """Count the unretracted entries from documents."""
    counted: Counter[str] = Counter()
    for table in (schema.statements, schema.developments):
        query = select(table.c.document, func.count()).where(
            table.c.document.in_(list(documents)), table.c.retracted == 0, *known(table.c, None)
        )
        counted.update({row[0]: row[1] for row in conn.execute(query.group_by(table.c.document))})
    return counted


def _numbers(conn: Connection, table: Table, document: str) -> list[int]:
    here = table.c.document == document, table.c.retracted == 0, *known(table.c, None)
    return list(conn.execute(select(table.c.number).where(*here)).scalars())


def standing_numbers(
    conn: Connection, limit: int, *, topic: str = "", speakers: Collection[str] = ()
) -> list[int]:
    """Return the numbers of unretracted statements, the latest recorded first.

    If given, they are those on a topic and by any of the speakers (ids).
    """
    table = schema.statements.c
    query = select(table.number).where(table.retracted == 0, *known(table, None))
    if topic:
        query = query.where(table.topic == topic)
    if speakers:
        query = query.where(table.speaker.in_(speakers))
    return list(conn.execute(query.order_by(table.number.desc()).limit(limit)).scalars())


def actors_coded_by(conn: Connection, handle: str) -> list[str]:
    """Return the ids of the actors that somebody recorded last, the latest first."""
    return list(dict.fromkeys(map(lanes_known(conn).of, _latest(conn, "speaker", handle))))


def topics_coded_by(conn: Connection, handle: str) -> list[str]:
    """Return the ids of the topics on which somebody recorded last, the latest first."""
    return list(dict.fromkeys(_latest(conn, "topic", handle)))


def _latest(conn: Connection, column: str, handle: str) -> list[str]:
    table = schema.statements
    query = select(table.c[column]).where(table.c.recorded_by == handle)
    query = query.order_by(table.c.number.desc()).limit(LATEST_OF_A_CODER)
    return list(conn.execute(query).scalars())


def quoted_answers(conn: Connection, topic: str, stance: int, limit: int) -> list[StatementEntry]:
    """Return the latest quoted statements with a stance on a topic, latest first."""
    query = _quoted(topic=topic, stance=stance, limit=limit)
    numbers = [int(number) for number in conn.execute(*query).scalars()]
    statements = entries.statements(conn, numbers)
    return [statements[number] for number in numbers if number in statements]


@prepared
def _quoted(*, topic: Param, stance: Param, limit: Param) -> Query:
    table = schema.statements
    clauses = table.c.topic == topic, table.c.stance == stance, table.c.retracted == 0
    latest = table.c.counts_from.desc(), table.c.number.desc()
    query = select(table.c.number, table.c.counts_from, table.c.attribution, table.c.withheld)
    query = query.where(*clauses, *known(table.c, None)).order_by(*latest).limit(LOOKED_AT)
    columns = query.subquery().c
    quoted = select(columns.number).where(columns.attribution == "quoted", columns.withheld == 0)
    return quoted.order_by(columns.counts_from.desc(), columns.number.desc()).limit(limit)


class BriefStatement(msgspec.Struct, frozen=True):
    """A statement without its words; ``speaker``, ``on_behalf_of`` and ``document`` are ids."""

    number: int
    counts_from: int
    stance: int | None
    retracted: bool
    speaker: str
    on_behalf_of: str | None
    document: str

    @property
    def actors(self) -> tuple[str, ...]:
        """The ids of the actors whose lanes it moves."""
        return tuple(filter(None, (self.speaker, self.on_behalf_of)))


def said_on(
    conn: Connection, topic: str, clocks: TwoClocks = NOW, *, since: int | None = None
) -> Mapping[int, BriefStatement]:
    """Return the statements of a topic by number, in its order, as known then.

    With ``since`` they are those that count from that instant on.
    """
    query = _said_on(topic=topic, since=since, **clocks.both)
    rows = conn.execute(*query).all()
    ids = texts_of(conn, {text_key for row in rows for text_key in row[4:] if text_key is not None})
    return {
        number: BriefStatement(
            number,
            counts_from,
            stance,
            bool(retracted),
            ids[speaker],
            None if behalf is None else ids[behalf],
            ids[document],
        )
        for number, counts_from, stance, retracted, speaker, behalf, document in rows
    }


@prepared
def _said_on(
    *, topic: Param, since: Param | None, as_of: Param | None, known_at: Param | None
) -> Query:
    columns = schema.statements.c
    query = select(
        columns.number,
        columns.counts_from,
        columns.stance,
        columns.retracted,
        key(columns.speaker),
        key(columns.on_behalf_of),
        key(columns.document),
    ).where(columns.topic == topic, columns.retracted < schema.HIDDEN, *known(columns, known_at))
    if since is not None:
        query = query.where(columns.counts_from >= since)
    return query.where(*up_to(columns.counts_from, as_of)).order_by(columns.number)
