"""Several entries recorded together: the stances of one utterance, or all of a text, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.application.changes import NONE_SIGNED, NewSignature
from timeline.application.directory import Directory
from timeline.application.prepare import prepare
from timeline.application.read_ahead import ReadAhead, streams_named
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from timeline.application.batch import Naming
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


class Numbered(NamedTuple):
    """An entry to be recorded, under the id that was minted for it."""

    entry: str
    command: Command


class Together:
    """Takes several entries at once: all of them are recorded in one append, or none is."""

    def __init__(self, recording: StreamWriter, register: Register, changes: Changes) -> None:
        self._recording = recording
        self._changes = changes
        self._register = register

    def record(
        self,
        byline: Byline,
        entries: Sequence[Numbered],
        signed: Mapping[str, NewSignature] = NONE_SIGNED,
    ) -> list[Recorded]:
        """Record entries in their order; sent twice, they answer with the originals.

        ``signed`` holds, by the id of an entry that is new, under what the change is signed that it
        makes. Raises `Refused`, `NotFound` or `Conflict`, whose ``entry`` is the id of the first
        that is in the way; nothing is recorded then.
        """
        streams = [stream for entry in entries for stream in streams_named(entry.command)]
        log = ReadAhead(self._recording.log, [*(entry.entry for entry in entries), *streams])
        known = {entry.entry for entry in entries if log.stream_of(entry.entry)}
        rows = self._prepared(byline, entries, known, log)
        named = self._signatures(rows, signed)
        return self._recording.open_together(rows, log, named)

    def _signatures(
        self, rows: Sequence[Sequence[Event]], signed: Mapping[str, NewSignature]
    ) -> dict[str, Naming]:
        found = {}
        for event in (row[-1] for row in rows):
            signature = signed.get(event.originator_id)
            if signature and isinstance(event, StatementRecorded):
                try:
                    found[event.originator_id] = self._changes.signing(signature, event)
                except StandlineError as error:
                    error.entry = event.originator_id
                    raise
        return found

    def rehearse(self, byline: Byline, entries: Sequence[Numbered]) -> list[list[Event]]:
        """Return what `record` would append, entry by entry; raises what it would raise."""
        return self._prepared(byline, entries, (), self._recording.log)

    def _prepared(
        self, byline: Byline, entries: Sequence[Numbered], known: Collection[str], log: Appendable
    ) -> list[list[Event]]:
        directory = Directory(log, self._register)
        taken: set[tuple[str, str, str]] = set()
        rows = []
        for entry, command in entries:
            try:
                row = prepare(command, directory, byline, entry, again=entry in known)
                _check_topic(row[-1], taken)
            except StandlineError as error:
                error.entry = entry
                raise
            rows.append(row)
        return rows


def _check_topic(event: Event, taken: set[tuple[str, str, str]]) -> None:
    """Raise `Refused` where the same utterance has a stance on the same topic already."""
    if not isinstance(event, StatementRecorded) or event.utterance is None:
        return
    place = (event.document, event.utterance, event.topic)
    if place in taken:
        raise Refused(ONE_TOPIC_TWICE, field="topic")
    taken.add(place)
