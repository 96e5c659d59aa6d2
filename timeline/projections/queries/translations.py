"""Translations of the newsroom's own words.

A connection may have a language to read in; without one, words are as they were recorded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Param, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

OPTION = "standline_language"
"""The execution option of a connection that names the language it reads in."""

Texts = dict[str, str]
"""Translated texts under the originals."""

NO_TEXTS: Texts = {}


def reading_in(conn: Connection, lang: str) -> Connection:
    """Make a connection read translations in a language (a code such as ``de``)."""
    return conn.execution_options(**{OPTION: lang})


@contextmanager
def reading(conn: Connection, lang: str) -> Iterator[None]:
    """Make a connection read in another language within a block."""
    before = language_of(conn)
    reading_in(conn, lang)
    try:
        yield
    finally:
        reading_in(conn, before)


def language_of(conn: Connection) -> str:
    """Return the language that a connection reads in; empty for that of the record."""
    return str(conn.get_execution_options().get(OPTION, ""))


def translations(conn: Connection, streams: Collection[str] | None = None) -> dict[str, Texts]:
    """Return translations of these streams (or of all) in the connection's language."""
    lang = language_of(conn)
    if not lang or (streams is not None and not streams):
        return {}
    texts: dict[str, Texts] = {}
    for stream, original, text in conn.execute(*_translations(lang=lang, streams=few(streams))):
        texts.setdefault(stream, {})[original] = text
    return texts


def texts_in_every_language(
    conn: Connection, streams: Collection[str]
) -> dict[str, dict[str, Texts]]:
    """Return the translations of these streams, by original and language."""
    table = schema.translations.c
    query = select(table.stream, table.original, table.lang, table.text)
    query = query.where(table.stream.in_(streams)).order_by(table.lang)
    texts: dict[str, dict[str, Texts]] = {}
    for stream, original, lang, text in conn.execute(query) if streams else ():
        texts.setdefault(stream, {}).setdefault(original, {})[lang] = text
    return texts


def languages(conn: Connection) -> list[str]:
    """Return the languages of all translations, sorted."""
    return [lang for (lang,) in conn.execute(*_languages())]


@prepared
def _languages() -> Query:
    lang = schema.translations.c.lang
    return select(lang).distinct().order_by(lang)


@prepared
def _translations(*, lang: Param, streams: Param | None) -> Query:
    table = schema.translations
    query = select(table.c.stream, table.c.original, table.c.text).where(table.c.lang == lang)
    return query if streams is None else query.where(table.c.stream.in_(streams))
