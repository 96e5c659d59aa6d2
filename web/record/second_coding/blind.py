"""A statement as a second coder sees it: the words of the source, and no reading of them.

Anything that is not named here stays hidden: number, stance, our summary, the first coder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from timeline.projections.queries.codebooks import codebooks
from web.entries.codebooks import CodebookView, view_codebook
from web.entries.sources import passage_of
from web.i18n import dates
from web.i18n.languages import direction, quoted
from web.shell.request import reader_language
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from timeline.desk.second_readings import Reading, Sample
    from timeline.domain.codebook import Codebook, Example
    from timeline.projections.queries.codebooks import CodebookVersion
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.second_coding.paragraphs import Paragraph
    from web.entries.views import PassageView


MARKS = " “”„“«»‘’\"'"
"""Characters around quoted words that are ignored."""


class BlindView(msgspec.Struct, frozen=True, kw_only=True):
    """All that a second coder sees of a statement.

    ``source_facts`` are the source's outlet, title and date, ``url`` is its address. With a
    ``paragraph``, the speaker, the day and the passage are hidden too.
    """

    paragraph: Paragraph | None = None
    speaker: str
    on_behalf_of: str
    said: str
    quote: str
    quote_lang: str
    quote_dir: str
    translation: str
    passage: PassageView | None
    source_facts: tuple[str, ...]
    url: str


def blind_view(conn: Connection, entry: StatementEntry) -> BlindView:
    """Return a statement without any reading of it."""
    names = Names(conn, [entry])
    document, words = names.document(entry.document), entry.words
    published = dates.said(document.published_at) if document.published_at else ""
    return BlindView(
        speaker=names.actor(entry.speaker).name,
        on_behalf_of=names.actor(entry.on_behalf_of).name if entry.on_behalf_of else "",
        said=dates.said(entry.said_at),
        quote=quoted(words.quote.exact, words.quote.lang) if words.quote else "",
        quote_lang=words.quote.lang if words.quote else "",
        quote_dir=direction(words.quote.lang) if words.quote else "ltr",
        translation=words.translation,
        passage=passage_of(entry, document),
        source_facts=tuple(filter(None, (document.outlet, document.title, published))),
        url=document.url,
    )


def blind_paragraph(conn: Connection, entry: StatementEntry, paragraph: Paragraph) -> BlindView:
    """Return the paragraph of a statement without any reading of it."""
    view = blind_view(conn, entry)
    hidden = dict.fromkeys(("speaker", "on_behalf_of", "said", "quote", "translation"), "")
    lang = Names(conn, [entry]).document(entry.document).lang
    return msgspec.structs.replace(
        view,
        **hidden,
        passage=None,
        paragraph=paragraph,
        quote_lang=lang,
        quote_dir=direction(lang),
    )


def shown_entry(conn: Connection, reading: Reading) -> StatementEntry | None:
    """Return the statement of a reading, or nothing if it may not be shown any more."""
    entry = entries.statements(conn, [reading.number]).get(reading.number)
    is_gone = entry is None or entry.retracted or entry.withheld
    return None if is_gone else entry


def topic_of(conn: Connection, sample: Sample) -> Topic:
    """Return the topic of a sample in the reader's language."""
    with reader_language():
        return directory.topics_by_id(conn, {sample.topic})[sample.topic]


def rules_for(
    conn: Connection, topic: Topic, entry: StatementEntry, unread: Collection[str]
) -> CodebookView | None:
    """Return the codebook of a topic without examples that are this statement.

    Statements that are still ``unread`` (ids) are left out as well.
    """
    versions = [version for version in codebooks(conn, topic.id) if version.codebook]
    return view_codebook(conn, topic, _without(versions[-1], entry, unread)) if versions else None


def _without(
    version: CodebookVersion, entry: StatementEntry, unread: Collection[str]
) -> CodebookVersion:
    """Return a version without the examples that show how a statement is coded."""
    book = version.codebook
    if book is None:
        return version
    return msgspec.structs.replace(version, codebook=_without_statement(book, entry, unread))


def _without_statement(book: Codebook, entry: StatementEntry, unread: Collection[str]) -> Codebook:
    quote, passage = entry.words.quote, entry.words.passage
    exact_words = [words.exact for words in (quote, passage) if words]

    def is_it(example: Example) -> bool:
        words = example.words.strip(MARKS)
        return example.statement in {entry.stream, *unread} or (
            bool(words) and any(words in exact or exact in words for exact in exact_words)
        )

    def others(cases: tuple[Example, ...]) -> tuple[Example, ...]:
        return tuple(example for example in cases if not is_it(example))

    guides = tuple(
        msgspec.structs.replace(
            guide, clear=others(guide.clear), borderline=others(guide.borderline)
        )
        for guide in book.stances
    )
    return msgspec.structs.replace(book, stances=guides)
