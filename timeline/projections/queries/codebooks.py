"""The codebooks of topics, with every version, and the attributes of actors that they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, and_, func, select

from timeline.domain.codebook import Codebook
from timeline.domain.variables import OF_ACTORS, Variable
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_codebook = msgspec.json.Decoder(Codebook).decode


ASKS = '"variables":['
"""A part of the JSON of each codebook that asks for more than the stance."""


class CodebookVersion(msgspec.Struct, frozen=True):
    """One version, in force from the log position ``known_from`` on.

    ``recorded_at`` is in microseconds UTC; ``codebook`` is ``None`` where its words were erased.
    """

    version: int
    known_from: int
    recorded_at: int
    recorded_by: str
    codebook: Codebook | None


def codebooks(conn: Connection, topic: str, known_at: int | None = None) -> list[CodebookVersion]:
    """Return the versions of a topic's codebook, oldest first; ``topic`` is an id."""
    rows = conn.execute(*_codebooks(topic=topic, known_at=known_at))
    return [_version(*row) for row in rows]


def _version(version: int, position: int, at: int, by: str, words: str) -> CodebookVersion:
    return CodebookVersion(version, position, at, by, _codebook(words) if words else None)


@prepared
def _codebooks(*, topic: Param, known_at: Param | None) -> Query:
    table = schema.codebooks
    query = select(
        table.c.version, table.c.known_from, table.c.recorded_at, table.c.recorded_by, table.c.words
    )
    query = query.where(table.c.topic == topic, *up_to(table.c.known_from, known_at))
    return query.order_by(table.c.version)


def latest_codebook(conn: Connection, topic: str) -> CodebookVersion | None:
    """Return the codebook of a topic in force now, or ``None`` if there is none."""
    versions = codebooks(conn, topic)
    return versions[-1] if versions else None


def own_columns(conn: Connection, topic: str | None = None) -> list[str]:
    """Return the column names of the variables that any codebook, or one topic's, ever declared.

    They are in the order in which they were declared first.
    """
    return [*dict.fromkeys(variable.field for _, variable in declared_variables(conn, topic))]


def declared_variables(
    conn: Connection, topic: str | None = None
) -> Iterator[tuple[str, Variable]]:
    """Yield the variables that codebooks ever declared, with the ids of topics, oldest first."""
    table = schema.codebooks.c
    asking = table.words.contains(ASKS, autoescape=True)
    query = select(table.topic, table.words).where(asking, *equal(table.topic, topic))
    for of_topic, words in conn.execute(query.order_by(table.known_from)):
        yield from ((of_topic, variable) for variable in _codebook(words).variables)


def requested_attributes(conn: Connection) -> list[tuple[str, Variable]]:
    """Return the attributes that codebooks in force ask of actors, with the slugs of topics."""
    topics = schema.topics.c
    slugs = {row.id: row.slug for row in conn.execute(select(topics.id, topics.slug))}
    books = codebooks_asking(conn, OF_ACTORS)
    return [
        (slugs[topic], variable)
        for topic, book in books
        for variable in book.variables_of(OF_ACTORS).values()
    ]


def codebooks_asking(
    conn: Connection, of: str, topics: Collection[str] | None = None
) -> list[tuple[str, Codebook]]:
    """Return the codebooks in force that declare variables of statements, or of actors.

    Each comes with the id of its topic, the oldest first; ``topics`` are ids, ``None`` for all.
    """
    table = schema.codebooks.c
    latest = select(table.topic, func.max(table.known_from).label("known_from"))
    last = latest.group_by(table.topic).subquery("last")
    is_last = and_(table.topic == last.c.topic, table.known_from == last.c.known_from)
    query = select(table.topic, table.words).join_from(schema.codebooks, last, is_last)
    if topics is not None:
        query = query.where(table.topic.in_([*topics]))
    # Most codebooks declare none: those are not decoded.
    sign = '"is_attribute":true' if of == OF_ACTORS else ASKS
    query = query.where(table.words.contains(sign, autoescape=True))
    return [
        (topic, _codebook(words)) for topic, words in conn.execute(query.order_by(table.known_from))
    ]


def attributes_of(conn: Connection, actor: str, known_at: int | None = None) -> dict[str, str]:
    """Return the values of an actor's attributes, by the ids of attributes; ``actor`` is an id."""
    table = schema.actor_attributes.c
    query = select(table.attribute, table.value).where(
        table.actor == actor, *up_to(table.known_from, known_at)
    )
    rows = conn.execute(query.order_by(table.known_from))
    values = {row.attribute: row.value for row in rows}
    return {attribute: value for attribute, value in values.items() if value}


def in_force(versions: Sequence[CodebookVersion], position: int) -> int:
    """Return the codebook version in force at a log position, 0 for none."""
    return max(
        (version.version for version in versions if version.known_from <= position), default=0
    )
