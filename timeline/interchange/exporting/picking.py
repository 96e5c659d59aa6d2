"""Some entries of the record as rows, without reading the rest of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.actor import Actor
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import Document
from timeline.domain.statement import StatementRecorded
from timeline.domain.story import Story
from timeline.domain.topic import Topic
from timeline.interchange.exporting.rows_out import entry_row
from timeline.interchange.exporting.standing import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.interchange.exporting.rows_out import Row
    from timeline.stores.log import EventLog

AT_ONCE = 500
"""Streams that are read in one question to the log."""


def picked_rows(log: EventLog, streams: Sequence[str], upto: int) -> Iterator[tuple[str, Row]]:
    """Yield the native row of each of these entries under its id, as known at a position.

    It is the row that an export of the whole record has for it.
    """
    record = _Picked(log, upto)
    for start in range(0, len(streams), AT_ONCE):
        yield from record.rows(streams[start : start + AT_ONCE])


class _Picked(Record):
    """The record as far as some entries name it: every stream is read when it is asked for."""

    def _gather(self) -> None:
        self.stories = _Nouns(Story, self._log, self._upto)
        self.topics = _Nouns(Topic, self._log, self._upto)
        self.actors = _Nouns(Actor, self._log, self._upto)

    def rows(self, streams: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """Yield the rows of these entries."""
        found = self._log.streams_of(streams, self._upto)
        for stream in streams:
            for first in found.get(stream, ())[:1]:
                if isinstance(first, StatementRecorded | DevelopmentRecorded):
                    self._later[stream] = found[stream][1:]
                    yield stream, entry_row(self, self._standing(first))
                    del self._later[stream]

    def document(self, stream: str) -> Document:
        """Return a document as it stood."""
        if stream not in self._filed:
            history = self._log.streams_of([stream], self._upto).get(stream)
            if not history:
                return Document()
            first, *later = history
            self._later[stream] = later
            self._file(first)
        return self._filed[stream]


class _Nouns(dict[str, Any]):
    """Stories, topics or actors by id, read when they are asked for, once."""

    def __init__(self, kind: type[Actor | Story | Topic], log: EventLog, upto: int) -> None:
        super().__init__()
        self._kind, self._log, self._upto = kind, log, upto
        self._missing: set[object] = {"", None}

    def __missing__(self, stream: str) -> Any:  # noqa: ANN401 - one of the three
        if stream not in self._missing:
            events = self._log.streams_of([stream], self._upto).get(stream, [])
            found = self._kind.replay(events)
            if found is not None:
                self[stream] = found
                return found
            self._missing.add(stream)
        raise KeyError(stream)

    def __contains__(self, stream: object) -> bool:
        return self.get(stream) is not None

    def get(self, stream: Any, default: Any = None) -> Any:  # noqa: ANN401
        """Return what has that id."""
        try:
            return self[stream]
        except KeyError:
            return default
