"""Stories by slug, and counts of what each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, select

from timeline.domain.errors import NotFound
from timeline.domain.messages import InQuotes
from timeline.domain.spelling import nearest
from timeline.domain.story import NO_SUCH_STORY
from timeline.projections.queries.translations import NO_TEXTS, Texts, language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Query, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row


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
        known = tuple(conn.execute(select(table.c.slug)).scalars())
        raise NotFound(
            NO_SUCH_STORY, field="story", name=InQuotes(slug), nearest=tuple(nearest(slug, known))
        )
    return _stories_of(conn, [row])[0]


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
