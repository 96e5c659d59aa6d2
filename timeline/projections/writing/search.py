"""What the search finds: one row of stems for each topic, statement and development.

The index over the stems is the database's own: FTS5 on SQLite, which keeps no copy of them, and GIN
on PostgreSQL. Stems are plain ASCII words, so both cut them alike and find the same.
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
"""By stream, each text with its translations into whatever language."""

_FTS5 = (
    "CREATE VIRTUAL TABLE search USING fts5(stems, content='', contentless_delete=1,"
    " detail=none, tokenize='unicode61')"
)
_COMPACTING = "INSERT INTO search(search) VALUES ('optimize')"
_GIN = "CREATE INDEX search_index ON search USING gin (to_tsvector('simple', stems))"


def create_table(conn: Connection) -> None:
    """Make room for what the search finds."""
    if conn.dialect.name == "sqlite":
        conn.execute(text(_FTS5))
    else:
        schema.search.create(conn)


def create_index(conn: Connection) -> None:
    """Index what there is, where the table is not its own index."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(_GIN))


def compact(conn: Connection) -> None:
    """Drop from the index what is not found any more: without it, erased words would live on."""
    if conn.dialect.name == "sqlite":
        conn.execute(text(_COMPACTING))


def find_statement(
    batch: Batch, row: StatementEntry, words: Words, translated: Iterable[str] = ()
) -> None:
    """Let a statement be found by its words, also in translation, its speakers and its topic."""
    names = [
        *map(actor_word, _speakers(row)),
        topic_word(row.topic),
        year_word(year_of(row.counts_from)),
    ]
    said = () if row.withheld else (*_said(words), *translated)
    batch.add(schema.search, _row(row.number, names, said))


def find_development(batch: Batch, row: DevelopmentEntry, translated: Iterable[str] = ()) -> None:
    """Let a development be found by its title, its topics and who says so."""
    names = [*map(topic_word, row.topics), year_word(year_of(row.counts_from))]
    if row.according_to:
        names.append(actor_word(row.according_to))
    words = () if row.withheld else (row.title, row.summary, *translated)
    batch.add(schema.search, _row(row.number, names, words))


def find_topic(batch: Batch, topic: str) -> None:
    """Let a topic be found by its question as now worded, its name and its story."""
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
    asked, title = [*filter(None, words)], [*filter(None, [story])]
    names = [TOPIC, *map(question_word, _stems(*asked)), *map(story_word, _stems(*title))]
    batch.add(schema.search, _row(opened, names, [*asked, *title]))


def translations_of(batch: Batch, streams: Sequence[str]) -> Translations:
    """Return what these streams were translated into."""
    batch.flush()
    table = schema.translations
    query = select(table.c.stream, table.c.original, table.c.text).where(
        table.c.stream.in_(streams)
    )
    found: Translations = {}
    query = query.order_by(table.c.stream, table.c.lang, table.c.original)
    for stream, original, translation in batch.conn.execute(query):
        found.setdefault(stream, []).append((original, translation))
    return found


def forget(batch: Batch, numbers: Sequence[int]) -> None:
    """Find these no longer, or by other words from now on."""
    table = schema.search
    batch.conn.execute(delete(table).where(table.c.rowid.in_(numbers)))


def _row(number: int, names: Iterable[str], words: Iterable[str]) -> SearchRow:
    return SearchRow(number, " ".join([*names, *_stems(*words)]))


@cached_words(SAME_WORDS)
def _stems(*words: str) -> tuple[str, ...]:
    return tuple(stems(*words))


def _speakers(row: StatementEntry) -> tuple[str, ...]:
    return (row.speaker,) if row.on_behalf_of is None else (row.speaker, row.on_behalf_of)


def _said(words: Words) -> Iterable[str]:
    quote = words.quote.exact if words.quote else ""
    passage = words.passage.exact if words.passage else ""
    said = (quote, words.translation, words.paraphrase, words.condition, words.asked)
    return filter(None, (*said, words.reported_via, passage))
