"""What a sentence about a statement needs: names, dates and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import attached, directory, entries
from timeline.projections.queries.translations import reading
from web.i18n.languages import LANGUAGES
from web.i18n.translate import speaking
from web.wording.change_sentences import ChangeSentence, ChangeWriter
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.projections.queries.attached import Source
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange


class StatementFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with what a sentence about it needs: names, topic, and source.

    ``url`` is the source's address, ``link`` is the address of our record.
    """

    entry: StatementEntry
    topic: Topic
    speaker: Actor
    behalf: Actor | None
    outlet: str
    published_at: str
    url: str
    via: str
    link: str


class SentenceFacts(msgspec.Struct, frozen=True):
    """What sentences in one language need; ``is_own`` for the language of the record.

    ``names`` knows what was asked for, ``told`` has the sentences of changes.
    """

    lang: str
    is_own: bool
    statements: dict[int, StatementFacts]
    names: Names
    told: dict[LaneChange, ChangeSentence]

    def has(self, *nouns: Topic | Actor | None) -> bool:
        """Tell whether these have names in the language; names of people are the same in all."""
        return self.is_own or all(
            noun is None or noun.lang or getattr(noun, "kind", "") == "person" for noun in nouns
        )

    def has_words(self, numbers: Iterable[int]) -> bool:
        """Tell whether the necessary texts of these statements are in the language."""
        return all(
            self._has_words(self.statements[number])
            for number in numbers
            if number in self.statements
        )

    def _has_words(self, statement: StatementFacts) -> bool:
        words = {
            "condition": statement.entry.words.condition,
            "reported_via": statement.entry.words.reported_via,
        }
        translated = all(
            field in statement.entry.translated for field, text in words.items() if text
        )
        return self.has(statement.topic, statement.speaker, statement.behalf) and (
            self.is_own or translated
        )


def sentence_facts(
    conn: Connection,
    numbers: Collection[int],
    host: str,
    known_at: int | None = None,
    *,
    own: str,
    lanes: Iterable[str] = (),
    topics: Iterable[str] = (),
    changes: Sequence[LaneChange] = (),
) -> tuple[SentenceFacts, ...]:
    """Return the facts of these statements in each language of the site.

    ``own`` is the language of the record; ``lanes`` and ``topics`` are ids.
    """
    who, what = set(lanes), set(topics)
    by_language = []
    for lang in LANGUAGES:
        with reading(conn, lang), speaking(lang):
            names = Names(conn)
            statements = statement_facts(conn, numbers, names, host, known_at)
            names.actors(who)
            for topic in what:
                names.topic(topic)
            said = {number: facts.entry for number, facts in statements.items()}
            writer = ChangeWriter(conn, names, changes, own=own, known_at=known_at, said=said)
            told = {change: writer.tell(change) for change in changes}
            is_own = lang == own.partition("-")[0]
            by_language.append(SentenceFacts(lang, is_own, statements, names, told))
    return tuple(by_language)


def statement_facts(
    conn: Connection,
    numbers: Iterable[int],
    names: Names,
    host: str,
    known_at: int | None = None,
) -> dict[int, StatementFacts]:
    """Return the facts of these statements, each with its strongest source."""
    statements = entries.statements(conn, numbers, known_at)
    names.learn(statements.values())
    names.topics(
        directory.topics_by_id(conn, {entry.topic for entry in statements.values()}).values()
    )
    sources = attached.sources(conn, statements, known_at)
    names.documents({source.document for group in sources.values() for source in group})
    return {
        number: _facts_of(entry, strongest(entry, sources[number]), names, host)
        for number, entry in statements.items()
    }


def statements_needed(position: Position) -> set[int]:
    """Return the numbers of the statements that a sentence about a position needs."""
    beside = position.reported.statements[-1:] if position.reported else ()
    return {
        *position.counted,
        *beside,
        *(number for number in (position.first, position.last) if number),
    }


def _facts_of(entry: StatementEntry, source: Source, names: Names, host: str) -> StatementFacts:
    document = names.document(source.document)
    return StatementFacts(
        entry=entry,
        topic=names.topic(entry.topic),
        speaker=names.actor(entry.speaker),
        behalf=names.lane(entry.on_behalf_of) if entry.on_behalf_of else None,
        outlet=document.outlet or document.title or document.url,
        published_at=document.published_at or "",
        url=document.url,
        via=_via(entry, source),
        link=f"{host}s/{entry.number}@{entry.known_from}",
    )


def _via(entry: StatementEntry, source: Source) -> str:
    """Return who reports the words, in the connection's language."""
    own = is_taken_from(entry, source)
    return entry.words.reported_via or source.reported_via if own else source.reported_via


def is_taken_from(entry: StatementEntry, source: Source) -> bool:
    """Tell whether a statement was taken from this source."""
    return source.document == entry.document and source.attribution == entry.attribution


def strongest(entry: StatementEntry, sources: Sequence[Source]) -> Source:
    """Return the first source with the statement's attribution."""
    return next(
        (source for source in sources if source.attribution == entry.attribution), sources[0]
    )
