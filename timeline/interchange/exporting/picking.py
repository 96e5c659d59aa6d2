"""Chosen entries as rows, without reading the rest of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from timeline.domain.actor import Actor
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import Document
from timeline.domain.entry import Linked
from timeline.domain.statement import StatementRecorded
from timeline.domain.story import Story
from timeline.domain.topic import Topic
from timeline.interchange.exporting.nouns_out import NounsBefore
from timeline.interchange.exporting.rows_out import entry_row, link_row
from timeline.interchange.exporting.standing import Record
from timeline.interchange.native.rows_in import key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import CurrentEntry
    from timeline.stores.log import EventLog

AT_ONCE = 500
"""Streams that are read in one query."""


class PickedRow(NamedTuple):
    """An entry as a native row, with its id; ``before`` are the lines that an import needs first.

    The row equals that of a full export.
    """

    stream: str
    row: Row
    before: tuple[Row, ...]


class PickedEntries:
    """Entries as known at a log position, each read on demand."""

    def __init__(self, log: EventLog, upto: int) -> None:
        self._log = log
        self._record = _PickedRecord(log, upto)
        self._nouns = NounsBefore(self._record)
        self._links: list[tuple[str, Linked]] = []

    def rows(self, streams: Sequence[str]) -> Iterator[PickedRow]:
        """Yield the rows of these entries; a retracted one has no lines before it."""
        for start in range(0, len(streams), AT_ONCE):
            for standing in self._record.standing(streams[start : start + AT_ONCE]):
                stream = standing.first.originator_id
                before: tuple[Row, ...] = ()
                if not standing.entry.retracted:
                    before = tuple(self._nouns.rows(standing))
                    self._links += self._record.links_of(stream)
                yield PickedRow(stream, entry_row(self._record, standing), before)

    @property
    def ends(self) -> frozenset[str]:
        """The ids of all entries to which the yielded ones are linked."""
        return frozenset(link.target for _, link in self._links)

    def link_rows(self, there: Collection[str], hidden: Collection[str]) -> Iterator[Row]:
        """Yield the links of the yielded entries to entries in ``there``.

        The note of a link is left out if either entry is hidden.
        """
        links = sorted(self._links, key=lambda item: (item[1].recorded_at, item[0]))
        links = [item for item in links if item[1].target in there]
        ends = {end for stream, link in links for end in (stream, link.target)}
        firsts = self._log.first_events(ends) if ends else {}
        for stream, link in links:
            key, target = (key_of(firsts[end][1]) for end in (stream, link.target))
            if key and target:
                with_note = stream not in hidden and link.target not in hidden
                yield link_row(key, target, link, with_note=with_note)


class _PickedRecord(Record):
    """The record as far as chosen entries need it: every stream is read on demand."""

    def _gather(self) -> None:
        self.stories = _Nouns(Story, self._log, self._upto)
        self.topics = _Nouns(Topic, self._log, self._upto)
        self.actors = _Nouns(Actor, self._log, self._upto)

    def standing(self, streams: Sequence[str]) -> Iterator[CurrentEntry]:
        """Yield these entries as they were."""
        streams_by_id = self._log.streams_of(streams, self._upto)
        for stream in streams:
            for first in streams_by_id.get(stream, ())[:1]:
                if isinstance(first, StatementRecorded | DevelopmentRecorded):
                    self._later[stream] = streams_by_id[stream][1:]
                    yield self._standing(first)
                    del self._later[stream]

    def links_of(self, stream: str) -> Iterator[tuple[str, Linked]]:
        """Yield the valid links of the entry yielded last."""
        self._links = [
            (stream, event) for event in self._later[stream] if isinstance(event, Linked)
        ]
        return self.links()

    def document(self, stream: str) -> Document:
        """Return a document as it was."""
        if stream not in self._filed:
            history = self._log.streams_of([stream], self._upto).get(stream)
            if not history:
                return Document()
            first, *later = history
            self._later[stream] = later
            self._file(first)
        return self._filed[stream]


class _Nouns(dict[str, Any]):
    """Stories, topics or actors by id, each read once, on demand."""

    def __init__(self, kind: type[Actor | Story | Topic], log: EventLog, upto: int) -> None:
        super().__init__()
        self._kind, self._log, self._upto = kind, log, upto
        self._missing: set[object] = {"", None}

    def __missing__(self, stream: str) -> Any:  # noqa: ANN401 - one of the three
        if stream not in self._missing:
            events = self._log.streams_of([stream], self._upto).get(stream, [])
            aggregate = self._kind.replay(events)
            if aggregate is not None:
                self[stream] = aggregate
                return aggregate
            self._missing.add(stream)
        raise KeyError(stream)

    def __contains__(self, stream: object) -> bool:
        return self.get(stream) is not None

    def get(self, stream: Any, default: Any = None) -> Any:  # noqa: ANN401
        """Return the noun of an id."""
        try:
            return self[stream]
        except KeyError:
            return default
