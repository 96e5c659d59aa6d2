"""Writes the search table: one row of stems for each topic, statement and development.

The database indexes the stems: FTS5 on SQLite, which keeps no copy of them, and GIN on PostgreSQL.
Stems are plain ASCII words, so both databases find the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select, text

from timeline.domain.instants import year_of
from timeline.domain.word_cache import cached_words
from timeline.projections.tables import schema
from timeline.projections.tables.rows import SearchRow
from timeline.projections.tables.stems import (
    SAME_WORDS,
    TOPIC,
    actor_word,
    question_word,
    stems,
    story_word,
    topic_word,
    year_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.statement import Words
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from timeline.projections.writing.batch import Batch

Translations = dict[str, list[tuple[str, str]]]
"""By stream, each text with its translations into any language."""

_FTS5 = (
    "CREATE VIRTUAL TABLE search USING fts5(stems, content='', contentless_delete=1,"
    " detail=none, tokenize='unicode61')"
)
_COMPACTING = "INSERT INTO search(search) VALUES ('optimize')"
_GIN = "CREATE INDEX search_index ON search USING gin (to_tsvector('simple', stems))"


def create_table(conn: Connection) -> None:
    """Create the search table."""
    if conn.dialect.name == "sqlite":
        conn.execute(text(_FTS5))
    else:
        schema.search.create(conn)


def create_index(conn: Connection) -> None:
    """Create the index, where the table is not its own index."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(_GIN))


def compact(conn: Connection) -> None:
    """Remove deleted rows from the index for good: else erased words would stay in it."""
    if conn.dialect.name == "sqlite":
        conn.execute(text(_COMPACTING))


def find_statement(
    batch: Batch, row: StatementEntry, words: Words, translated: Iterable[str] = ()
) -> None:
    """Index a statement by its words, their translations, its speakers, its topic and year."""
    names = [
        *map(actor_word, _speakers(row)),
        topic_word(row.topic),
        year_word(year_of(row.counts_from)),
    ]
    texts = () if row.withheld else (*_texts(words), *translated)
    batch.add(schema.search, _row(row.number, names, texts))


def find_development(batch: Batch, row: DevelopmentEntry, translated: Iterable[str] = ()) -> None:
    """Index a development by its words, its topics, who says so, and its year."""
    names = [*map(topic_word, row.topics), year_word(year_of(row.counts_from))]
    if row.according_to:
        names.append(actor_word(row.according_to))
    words = () if row.withheld else (row.title, row.summary, *translated)
    batch.add(schema.search, _row(row.number, names, words))


def find_topic(batch: Batch, topic: str) -> None:
    """Index a topic by its current question, its name and its story."""
    batch.flush()
    topics, stories = schema.topics, schema.stories
    query = (
        select(topics.c.opened, topics.c.question, topics.c.name, topics.c.slug, stories.c.title)
        .join_from(topics, stories, stories.c.id == topics.c.story, isouter=True)
        .where(topics.c.id == topic)
    )
    opened, *words, story = batch.conn.execute(query).one()
    translations = translations_of(batch, [topic]).get(topic, ())
    words += [text for original, text in translations if original in words]
    forget(batch, [opened])
    question, title = [*filter(None, words)], [*filter(None, [story])]
    names = [TOPIC, *map(question_word, _stems(*question)), *map(story_word, _stems(*title))]
    batch.add(schema.search, _row(opened, names, [*question, *title]))


def translations_of(batch: Batch, streams: Sequence[str]) -> Translations:
    """Return all translations of these streams."""
    batch.flush()
    table = schema.translations
    query = select(table.c.stream, table.c.original, table.c.text).where(
        table.c.stream.in_(streams)
    )
    translations: Translations = {}
    query = query.order_by(table.c.stream, table.c.lang, table.c.original)
    for stream, original, translation in batch.conn.execute(query):
        translations.setdefault(stream, []).append((original, translation))
    return translations


def forget(batch: Batch, numbers: Sequence[int]) -> None:
    """Delete the rows of these entries."""
    table = schema.search
    batch.conn.execute(delete(table).where(table.c.rowid.in_(numbers)))


def _row(number: int, names: Iterable[str], words: Iterable[str]) -> SearchRow:
    return SearchRow(number, " ".join([*names, *_stems(*words)]))


@cached_words(SAME_WORDS)
def _stems(*words: str) -> tuple[str, ...]:
    return tuple(stems(*words))


def _speakers(row: StatementEntry) -> tuple[str, ...]:
    return (row.speaker,) if row.on_behalf_of is None else (row.speaker, row.on_behalf_of)


def _texts(words: Words) -> Iterable[str]:
    quote = words.quote.exact if words.quote else ""
    passage = words.passage.exact if words.passage else ""
    said = (quote, words.translation, words.paraphrase, words.condition, words.asked)
    return filter(None, (*said, words.reported_via, passage))
