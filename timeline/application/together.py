"""Several entries recorded together: the stances of one utterance, or all of a text, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.application.directory import Directory
from timeline.application.prepare import prepare
from timeline.application.read_ahead import ReadAhead, streams_named
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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

    def __init__(self, recording: StreamWriter, register: Register) -> None:
        self._recording = recording
        self._register = register

    def record(self, byline: Byline, entries: Sequence[Numbered]) -> list[Recorded]:
        """Record entries in their order; sent twice, they answer with the originals.

        Raises `Refused`, `NotFound` or `Conflict`, whose ``entry`` is the id of the first that is
        in the way; nothing is recorded then.
        """
        named = [stream for one in entries for stream in streams_named(one.command)]
        log = ReadAhead(self._recording.log, [*(one.entry for one in entries), *named])
        known = {one.entry for one in entries if log.stream_of(one.entry)}
        rows = self._prepared(byline, entries, known, log)
        return self._recording.open_together(rows, log)

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
