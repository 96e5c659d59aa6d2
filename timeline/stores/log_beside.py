"""A log together with pending events: decisions see both."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event
    from timeline.stores.log import EventLog
    from timeline.stores.rows import StoredRow

A = TypeVar("A", bound="Aggregate")


class PendingLog:
    """Base class: it reads recorded events; subclasses add the pending ones."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def stream_of(self, stream: str) -> list[Event]:
        """Return the events of a stream, recorded ones first."""
        return self.streams_of([stream]).get(stream, [])

    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of those streams that exist, recorded ones first."""
        return self._log.streams_of(streams, upto)

    def load(self, aggregate: type[A], stream: str) -> A | None:
        """Return the aggregate of a stream; ``None`` if there is no such stream."""
        return aggregate.replay(self.stream_of(stream))

    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]:
        """Return position and first event of those streams that are on record."""
        return self._log.first_events(streams)

    def event(self, position: int) -> Event | None:
        """Return the recorded event at a position."""
        return self._log.event(position)

    def with_content(self, stream: str) -> list[int]:
        """Return the recorded positions of a stream whose free text is not erased."""
        return self._log.with_content(stream)

    def stored(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]:
        """Yield the stored rows of recorded events, oldest first."""
        return self._log.stored(after, upto)

    def head(self) -> int:
        """Return the position of the last recorded event."""
        return self._log.head()

    def last(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at of the log."""
        return self._log.last()
