"""How much is on record on a topic, over what time, and how much came lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Table, case, exists, func, not_, or_, select

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known, spoken_on, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection


class Facts(msgspec.Struct, frozen=True):
    """How much is on record on a topic; people who only speak for others are not counted."""

    actors: int
    statements: int
    developments: int
    sources: int
    retracted: int

    @property
    def is_empty(self) -> bool:
        """Tell whether no entry is on record, not even a retracted one."""
        return not (self.statements or self.retracted or self.developments)


def facts(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> Facts:
    """Count what is on record on a topic; retracted statements are counted apart."""
    here = {"topic": topic, **clocks.both}
    counts = _said_now(topic=topic) if clocks.is_now else _said_then(**here)
    statements, sources, retracted = conn.execute(*counts).one()
    return Facts(
        actors=len(taking_part(conn, topic, clocks)),
        statements=int(statements),
        developments=int(conn.execute(*_happened(**here)).scalar_one()),
        sources=int(sources),
        retracted=int(retracted),
    )


@prepared
def _happened(*, topic: Param, as_of: Param | None, known_at: Param | None) -> Query:
    bearings = schema.bearings
    there = bearings.c.topic == topic, bearings.c.retracted == 0, *known(bearings.c, known_at)
    query = select(func.count(bearings.c.number.distinct()))
    return query.where(*there, *up_to(bearings.c.counts_from, as_of))


def statements_then(
    conn: Connection, topics: Collection[str], clocks: TwoClocks = NOW
) -> dict[str, int]:
    """Count the statements that stood at a moment, by topic; topics without any are missing."""
    columns = schema.statements.c
    said = up_to(columns.counts_from, clocks.as_of)
    stands = columns.topic.in_(topics), columns.retracted == 0, *known(columns, clocks.known_at)
    query = select(columns.topic, func.count()).where(*stands, *said).group_by(columns.topic)
    return {topic: int(count) for topic, count in conn.execute(query)}


def taking_part(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> set[str]:
    """Return the lanes that have a statement of their own that is not retracted.

    Lanes of people who only spoke for others are not among them.
    """
    spoke = conn.execute(*_speaking(topic=topic, **clocks.both)).scalars()
    into = lanes_known(conn, clocks.known_at)
    return {into.of(actor) for actor in spoke}


@prepared
def _speaking(*, topic: Param, as_of: Param | None, known_at: Param | None) -> Query:
    readings, statements = schema.readings, schema.statements
    keys = spoken_on(topic)
    for_another = exists().where(
        statements.c.number == readings.c.number,
        statements.c.on_behalf_of.is_not(None),
        *known(statements.c, known_at),
    )
    own = (
        readings.c.topic == keys.c.topic,
        readings.c.actor == keys.c.actor,
        readings.c.retracted == 0,
        *known(readings.c, known_at),
        or_(readings.c.speaker.is_not(None), not_(for_another)),
        *up_to(readings.c.counts_from, as_of),
    )
    return select(keys.c.actor).where(exists().where(*own))


def span(conn: Connection, topic: str) -> tuple[int, int] | None:
    """Return the first and last instant of what is on record on a topic, as known now."""
    ends = [int(end) for end in conn.execute(*_ends(topic=topic)).one() if end is not None]
    return (min(ends), max(ends)) if ends else None


@prepared
def _ends(*, topic: Param) -> Query:
    # Asked apart, each end is one step down the index.
    return select(
        *(
            select(end(table.c.counts_from))
            .where(table.c.topic == topic, *known(table.c, None))
            .scalar_subquery()
            for table in (schema.statements, schema.bearings)
            for end in (func.min, func.max)
        )
    )


def last_words(conn: Connection, topic: str, known_at: int) -> int | None:
    """Return the instant of the last words on a topic that stood at a log position."""
    instant = conn.execute(*_last_words(topic=topic, known_at=known_at)).scalar()
    return None if instant is None else int(instant)


@prepared
def _last_words(*, topic: Param, known_at: Param) -> Query:
    columns = schema.statements.c
    stands = columns.topic == topic, columns.retracted == 0, *known(columns, known_at)
    return select(func.max(columns.counts_from)).where(*stands)


def count_after(conn: Connection, topic: str, position: int) -> int:
    """Count the statements and developments that were recorded after a log position."""
    return sum(
        int(conn.execute(*_after(table=table, topic=topic, position=position)).scalar_one())
        for table in (schema.statements, schema.bearings)
    )


@prepared
def _after(*, table: Table, topic: Param, position: Param) -> Query:
    columns = table.c
    return select(func.count(columns.number.distinct())).where(
        columns.topic == topic,
        columns.number > position,
        # True of all of them, and the order of the topic's index.
        columns.known_from > position,
        *known(columns, None),
    )


def amended_after(conn: Connection, topic: str, position: int) -> dict[str, int]:
    """Count corrections and retractions of a topic's statements after a log position."""
    table, amendments = schema.statements, schema.amendments
    # Few entries were amended lately: asking each for its topic is quicker.
    its_number = table.c.number == amendments.c.number
    its_topic = select(table.c.topic).where(its_number, *known(table.c, None))
    query = (
        select(amendments.c.kind, func.count())
        .where(amendments.c.position > position, its_topic.scalar_subquery() == topic)
        .group_by(amendments.c.kind)
    )
    return {kind: int(count) for kind, count in conn.execute(query)}


def amended_since(conn: Connection, topic: str, position: int) -> dict[str, int]:
    """Count by kind the later amendments of entries on record at a log position.

    Kinds are ``corrected``, ``retracted`` and ``reinstated``; developments count as well.
    """
    amendments = schema.amendments
    # Few entries were amended since: asking each for its topic is quicker.
    here = or_(
        *(
            exists().where(table.c.number == amendments.c.number, table.c.topic == topic)
            for table in (schema.statements, schema.bearings)
        )
    )
    query = (
        select(amendments.c.kind, func.count())
        .where(amendments.c.position > position, amendments.c.number <= position, here)
        .group_by(amendments.c.kind)
    )
    return {kind: int(count) for kind, count in conn.execute(query)}


@prepared
def _said_now(*, topic: Param) -> Query:
    table, sources = schema.topics, schema.topic_sources
    counted = select(func.count()).where(sources.c.topic == topic).scalar_subquery()
    return select(table.c.statements, counted, table.c.retracted).where(table.c.id == topic)


@prepared
def _said_then(*, topic: Param, as_of: Param | None, known_at: Param | None) -> Query:
    table = schema.statements
    here = table.c.topic == topic, *known(table.c, known_at), *up_to(table.c.counts_from, as_of)
    standing = case((table.c.retracted == 0, table.c.document))
    return select(
        func.count(standing), func.count(standing.distinct()), func.count() - func.count(standing)
    ).where(*here)
