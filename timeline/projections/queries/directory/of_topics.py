"""Queries for topics and stories: by slug, by id or by last change, with counts."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, select

from timeline.domain.errors import NotFound
from timeline.domain.lookalikes import look_alike
from timeline.domain.messages import InQuotes
from timeline.domain.naming import SLUG_LENGTH, slug_of
from timeline.domain.scales import SCALES, Scale
from timeline.domain.spelling import nearest
from timeline.domain.story import NO_SUCH_STORY
from timeline.domain.topic import NO_SUCH_TOPIC
from timeline.projections.queries.directory.by_name import rows_by_name
from timeline.projections.queries.translations import NO_TEXTS, Texts, language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal
from timeline.projections.tables.prepared import Param, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Table

    from timeline.domain.messages import Message

ACRONYMS = {"eu", "nato", "us", "un", "uk", "usa", "osce", "g7", "ai", "co2"}


class Topic(msgspec.Struct, frozen=True):
    """A topic as now worded; ``story`` is an id and ``statements`` counts the unretracted.

    It is shown under its slug if its words were erased.

    It was opened at the log position ``opened``, at ``opened_at`` in microseconds. ``moved`` is the
    instant of its last change of a position; ``usual_gap`` the median number of days between days
    with statements, ``None`` for fewer than two such days. ``lang`` is
    the language of its question, empty for that of the record.
    """

    id: str
    slug: str
    scale: Scale
    story: str | None
    succeeds: str | None
    wording: int
    question: str
    name: str
    closed: bool
    opened: int
    opened_at: int
    statements: int
    moved: int | None = None
    usual_gap: float | None = None
    lang: str = ""

    @property
    def label(self) -> str:
        """The short name for crumbs and cells; without one the question, or words of the slug."""
        if self.name:
            return self.name
        if self.slug == slug_of(self.question):
            return shorten(self.question.rstrip(" ?"), SLUG_LENGTH, placeholder=" …")
        return label_of(self.slug)


class Wording(msgspec.Struct, frozen=True):
    """One wording of a topic's question; ``known_from`` is a log position."""

    wording: int
    question: str
    reason: str
    known_from: int


class TopicCounts(msgspec.Struct, frozen=True):
    """Counts of topics, of those that moved, and of their unretracted statements."""

    topics: int
    moved: int
    statements: int


def label_of(slug: str) -> str:
    """Return a readable name for a slug: `eu-accession` is "EU accession"."""
    words = [word.upper() if word in ACRONYMS else word for word in slug.split("-")]
    return words[0][:1].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])


def topics(conn: Connection, *, story: str | None = None) -> list[Topic]:
    """Return all topics (of a story, given by id), oldest first."""
    table = schema.topics
    query = select(table).where(*equal(table.c.story, story)).order_by(table.c.opened)
    return _topics_of(conn, conn.execute(query).all())


def count_topics(conn: Connection) -> TopicCounts:
    """Count all topics."""
    return TopicCounts(*map(int, conn.execute(*_topic_counts()).one()))


@prepared
def _topic_counts() -> Query:
    columns = schema.topics.c
    said = func.coalesce(func.sum(columns.statements), 0)
    return select(func.count(), func.count(columns.moved), said).select_from(schema.topics)


def count_moved_since(conn: Connection, instant: int) -> int:
    """Count the topics that moved at an instant or later."""
    columns = schema.topics.c
    query = select(func.count()).select_from(schema.topics).where(columns.moved >= instant)
    return int(conn.execute(query).scalar_one())


def last_to_move(conn: Connection, limit: int, *, story: str | None = None) -> list[Topic]:
    """Return at most ``limit`` topics (of a story, an id) that moved, the last to move first."""
    rows = conn.execute(*_last_to_move(story=story, most=limit)).all()
    return _topics_of(conn, rows)


@prepared
def _last_to_move(*, story: Param | None, most: Param) -> Query:
    columns = schema.topics.c
    query: Query = select(schema.topics).where(
        columns.moved.is_not(None), *equal(columns.story, story)
    )
    return query.order_by(columns.moved.desc(), columns.opened).limit(most)


def unmoved(conn: Connection, limit: int, *, more_than: int = -1) -> list[Topic]:
    """Return at most ``limit`` topics without changes, the oldest first."""
    columns = schema.topics.c
    query = select(schema.topics).where(columns.moved.is_(None), columns.statements > more_than)
    rows = conn.execute(query.order_by(columns.opened).limit(limit)).all()
    return _topics_of(conn, rows)


def topics_by_name(
    conn: Connection, limit: int, *, beyond: str | None = None, back: bool = False
) -> list[Topic]:
    """Return at most ``limit`` topics by their questions, those after a slug.

    With ``back`` they are the last ones before it. Raises `LookupError` if nothing has the slug.
    """
    rows = rows_by_name(conn, schema.topics, limit, beyond=beyond, back=back)
    return _topics_of(conn, rows)


def topics_after(conn: Connection, slug: str, limit: int) -> list[Topic]:
    """Return at most ``limit`` topics by slug, those after one."""
    table = schema.topics
    query = select(table).where(table.c.slug > slug).order_by(table.c.slug).limit(limit)
    return _topics_of(conn, conn.execute(query).all())


def topic(conn: Connection, slug: str) -> Topic:
    """Return a topic; raises `NotFound` with the nearest slugs."""
    row = conn.execute(*_topic_called(slug=slug)).first()
    if row is None:
        raise _not_found(conn, schema.topics, NO_SUCH_TOPIC, "topic", slug)
    return _topics_of(conn, [row])[0]


