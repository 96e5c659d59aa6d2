"""What came into the record between two log positions, and which pages it concerns."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select, union_all

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lane_of

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 2_000
"""Positions that are looked at by one question."""


class Arrival(msgspec.Struct, frozen=True):
    """An entry that was recorded at a log position, or one that was amended there.

    ``topics``, ``stories`` and ``actors`` are the slugs of those whose pages it stands on: actors
    are the speaker and whom they spoke for, and those into whom these were merged.
    """

    position: int
    is_amendment: bool
    topics: tuple[str, ...]
    stories: tuple[str, ...]
    actors: tuple[str, ...]


def arrivals(conn: Connection, after: int, upto: int) -> Iterator[Arrival]:
    """Yield what was recorded, corrected, retracted or reinstated after a position, in order."""
    pages = _Pages(conn)
    while after < upto:
        stop = min(after + AT_ONCE, upto)
        told = [(position, position, False) for position in _entries(conn, after, stop)]
        told += [(position, number, True) for position, number in _amendments(conn, after, stop)]
        where = _where(conn, {number for _, number, _ in told})
        for position, number, is_amendment in sorted(told):
            yield pages.arrival(position, *where[number], is_amendment=is_amendment)
        after = stop


class _Pages:
    """The slugs of topics, their stories and actors, by id."""

    def __init__(self, conn: Connection) -> None:
        topics, stories, actors = schema.topics.c, schema.stories.c, schema.actors.c
        found = conn.execute(select(topics.id, topics.slug, topics.story))
        self._topics = {one.id: one for one in found}
        self._stories = _pairs(conn, stories.id, stories.slug)
        self._actors = _pairs(conn, actors.id, actors.slug)
        self._lanes = lane_of(conn)

    def arrival(
        self, position: int, topics: set[str], actors: set[str], *, is_amendment: bool
    ) -> Arrival:
        found = [self._topics[one] for one in topics if one in self._topics]
        stories = {self._stories[one.story] for one in found if one.story in self._stories}
        lanes = actors | {self._lanes[one] for one in actors if one in self._lanes}
        speaking = {self._actors[one] for one in lanes if one in self._actors}
        slugs = {one.slug for one in found}
        return Arrival(
            position, is_amendment, *(tuple(sorted(each)) for each in (slugs, stories, speaking))
        )


def _entries(conn: Connection, after: int, upto: int) -> list[int]:
    """Return the numbers of statements and developments that are new."""
    queries = [
        select(columns.number).where(
            columns.number > after, columns.number <= upto, *known(columns, None)
        )
        for columns in (schema.statements.c, schema.developments.c)
    ]
    return list(conn.execute(union_all(*queries)).scalars())


def _amendments(conn: Connection, after: int, upto: int) -> list[tuple[int, int]]:
    """Return position and entry of every correction, retraction and reinstatement."""
    columns = schema.amendments.c
    query = select(columns.position, columns.number).where(
        columns.position > after, columns.position <= upto
    )
    return [(position, number) for position, number in conn.execute(query)]


def _where(conn: Connection, numbers: set[int]) -> dict[int, tuple[set[str], set[str]]]:
    """Return the ids of topics and of actors of each of these entries."""
    found: dict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    said, borne = schema.statements.c, schema.bearings.c
    query = select(said.number, said.topic, said.speaker, said.on_behalf_of).where(
        said.number.in_(numbers), *known(said, None)
    )
    for number, topic, *speaking in conn.execute(query):
        found[number][0].add(topic)
        found[number][1].update(one for one in speaking if one)
    query = select(borne.number, borne.topic).where(borne.number.in_(numbers), *known(borne, None))
    for number, topic in conn.execute(query):
        found[number][0].add(topic)
    return found


def _pairs(conn: Connection, key: Any, value: Any) -> dict[str, str]:  # noqa: ANN401 - columns
    return {row[0]: row[1] for row in conn.execute(select(key, value))}
