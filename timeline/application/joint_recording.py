"""Record several entries in one append: the stances of an utterance, or all entries of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.application.changes import NO_SIGNATURES, NewSignature
from timeline.application.directory import Directory
from timeline.application.prepare import prepare
from timeline.application.read_ahead import ReadAhead, streams_named
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from timeline.application.batch import NamingEvent
    from timeline.application.changes import Changes
    from timeline.application.commands import Command
    from timeline.application.directory import Register
    from timeline.application.recording import Recorded, StreamWriter
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Appendable

ONE_TOPIC_TWICE = Message(
    "one_topic_twice",
    "these words have a stance on this topic already",
    fix="choose another topic, or say it as the condition of that stance",
)


class EntryCommand(NamedTuple):
    """A command with the id that was minted for its entry."""

    entry: str
    command: Command


class JointRecording:
    """Records several entries in one append, all or none."""

    def __init__(self, recording: StreamWriter, register: Register, changes: Changes) -> None:
        self._recording = recording
        self._changes = changes
        self._register = register

    def record(
        self,
        byline: Byline,
        entries: Sequence[EntryCommand],
        signed: Mapping[str, NewSignature] = NO_SIGNATURES,
    ) -> list[Recorded]:
        """Record entries in their order; if sent twice, return the originals.

        ``signed`` has, by the id of a new entry, the signature of the change that it makes.
        Raises `Refused`, `NotFound` or `Conflict` with the id of the first failing entry as
        ``entry``; then nothing is recorded.
        """
        streams = [stream for entry in entries for stream in streams_named(entry.command)]
        log = ReadAhead(self._recording.log, [*(entry.entry for entry in entries), *streams])
        known = {entry.entry for entry in entries if log.stream_of(entry.entry)}
        rows = self._prepare(byline, entries, known, log)
        named = self._signatures(rows, signed)
        return self._recording.open_together(rows, log, named)

    def _signatures(
        self, rows: Sequence[Sequence[Event]], signed: Mapping[str, NewSignature]
    ) -> dict[str, NamingEvent]:
        signatures = {}
        for event in (row[-1] for row in rows):
            signature = signed.get(event.originator_id)
            if signature and isinstance(event, StatementRecorded):
                try:
                    signatures[event.originator_id] = self._changes.signing(signature, event)
                except StandlineError as error:
                    error.entry = event.originator_id
                    raise
        return signatures

    def rehearse(self, byline: Byline, entries: Sequence[EntryCommand]) -> list[list[Event]]:
        """Return the events that `record` would append, entry by entry; raises the same."""
        return self._prepare(byline, entries, (), self._recording.log)

    def _prepare(
        self,
        byline: Byline,
        entries: Sequence[EntryCommand],
        known: Collection[str],
        log: Appendable,
    ) -> list[list[Event]]:
        directory = Directory(log, self._register)
        topics_taken: set[tuple[str, str, str]] = set()
        rows = []
        for entry, command in entries:
            try:
                row = prepare(command, directory, byline, entry, again=entry in known)
                _check_topic(row[-1], topics_taken)
            except StandlineError as error:
                error.entry = entry
                raise
            rows.append(row)
        return rows


def _check_topic(event: Event, topics_taken: set[tuple[str, str, str]]) -> None:
    """Raise `Refused` if the same utterance has a stance on the same topic already."""
    if not isinstance(event, StatementRecorded) or event.utterance is None:
        return
    place = (event.document, event.utterance, event.topic)
    if place in topics_taken:
        raise Refused(ONE_TOPIC_TWICE, field="topic")
    topics_taken.add(place)