@prepared
def _topic_called(*, slug: Param) -> Query:
    return select(schema.topics).where(schema.topics.c.slug == slug)


def topics_by_id(conn: Connection, ids: set[str] | None = None) -> dict[str, Topic]:
    """Return topics by id; all of them without ``ids``."""
    topics = _topics_of(conn, conn.execute(*_topics(ids=few(ids))).all())
    return {topic.id: topic for topic in topics if ids is None or topic.id in ids}


@prepared
def _topics(*, ids: Param | None) -> Query:
    query = select(schema.topics)
    return query if ids is None else query.where(schema.topics.c.id.in_(ids))


def successors(conn: Connection, topic_id: str) -> list[Topic]:
    """Return the topics that replaced a topic with another meaning, oldest first."""
    return _topics_of(conn, conn.execute(*_successors(topic=topic_id)).all())


@prepared
def _successors(*, topic: Param) -> Query:
    table = schema.topics
    return select(table).where(table.c.succeeds == topic).order_by(table.c.opened)


def wordings(conn: Connection, topic_id: str) -> list[Wording]:
    """Return the wordings of a topic's question, oldest first."""
    table = schema.wordings
    query = select(table.c.wording, table.c.question, table.c.reason, table.c.known_from)
    query = query.where(table.c.topic == topic_id).order_by(table.c.wording)
    return [Wording(*row) for row in conn.execute(query)]


def topic_lookalikes(conn: Connection, words: str) -> list[Topic]:
    """Return the topics whose question or name looks like this but is spelt differently."""
    if not words:
        return []
    return [
        topic
        for topic in topics(conn)
        if any(look_alike(of, words) for of in (topic.question, topic.name))
    ]


def _topics_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Topic]:
    texts, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    return [_topic(row, texts.get(row.id, NO_TEXTS), lang) for row in rows]


def _topic(row: Row[Any], texts: Texts, lang: str) -> Topic:
    return Topic(
        id=row.id,
        slug=row.slug,
        scale=SCALES[row.scale],
        story=row.story,
        succeeds=row.succeeds,
        wording=row.wording,
        question=texts.get(row.question, row.question) or row.slug,
        name=texts.get(row.name, row.name),
        closed=bool(row.closed),
        opened=row.opened,
        opened_at=row.opened_at,
        statements=row.statements,
        moved=row.moved,
        usual_gap=row.usual_gap,
        lang=lang if row.question in texts else "",
    )


class Story(msgspec.Struct, frozen=True):
    """A running story; ``sides`` holds ``(label, actor ids)`` in lane order.

    ``lang`` is the language of its title, empty for that of the record.
    """

    id: str
    slug: str
    title: str
    sides: tuple[tuple[str, tuple[str, ...]], ...]
    lang: str = ""


class StoryCounts(msgspec.Struct, frozen=True):
    """Counts of a story's topics and their unretracted statements, and its last change."""

    topics: int = 0
    statements: int = 0
    moved: int | None = None


def stories(conn: Connection) -> list[Story]:
    """Return all stories, oldest first."""
    return _stories_of(conn, conn.execute(*_stories()).all())


@prepared
def _stories() -> Query:
    return select(schema.stories).order_by(schema.stories.c.opened)


def stories_after(conn: Connection, slug: str, limit: int) -> list[Story]:
    """Return at most ``limit`` stories by slug, those after one."""
    table = schema.stories
    query = select(table).where(table.c.slug > slug).order_by(table.c.slug).limit(limit)
    return _stories_of(conn, conn.execute(query).all())


def story(conn: Connection, slug: str) -> Story:
    """Return a story; raises `NotFound` with the nearest slugs."""
    table = schema.stories
    row = conn.execute(select(table).where(table.c.slug == slug)).first()
    if row is None:
        raise _not_found(conn, table, NO_SUCH_STORY, "story", slug)
    return _stories_of(conn, [row])[0]


def _not_found(conn: Connection, table: Table, message: Message, field: str, slug: str) -> NotFound:
    """Return the error that names the nearest slugs of a table."""
    near = tuple(nearest(slug, conn.execute(select(table.c.slug)).scalars()))
    return NotFound(message, field=field, name=InQuotes(slug), nearest=near)


def count_topics_by_story(conn: Connection) -> dict[str, StoryCounts]:
    """Count the topics of each story, by its id; a story without topics is missing."""
    rows = conn.execute(*_topic_counts_by_story())
    return {row.story: StoryCounts(row.topics, int(row.statements), row.moved) for row in rows}


@prepared
def _topic_counts_by_story() -> Query:
    columns = schema.topics.c
    query = select(
        columns.story,
        func.count().label("topics"),
        func.sum(columns.statements).label("statements"),
        func.max(columns.moved).label("moved"),
    )
    return query.where(columns.story.is_not(None)).group_by(columns.story)


def _stories_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Story]:
    texts, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    return [_story(row, texts.get(row.id, NO_TEXTS), lang) for row in rows]


def _story(row: Row[Any], texts: Texts, lang: str) -> Story:
    sides = tuple(
        (texts.get(side["label"], side["label"]), tuple(side["actors"]))
        for side in msgspec.json.decode(row.sides)
    )
    title = texts.get(row.title, row.title)
    return Story(row.id, row.slug, title, sides, lang if row.title in texts else "")
