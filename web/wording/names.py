"""Names for the ids on a page, looked up together and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.documents import documents_by_id, unknown_document
from timeline.projections.queries.entries import numbers_of
from timeline.projections.queries.withheld import withheld_documents
from timeline.projections.tables.lanes import Lanes, lanes_known
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Mandate, Topic
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry


class Names:
    """Actors, topics and documents by id; a merged actor keeps its own name."""

    def __init__(self, conn: Connection, entries: Iterable[Entry] = ()) -> None:
        self._conn = conn
        self._actors: dict[str, Actor] = {}
        self._topics: dict[str, Topic] = {}
        self._documents: dict[str, Document] = {}
        self._mandates: dict[str, list[Mandate]] = {}
        self._bearers: dict[str, frozenset[str]] = {}
        self._numbers: dict[str, int | None] = {}
        self._lanes: Lanes | None = None
        self.learn(entries)

    def learn(self, entries: Iterable[Entry]) -> None:
        """Look up everything that these entries name."""
        known = list(entries)
        self.actors({name for entry in known for name in _actors(entry)})
        self.documents({entry.document for entry in known})

    def actors(self, ids: set[str]) -> None:
        """Look up these actors."""
        if missing := ids - self._actors.keys():
            self._actors |= directory.actors_by_id(self._conn, missing)

    def topics(self, known: Iterable[Topic]) -> None:
        """Remember topics that are read already."""
        self._topics |= {topic.id: topic for topic in known}

    def documents(self, ids: set[str]) -> None:
        """Look up these documents."""
        if missing := ids - self._documents.keys():
            known = documents_by_id(self._conn, missing)
            # A log that somebody cut does not hold them all.
            self._documents |= {id_: known.get(id_) or unknown_document(id_) for id_ in missing}
            self._name_the_erased({id_ for id_ in missing if not _is_named(self._documents[id_])})

    def _name_the_erased(self, ids: set[str]) -> None:
        for id_ in ids - withheld_documents(self._conn, ids):
            erased = msgspec.structs.replace(self._documents[id_], outlet=gettext("erased source"))
            self._documents[id_] = erased

    def wrote(self, document: Document, actors: Iterable[str]) -> bool:
        """Tell whether one of these actors has the name of a document's author."""
        if not document.author:
            return False
        if document.author not in self._bearers:
            authors = {document.author for document in self._documents.values()} | {document.author}
            unknown = authors - self._bearers.keys() - {""}
            bearers = directory.bearers(self._conn, unknown)
            self._bearers |= {name: bearers.get(name, frozenset()) for name in unknown}
        return not self._bearers[document.author].isdisjoint(actors)

    def actor(self, actor_id: str) -> Actor:
        """Return an actor."""
        if actor_id not in self._actors:
            self.actors({actor_id})
        return self._actors[actor_id]

    def lane(self, actor_id: str) -> Actor:
        """Return the actor whose lane an actor belongs to now."""
        return self.actor(self.lanes.of(actor_id))

    @property
    def lanes(self) -> Lanes:
        """The current lanes of merged actors."""
        if self._lanes is None:
            self._lanes = lanes_known(self._conn)
        return self._lanes

    def document(self, id_: str) -> Document:
        """Return a document."""
        if id_ not in self._documents:
            self.documents({id_})
        return self._documents[id_]

    def topic(self, topic_id: str) -> Topic:
        """Return a topic."""
        if topic_id not in self._topics:
            self._topics |= directory.topics_by_id(self._conn, {topic_id})
        return self._topics[topic_id]

    def known_topic(self, topic_id: str | None) -> Topic | None:
        """Return a topic; ``None`` if it is not on record here, as an import may name others."""
        try:
            return self.topic(topic_id) if topic_id else None
        except KeyError:
            return None

    def numbers(self, streams: set[str]) -> None:
        """Look up the numbers of statements by their ids."""
        if missing := streams - self._numbers.keys():
            self._numbers |= dict.fromkeys(missing) | numbers_of(self._conn, missing)

    def number(self, stream: str) -> int | None:
        """Return the number of a statement, if it is on record."""
        self.numbers({stream})
        return self._numbers[stream]

    def number_mark(self, stream: str) -> str:
        """Return the number of a statement after a #; its id if it is not on record."""
        number = self.number(stream)
        return stream if number is None else f"#{number}"

    def role(self, actor_id: str, on_behalf_of: str | None) -> str:
        """Return the role in which an actor speaks for another, if one is on record."""
        if on_behalf_of is None:
            return ""
        if on_behalf_of not in self._mandates:
            self._mandates[on_behalf_of] = directory.mandates(self._conn, for_=on_behalf_of)
        mandates = [
            mandate for mandate in self._mandates[on_behalf_of] if mandate.actor == actor_id
        ]
        return mandates[-1].role if mandates else ""


def _is_named(document: Document) -> bool:
    return not document.filed or bool(document.outlet or document.title or document.url)


def _actors(entry: Entry) -> tuple[str, ...]:
    actors = getattr(entry, "actors", None)
    if actors is not None:
        return tuple(actors)
    says = getattr(entry, "according_to", None)
    return (says,) if says else ()
