"""Actors and topics in alphabetical order, from any place on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, or_, select

from timeline.projections.queries.translations import language_of
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row


def rows_by_name(
    conn: Connection, table: Table, limit: int, *, beyond: str | None, back: bool
) -> Sequence[Row[Any]]:
    """Return at most ``limit`` rows after that of a slug; with ``back`` the last before it.

    They are sorted in the connection's language. An index leads there, so later rows cost no more
    than the first: one query for rows with the same words, one for those after. Raises
    `LookupError` if nothing has the slug.
    """
    way = {"table": table, "back": back, "lang": language_of(conn)}
    if beyond is None:
        rows = conn.execute(*_in_order(words=None, slug=None, most=limit, **way)).all()
        return rows[::-1] if back else rows
    words = conn.execute(*_words_of(table=table, lang=way["lang"], slug=beyond)).scalar()
    if words is None:
        raise LookupError(beyond)
    following = [*conn.execute(*_in_order(words=words, slug=beyond, most=limit, **way))]
    left = limit - len(following)
    following += conn.execute(*_in_order(words=words, slug=None, most=left, **way))
    return following[::-1] if back else following


@prepared
def _words_of(*, table: Table, lang: Param, slug: Param) -> Query:
    columns = schema.alphabet.c
    return select(columns.words).where(*_read_in(lang, table), columns.slug == slug)


@prepared
def _in_order(
    *,
    table: Table,
    back: bool,
    lang: Param,
    words: Param | None,
    slug: Param | None,
    most: Param,
) -> Query:
    """Select rows of the same words after a slug; without a slug, rows after the words."""
    columns = schema.alphabet.c
    query: Query = select(table).join(schema.alphabet, columns.id == table.c.id)
    query = query.where(*_read_in(lang, table))
    if table is schema.actors:
        ranks = schema.actor_ranks.c
        query = query.where(select(ranks.actor).where(ranks.actor == table.c.id).exists())
    if slug is not None:
        after = columns.slug < slug if back else columns.slug > slug
        query = query.where(columns.words == words, after)
    elif words is not None:
        query = query.where(columns.words < words if back else columns.words > words)
    order = (columns.words, columns.slug) if slug is None else (columns.slug,)
    return query.order_by(*(column.desc() if back else column for column in order)).limit(most)


def _read_in(lang: Param, table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the row of a language, else for that of the recorded words."""
    columns, translated = schema.alphabet.c, schema.alphabet.alias().c
    in_lang = select(translated.id).where(translated.id == columns.id, translated.lang == lang)
    recorded = (columns.lang == "") & ~in_lang.exists()
    return columns.kind == table.name, or_(columns.lang == lang, recorded)
