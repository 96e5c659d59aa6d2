"""Actors and topics in alphabetical order, from any place on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row


def rows_by_name(
    conn: Connection, limit: int, *, of_topics: bool, beyond: str | None, back: bool
) -> Sequence[Row[Any]]:
    """Return at most ``limit`` rows after that of a slug; with ``back`` the last before it.

    An index leads there, so later rows cost no more than the first: one query for rows with the
    same words, one for those after. Raises `LookupError` if nothing has the slug.
    """
    way = {"of_topics": of_topics, "back": back}
    if beyond is None:
        rows = conn.execute(*_in_order(words=None, slug=None, most=limit, **way)).all()
        return rows[::-1] if back else rows
    words = conn.execute(*_words_of(of_topics=of_topics, slug=beyond)).scalar()
    if words is None:
        raise LookupError(beyond)
    following = [*conn.execute(*_in_order(words=words, slug=beyond, most=limit, **way))]
    left = limit - len(following)
    following += conn.execute(*_in_order(words=words, slug=None, most=left, **way))
    return following[::-1] if back else following


@prepared
def _words_of(*, of_topics: bool, slug: Param) -> Query:
    table, words = _words(of_topics=of_topics)
    return select(words).where(table.c.slug == slug)


@prepared
def _in_order(
    *, of_topics: bool, back: bool, words: Param | None, slug: Param | None, most: Param
) -> Query:
    """Select rows of the same words after a slug; without a slug, rows after the words."""
    table, written = _words(of_topics=of_topics)
    query: Query = select(table)
    if not of_topics:
        ranks = schema.actor_ranks.c
        query = query.where(select(ranks.actor).where(ranks.actor == table.c.id).exists())
    if slug is not None:
        query = query.where(written == words, table.c.slug < slug if back else table.c.slug > slug)
    elif words is not None:
        query = query.where(written < words if back else written > words)
    order = (written, table.c.slug) if slug is None else (table.c.slug,)
    return query.order_by(*(column.desc() if back else column for column in order)).limit(most)


def _words(*, of_topics: bool) -> tuple[Any, ColumnElement[str]]:
    table = schema.topics if of_topics else schema.actors
    return table, func.lower(table.c.question if of_topics else table.c.name)
