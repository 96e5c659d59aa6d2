"""Writes the words by which lists sort topics and actors, in every language that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from timeline.domain.spelling import sorting_key
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from timeline.projections.writing.batch import Batch


def sort_renamed(batch: Batch) -> None:
    """Write the rows of the topics and actors whose words, or translations, a batch changed."""
    if batch.renamed:
        table = schema.alphabet
        batch.conn.execute(delete(table).where(table.c.id.in_(sorted(batch.renamed))))
        _write(batch, schema.topics, schema.topics.c.question)
        _write(batch, schema.actors, schema.actors.c.name)
        batch.flush()
        batch.renamed.clear()


def _write(batch: Batch, table: Table, words: ColumnElement[str]) -> None:
    ids = sorted(batch.renamed)
    said = schema.translations.c
    translations = select(said.stream, said.original, said.lang, said.text)
    by_original: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for stream, original, lang, text in batch.conn.execute(
        translations.where(said.stream.in_(ids))
    ):
        by_original.setdefault((stream, original), []).append((lang, text))
    named = select(table.c.id, table.c.slug, words.label("words")).where(table.c.id.in_(ids))
    for row in batch.conn.execute(named).all():
        for lang, text in (("", row.words), *by_original.get((row.id, row.words), ())):
            key = sorting_key(text or row.slug)
            batch.add(schema.alphabet, (row.id, lang, table.name, key, row.slug))
