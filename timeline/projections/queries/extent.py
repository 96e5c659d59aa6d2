"""How much is on record on a topic, over what time, and how much came lately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, case, exists, func, not_, or_, select

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lane_of, spoken_on
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection


class Facts(msgspec.Struct, frozen=True):
    """How much is on record on a topic; who only speaks for somebody else is no further actor."""

    actors: int
    statements: int
    developments: int
    sources: int
    retracted: int

    @property
    def is_empty(self) -> bool:
        """Tell whether no entry is on record, not even one that is retracted."""
        return not (self.statements or self.retracted or self.developments)


def facts(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> Facts:
    """Count what is on record on a topic; retracted statements are counted apart."""
    here = {"topic": topic, **clocks.both}
    said = _said_now(topic=topic) if clocks.is_now else _said_then(**here)
    statements, sources, retracted = conn.execute(*said).one()
    return Facts(
        actors=len(taking_part(conn, topic, clocks)),
        statements=int(statements),
        developments=int(conn.execute(*_happened(**here)).scalar_one()),
        sources=int(sources),
        retracted=int(retracted),
    )


@prepared
def _happened(*, topic: Given, as_of: Given | None, known_at: Given | None) -> Query:
    bearings = schema.bearings
    there = [bearings.c.topic == topic, bearings.c.retracted == 0, *known(bearings.c, known_at)]
    if as_of is not None:
        there.append(bearings.c.counts_from <= as_of)
    return select(func.count(bearings.c.number.distinct())).where(*there)


def statements_then(
    conn: Connection, topics: Collection[str], clocks: TwoClocks = NOW
) -> dict[str, int]:
    """Count the statements that stood at a moment, by topic; one without any is not among them."""
    columns = schema.statements.c
    stood = [columns.topic.in_(topics), columns.retracted == 0, *known(columns, clocks.known_at)]
    if clocks.as_of is not None:
        stood.append(columns.counts_from <= clocks.as_of)
    query = select(columns.topic, func.count()).where(*stood).group_by(columns.topic)
    return {topic: int(count) for topic, count in conn.execute(query)}


def taking_part(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> set[str]:
    """Return the lanes of those for whom something was said that is not retracted.

    Whoever only spoke for somebody else is not among them.
    """
    spoke = conn.execute(*_speaking(topic=topic, **clocks.both)).scalars()
    into = lane_of(conn, clocks.known_at)
    return {into.get(actor, actor) for actor in spoke}


@prepared
def _speaking(*, topic: Given, as_of: Given | None, known_at: Given | None) -> Query:
    readings, statements = schema.readings, schema.statements
    keys = spoken_on(topic)
    for_another = exists().where(
        statements.c.number == readings.c.number,
        statements.c.on_behalf_of.is_not(None),
        *known(statements.c, known_at),
    )
    own = [
        readings.c.topic == keys.c.topic,
        readings.c.actor == keys.c.actor,
        readings.c.retracted == 0,
        *known(readings.c, known_at),
        or_(readings.c.speaker.is_not(None), not_(for_another)),
    ]
    if as_of is not None:
        own.append(readings.c.counts_from <= as_of)
    return select(keys.c.actor).where(exists().where(*own))


def span(conn: Connection, topic: str) -> tuple[int, int] | None:
    """Return the first and last instant of what is on record on a topic, as known now."""
    found = [int(end) for end in conn.execute(*_ends(topic=topic)).one() if end is not None]
    return (min(found), max(found)) if found else None


@prepared
def _ends(*, topic: Given) -> Query:
    # One end at a time is read off the index.
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
    found = conn.execute(*_last_words(topic=topic, known_at=known_at)).scalar()
    return None if found is None else int(found)


@prepared
def _last_words(*, topic: Given, known_at: Given) -> Query:
    columns = schema.statements.c
    stands = columns.topic == topic, columns.retracted == 0, *known(columns, known_at)
    return select(func.max(columns.counts_from)).where(*stands)


def count_after(conn: Connection, topic: str, position: int) -> int:
    """Count the statements and developments that were recorded after a log position."""
    asked = (_after(of_statements=one, topic=topic, position=position) for one in (True, False))
    return sum(int(conn.execute(*one).scalar_one()) for one in asked)


@prepared
def _after(*, of_statements: bool, topic: Given, position: Given) -> Query:
    columns: Any = (schema.statements if of_statements else schema.bearings).c
    return select(func.count(columns.number.distinct())).where(
        columns.topic == topic,
        columns.number > position,
        # True of all of them, and what the index of a topic is in the order of.
        columns.known_from > position,
        *known(columns, None),
    )


def amended_after(conn: Connection, topic: str, position: int) -> dict[str, int]:
    """Count corrections and retractions of a topic's statements after a log position."""
    table, told = schema.statements, schema.amendments
    # Few were amended lately, many are of the topic: it is asked of each of the few.
    its_topic = select(table.c.topic).where(table.c.number == told.c.number, *known(table.c, None))
    query = (
        select(told.c.kind, func.count())
        .where(told.c.position > position, its_topic.scalar_subquery() == topic)
        .group_by(told.c.kind)
    )
    return {kind: int(count) for kind, count in conn.execute(query)}


def amended_since(conn: Connection, topic: str, position: int) -> dict[str, int]:
    """Count by kind what was amended after a log position of the entries that were there by then.

    Kinds are ``corrected``, ``retracted`` and ``reinstated``; developments count as well.
    """
    told = schema.amendments
    # Few were amended since, many are of the topic: it is asked of each of the few.
    here = or_(
        *(
            exists().where(table.c.number == told.c.number, table.c.topic == topic)
            for table in (schema.statements, schema.bearings)
        )
    )
    query = (
        select(told.c.kind, func.count())
        .where(told.c.position > position, told.c.number <= position, here)
        .group_by(told.c.kind)
    )
    return {kind: int(count) for kind, count in conn.execute(query)}


@prepared
def _said_now(*, topic: Given) -> Query:
    table, sources = schema.topics, schema.topic_sources
    counted = select(func.count()).where(sources.c.topic == topic).scalar_subquery()
    return select(table.c.statements, counted, table.c.retracted).where(table.c.id == topic)


@prepared
def _said_then(*, topic: Given, as_of: Given | None, known_at: Given | None) -> Query:
    table = schema.statements
    here = [table.c.topic == topic, *known(table.c, known_at)]
    if as_of is not None:
        here.append(table.c.counts_from <= as_of)
    standing = case((table.c.retracted == 0, table.c.document))
    return select(
        func.count(standing), func.count(standing.distinct()), func.count() - func.count(standing)
    ).where(*here)
