"""What a sentence needs of a statement: names, dates and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import attached, directory, entries
from timeline.projections.queries.translations import reading
from web.i18n.languages import LANGUAGES
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position
    from timeline.projections.queries.attached import Source
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with what a sentence needs of it: names, where it stands, and its source.

    ``url`` is the source's address, ``link`` that of our record.
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


class Telling(msgspec.Struct, frozen=True):
    """What sentences in one language are made of; ``is_own`` of the one that the record is in.

    ``actors`` are those whose positions are told, ``topics`` those that they are on, by id.
    """

    lang: str
    is_own: bool
    told: dict[int, Told]
    actors: dict[str, Actor]
    topics: dict[str, Topic]

    def has(self, *nouns: Topic | Actor | None) -> bool:
        """Tell whether these are called so in the language; people are called alike in all."""
        return self.is_own or all(
            noun is None or noun.lang or getattr(noun, "kind", "") == "person" for noun in nouns
        )

    def who(self, actor: str) -> Actor:
        """Return an actor whose position is told or who spoke, by id."""
        spoke = (statement.speaker for statement in self.told.values())
        return self.actors.get(actor) or next(one for one in spoke if one.id == actor)

    def has_words(self, numbers: Iterable[int]) -> bool:
        """Tell whether what must be told of these statements is in the language."""
        return all(self._has_words(self.told[number]) for number in numbers if number in self.told)

    def _has_words(self, statement: Told) -> bool:
        words = {
            "condition": statement.entry.words.condition,
            "reported_via": statement.entry.words.reported_via,
        }
        translated = all(one in statement.entry.translated for one, text in words.items() if text)
        return self.has(statement.topic, statement.speaker, statement.behalf) and (
            self.is_own or translated
        )


def tellings(
    conn: Connection,
    numbers: Collection[int],
    host: str,
    known_at: int | None = None,
    *,
    own: str,
    lanes: Iterable[str] = (),
    topics: Iterable[str] = (),
) -> tuple[Telling, ...]:
    """Return what to tell of these statements in each language of the site.

    ``own`` is the language of the record; ``lanes`` and ``topics`` are ids.
    """
    who, what = set(lanes), set(topics)
    found = []
    for lang in LANGUAGES:
        with reading(conn, lang):
            names = Names(conn)
            statements = tell(conn, numbers, names, host, known_at)
            names.actors(who)
            actors = {one: names.actor(one) for one in who}
            asked = {one: names.topic(one) for one in what}
            is_own = lang == own.partition("-")[0]
            found.append(Telling(lang, is_own, statements, actors, asked))
    return tuple(found)


def tell(
    conn: Connection,
    numbers: Iterable[int],
    names: Names,
    host: str,
    known_at: int | None = None,
) -> dict[int, Told]:
    """Return these statements ready to be told, each by its strongest source."""
    found = entries.statements(conn, numbers, known_at)
    names.learn(found.values())
    names.topics(directory.topics_by_id(conn, {entry.topic for entry in found.values()}).values())
    sources = attached.sources(conn, found, known_at)
    names.documents({source.document for each in sources.values() for source in each})
    return {
        number: _told(entry, strongest(entry, sources[number]), names, host)
        for number, entry in found.items()
    }


def needed(stood: Position) -> set[int]:
    """Return the numbers of the statements that a position is told by."""
    beside = stood.reported.statements[-1:] if stood.reported else ()
    return {*stood.counted, *beside, *(one for one in (stood.first, stood.last) if one)}


def _told(entry: StatementEntry, source: Source, names: Names, host: str) -> Told:
    document = names.document(source.document)
    return Told(
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
    """Return who passes the words on, in the connection's language where it is the one told."""
    own = is_taken_from(entry, source)
    return entry.words.reported_via or source.reported_via if own else source.reported_via


def is_taken_from(entry: StatementEntry, source: Source) -> bool:
    """Tell whether it is the source from which a statement was taken, in the way that counts."""
    return source.document == entry.document and source.attribution == entry.attribution


def strongest(entry: StatementEntry, sources: Sequence[Source]) -> Source:
    """Return the first source that gives the words as the statement counts."""
    return next(
        (source for source in sources if source.attribution == entry.attribution), sources[0]
    )
