"""Commands on statements and developments alike: record, correct, retract, link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, TypeVar

from timeline.application.corrections import changes_on_record, check_source
from timeline.application.documents import correct_imprint, imprint_on_record
from timeline.application.noun import TranslatableNoun
from timeline.application.prepare import prepare
from timeline.application.read_ahead import ReadAhead, streams_named
from timeline.application.sources import only_match
from timeline.application.texts import text
from timeline.domain.dates import counting_instant, parse_date
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.document import Document
from timeline.domain.entry import RANKS, strongest
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.naming import new_id
from timeline.domain.statement import Statement, StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from timeline.application.commands import Command, Source
    from timeline.application.corrections import Changes
    from timeline.application.recording import Recorded
    from timeline.domain.entry import Entry
    from timeline.domain.event import Byline, Event


NO_ENTRY_WITH_NUMBER = Message(
    "no_entry_with_number", "no entry has the number %(number)s", fix="look it up in the event log"
)
NO_SUCH_TARGET = Message(
    "no_such_target", "there is no entry %(entry)s", fix="give the number of an entry"
)
NOT_ONE_UTTERANCE = Message(
    "not_one_utterance", "these statements are not of one utterance", fix="correct them one by one"
)

E = TypeVar("E", Statement, Development)

FIRST = (StatementRecorded, DevelopmentRecorded)


class Entries(TranslatableNoun[E]):
    """Commands on entries; each is given by its number or by the id of its stream."""

    CHECK: ClassVar[Callable[..., Changes]]

    def stream(self, entry: str | int) -> str:
        """Return the id of an entry by its number; raises `NotFound` if no entry has it."""
        if isinstance(entry, str):
            return entry
        event = self._recording.log.event(entry)
        if not isinstance(event, FIRST):
            raise NotFound(NO_ENTRY_WITH_NUMBER, number=entry)
        return event.originator_id

    def record(self, byline: Byline, command: Command, entry: str | None = None) -> Recorded:
        """Record an entry under the id minted for it; posted twice, return the original.

        Raises `Refused`, `NotFound`, or `Conflict` if the id belongs to other words.
        """
        stream = entry or new_id(byline.at, os.urandom(10))
        log = ReadAhead(self._recording.log, [stream, *streams_named(command)])
        again = entry is not None and bool(log.stream_of(stream))
        events = prepare(command, self._directory(log), byline, stream, again=again)
        return self._recording.open(events, log)

    def rehearse(self, byline: Byline, command: Command) -> list[Event]:
        """Return the events that `record` would append; raises the same, and appends nothing."""
        stream = new_id(byline.at, os.urandom(10))
        return prepare(command, self._directory(), byline, stream)

    def correct(
        self,
        byline: Byline,
        entry: str | int,
        changes: Mapping[str, object],
        reason: str,
        *,
        material: bool = True,
    ) -> Recorded:
        """Correct an entry; ``changes`` has the interchange's names and values."""
        single = [(entry, byline.seen)]
        return self.correct_alike(byline, single, changes, reason, material=material)[0]

    def correct_alike(
        self,
        byline: Byline,
        entries: Sequence[tuple[str | int, int | None]],
        changes: Mapping[str, object],
        reason: str,
        *,
        imprint: Mapping[str, str] | None = None,
        material: bool = True,
        together: bool = False,
    ) -> list[Recorded]:
        """Correct the same fields of several entries and their sources in one append, all or none.

        ``entries`` has each with the version that the person saw, ``imprint`` fields of their
        documents. Returns the entries, then the documents. An error's ``entry`` is the id of the
        one that it is about. ``together`` refuses entries that are not of one utterance.
        """
        directory, why = self._directory(), text(reason, "reason")
        values = imprint_on_record(imprint or {})
        fields = changes_on_record(self.KIND, changes, directory, byline)
        streams = [self.stream(entry) for entry, _ in entries]
        loaded: list[E] = [self._recording.load(self.KIND, stream) for stream in streams]
        if together:
            _check_one_utterance(loaded)
        filed = dict.fromkeys(entry.fields["document"] for entry in loaded) if values else ()
        documents: list[Document] = [self._recording.load(Document, id_) for id_ in filed]
        aggregates: list[Statement | Development | Document] = [*loaded, *documents]

        def decide(aggregate: Statement | Development | Document) -> None:
            if isinstance(aggregate, Document):
                correct_imprint(aggregate, byline, values, why, material=material)
                return
            try:
                full = self.CHECK(fields, aggregate, directory)
                aggregate.correct(byline, full, why, material=material)
            except StandlineError as error:
                error.entry = aggregate.id
                raise

        return self._recording.revise_loaded(
            aggregates,
            byline,
            decide,
            [*(version for _, version in entries), *(None for _ in documents)],
            new=tuple(directory.unsettled.values()),
        )

    def retract(
        self, byline: Byline, entry: str | int, reason: str, *, withhold: bool = False
    ) -> Recorded:
        """Retract an entry; with ``withhold`` its words are no longer shown."""
        why = text(reason, "reason")
        return self._revise(
            byline, entry, lambda loaded: loaded.retract(byline, why, withhold=withhold)
        )

    def reinstate(self, byline: Byline, entry: str | int, reason: str) -> Recorded:
        """Undo a retraction."""
        why = text(reason, "reason")
        return self._revise(byline, entry, lambda loaded: loaded.reinstate(byline, why))

    def second(
        self,
        byline: Byline,
        entry: str | int,
        source: Source,
        attribution: str = "reported",
        reported_via: str = "",
    ) -> Recorded:
        """Add a further source of the same words."""
        directory = self._directory()
        document, via = directory.document(byline, source), text(reported_via, "reported_via")

        def decide(loaded: E) -> None:
            check_source(loaded, loaded.fields, document.published)
            loaded.second(byline, document.id, attribution, via)

        new = tuple(directory.unsettled.values())
        return self._revise(byline, entry, decide, new=new)

    def unsecond(
        self, byline: Byline, entry: str | int, source: str | Source, reason: str
    ) -> Recorded:
        """Remove a further source that was added by mistake.

        ``source`` is the id of its document, or enough of its fields to tell it from the others.
        The change is material if the words rank lower without it, or count from another moment.
        """
        why = text(reason, "reason")

        def decide(loaded: E) -> None:
            document = source if isinstance(source, str) else self._further(loaded, source)
            remaining = {id_: how for id_, how in loaded.sources.items() if id_ != document}
            material = self._weight(loaded, loaded.sources) != self._weight(loaded, remaining)
            loaded.unsecond(byline, document, why, material=material)

        return self._revise(byline, entry, decide)

    def link(
        self, byline: Byline, entry: str | int, kind: str, target: str | int, note: str = ""
    ) -> Recorded:
        """Link to another entry; raises `Refused` if the two cannot be linked so."""
        other, words = self._target(target), text(note, "note")

        def decide(loaded: E) -> None:
            self._check_link(loaded, kind, other)
            loaded.link(byline, kind, other, words)

        return self._revise(byline, entry, decide)

    def unlink(
        self, byline: Byline, entry: str | int, kind: str, target: str | int, reason: str
    ) -> Recorded:
        """Remove a link."""
        other, why = self.stream(target), text(reason, "reason")
        return self._revise(byline, entry, lambda loaded: loaded.unlink(byline, kind, other, why))

    def redact(self, byline: Byline, entry: str | int, basis: str) -> Recorded:
        """Erase all words of the entry, as the law demands; ``basis`` names the law."""
        stream = self.stream(entry)
        return self._recording.redact(self.KIND, stream, byline, basis)

    def _target(self, target: str | int) -> str:
        stream = self.stream(target)
        _, first = self._recording.log.first_events([stream]).get(stream, (0, None))
        if not isinstance(first, FIRST):
            raise NotFound(NO_SUCH_TARGET, field="target", entry=target)
        return stream

    def _further(self, entry: E, source: Source) -> str:
        documents = [self._recording.load(Document, document) for document in entry.further_sources]
        return only_match(source, documents).id

    def _weight(self, entry: E, sources: Mapping[str, str]) -> tuple[int, int] | None:
        """Return the rank of the words with these sources, and from when they count.

        ``sources`` are attributions by document. A development has neither.
        """
        if not isinstance(entry, Statement):
            return None
        directory = self._directory()
        dates = filter(None, map(directory.published, sources))
        earliest = min(dates, key=lambda date: date.latest, default=None)
        said = parse_date(entry.fields["said_at"])
        counts_from = counting_instant(said, earliest, entry.first_recorded_at)
        return RANKS[strongest([*sources.values()])], counts_from

    def _check_link(self, entry: E, kind: str, target: str) -> None:
        """Raise `Refused` for a link that a rule over several streams forbids; none does here."""


def _check_one_utterance(entries: Sequence[Entry]) -> None:
    utterances = {(entry.fields["utterance"], entry.fields["document"]) for entry in entries}
    if len(utterances) != 1 or None in next(iter(utterances)):
        raise Refused(NOT_ONE_UTTERANCE, field="utterance")
