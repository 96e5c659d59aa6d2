"""Our words in the reader's language, where somebody has put them into it.

A connection reads in a language once it was told so; without, words stand as they were recorded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

OPTION = "standline_language"
"""The execution option of a connection that names the language it reads in."""

Texts = dict[str, str]
"""Translated texts under the originals."""

NONE: Texts = {}


def reading_in(conn: Connection, lang: str) -> Connection:
    """Let a connection give words in a language (a code such as ``de``) where they are in it."""
    return conn.execution_options(**{OPTION: lang})


@contextmanager
def reading(conn: Connection, lang: str) -> Iterator[None]:
    """Let a connection read in another language for the length of a block."""
    before = language_of(conn)
    reading_in(conn, lang)
    try:
        yield
    finally:
        reading_in(conn, before)


def language_of(conn: Connection) -> str:
    """Return the language that a connection reads in; empty for that of the record itself."""
    return str(conn.get_execution_options().get(OPTION, ""))


def translations(conn: Connection, streams: Collection[str] | None = None) -> dict[str, Texts]:
    """Return the translated texts of these streams (or of all) in the connection's language."""
    lang = language_of(conn)
    if not lang or (streams is not None and not streams):
        return {}
    found: dict[str, Texts] = {}
    for stream, original, text in conn.execute(*_translations(lang=lang, streams=few(streams))):
        found.setdefault(stream, {})[original] = text
    return found


def texts_in_every_language(
    conn: Connection, streams: Collection[str]
) -> dict[str, dict[str, Texts]]:
    """Return the texts of these streams by language, under the originals."""
    table = schema.translations.c
    asked = select(table.stream, table.original, table.lang, table.text)
    asked = asked.where(table.stream.in_(streams)).order_by(table.lang)
    found: dict[str, dict[str, Texts]] = {}
    for stream, original, lang, text in conn.execute(asked) if streams else ():
        found.setdefault(stream, {}).setdefault(original, {})[lang] = text
    return found


def languages(conn: Connection) -> list[str]:
    """Return the languages that some words of the record are translated into, in their order."""
    return [lang for (lang,) in conn.execute(*_languages())]


@prepared
def _languages() -> Query:
    lang = schema.translations.c.lang
    return select(lang).distinct().order_by(lang)


@prepared
def _translations(*, lang: Given, streams: Given | None) -> Query:
    table = schema.translations
    query = select(table.c.stream, table.c.original, table.c.text).where(table.c.lang == lang)
    return query if streams is None else query.where(table.c.stream.in_(streams))
