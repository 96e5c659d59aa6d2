"""What was recorded between two log positions, and the pages that show it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, select, union_all

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table


class Arrival(msgspec.Struct, frozen=True):
    """A new entry, an amendment or a topic's new wording, recorded at a log position.

    ``topics``, ``stories`` and ``actors`` are the slugs of the pages that show it: actors are the
    speaker and whom they spoke for, and those into whom these were merged. ``entry`` is the number
    of the amended entry, which has a page of its own.
    """

    position: int
    is_amendment: bool
    topics: tuple[str, ...]
    stories: tuple[str, ...]
    actors: tuple[str, ...]
    entry: int | None = None


def arrivals(conn: Connection, after: int, upto: int) -> Iterator[Arrival]:
    """Yield new entries, amendments, replies and rewordings, in the order of the log.

    All of them between the two positions are held in memory.
    """
    rows = [(position, position, False) for position in _entries(conn, after, upto)]
    rows += [(position, number, True) for position, number in _amendments(conn, after, upto)]
    result = list(_entry_arrivals(conn, sorted(rows))) if rows else []
    result += _rewordings(conn, after, upto)
    yield from sorted(result, key=lambda arrival: arrival.position)


def _rewordings(conn: Connection, after: int, upto: int) -> Iterator[Arrival]:
    """Yield the topics whose question was reworded: their pages are amended."""
    columns = schema.wordings.c
    query = select(columns.known_from, columns.topic).where(
        columns.known_from > after, columns.known_from <= upto, columns.wording > 1
    )
    rows = [(position, topic) for position, topic in conn.execute(query)]
    topics = _topics(conn, {topic for _, topic in rows}) if rows else {}
    for position, topic in rows:
        if topic in topics:
            slug, story = topics[topic]
            yield Arrival(position, True, (slug,), (story,) if story else (), ())  # noqa: FBT003


def _entry_arrivals(conn: Connection, rows: list[tuple[int, int, bool]]) -> Iterator[Arrival]:
    where, into = _where(conn, {number for _, number, _ in rows}), lanes_known(conn)
    speaking = {actor for _, actors in where.values() for actor in actors}
    merged = {into.of(actor) for actor in speaking}
    actors = _slugs(conn, schema.actors, speaking | merged)
    topics = _topics(conn, {topic for on, _ in where.values() for topic in on})
    for position, number, is_amendment in rows:
        on, said_by = where[number]
        # A noun whose event was set aside has no page.
        pages = [topics[topic] for topic in on if topic in topics]
        lanes = said_by | {into.of(actor) for actor in said_by}
        yield Arrival(
            position,
            is_amendment,
            topics=tuple(sorted(slug for slug, _ in pages)),
            stories=tuple(sorted({story for _, story in pages if story})),
            actors=tuple(sorted(actors[lane] for lane in lanes if lane in actors)),
            entry=number if is_amendment else None,
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
    """Return position and entry of every correction, retraction, reinstatement and reply."""
    queries = [
        select(columns.position, columns.number).where(
            columns.position > after, columns.position <= upto
        )
        for columns in (schema.amendments.c, schema.replies.c)
    ]
    return [(position, number) for position, number in conn.execute(union_all(*queries))]


def _where(conn: Connection, numbers: set[int]) -> dict[int, tuple[set[str], set[str]]]:
    """Return the ids of topics and of actors, for each of these entries."""
    by_number: dict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    statements, bearings = schema.statements.c, schema.bearings.c
    query = select(
        statements.number, statements.topic, statements.speaker, statements.on_behalf_of
    ).where(statements.number.in_(numbers), *known(statements, None))
    for number, topic, *speaking in conn.execute(query):
        by_number[number][0].add(topic)
        by_number[number][1].update(actor for actor in speaking if actor)
    query = select(bearings.number, bearings.topic).where(
        bearings.number.in_(numbers), *known(bearings, None)
    )
    for number, topic in conn.execute(query):
        by_number[number][0].add(topic)
    return by_number


def _topics(conn: Connection, ids: set[str]) -> dict[str, tuple[str, str | None]]:
    """Return the slugs of topics, and of their stories."""
    topics, stories = schema.topics, schema.stories
    query = select(topics.c.id, topics.c.slug, stories.c.slug).select_from(
        topics.outerjoin(stories, stories.c.id == topics.c.story)
    )
    result = conn.execute(query.where(topics.c.id.in_(ids)))
    return {id_: (slug, story) for id_, slug, story in result}


def _slugs(conn: Connection, nouns: Table, ids: set[str]) -> dict[str, str]:
    query = select(nouns.c.id, nouns.c.slug).where(nouns.c.id.in_(ids))
    return {noun.id: noun.slug for noun in conn.execute(query)}
