"""The log: everything that the newsroom ever recorded, in the order in which it did."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.utils import Environment

from timeline.domain.aggregate import Aggregate
from timeline.domain.errors import Conflict, NotFound, Refused, StandlineError
from timeline.stores.mapper import parts_of, read_event, state_of
from timeline.stores.rows import StoredRow
from timeline.stores.sqlite_setup import set_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timeline.domain.event import Event
    from timeline.stores.store_url import StoreUrl

A = TypeVar("A", bound=Aggregate)

STRIDE = 20_000
"""Positions read at once: few round trips, and memory that does not grow with the log."""


class LogApplication(Application[str]):
    """The library's application: it puts the mapper and the store's recorder together.

    PostgreSQL names the table of events and the channel after ``name``: it never changes.
    """

    name = "stored"

    def construct_env(self, name: str, env: Mapping[str, str] | None = None) -> Environment:
        """Return what is given and nothing else: no variable of the process touches the log."""
        common = {
            "MAPPER_TOPIC": "timeline.stores.mapper:EventMapper",
            "ORIGINATOR_ID_TYPE": "text",
            "CREATE_TABLE": "no",
        }
        return Environment(name, common | dict(env or {}))


class EventLog:
    """Appends events, and reads them by stream, by position and by time."""

    def __init__(self, application: LogApplication) -> None:
        self._events = application.events
        self._recorder: Any = application.recorder
        self._application = application

    @classmethod
    def open(cls, url: StoreUrl, *, create: bool = True) -> Self:
        """Open the log of a store and make its tables if need be.

        Raises `StandlineError` for a store that is not ours, is newer or cannot be written.
        """
        set_up(url.log_path, create=create)
        return cls(
            LogApplication(
                {
                    "PERSISTENCE_MODULE": "timeline.stores.sqlite_log:SQLiteLogFactory",
                    "SQLITE_DBNAME": str(url.log_path),
                }
            )
        )

    def close(self) -> None:
        """Close every connection."""
        self._application.close()

    def append(self, events: Sequence[Event]) -> list[int]:
        """Append all of these events or none, and return their positions.

        Raises `Conflict` if a stream has moved on, `Refused` if the clock runs behind the log.
        """
        if not events:
            return []
        stamps = [event.recorded_at for event in events]
        try:
            recordings = self._events.put(events, stamps=stamps)
        except IntegrityError as error:
            msg = "somebody else recorded something there in between"
            raise Conflict(msg, fix="look at it as it is now and try again") from error
        return [recording.notification.id for recording in recordings]

    def stream_of(self, stream: str) -> list[Event]:
        """Return the events of one small stream, oldest first."""
        return list(self._events.get(stream))

    def load(self, aggregate: type[A], stream: str) -> A | None:
        """Return what a stream tells of; ``None`` if there is no such stream."""
        return aggregate.replay(self.stream_of(stream))

    def first_events(self, streams: Sequence[str]) -> dict[str, tuple[int, Event]]:
        """Return position and first event of those streams that exist."""
        return {
            stream: (position, read_event(stream, version, topic, state))
            for position, stream, version, topic, state in self._recorder.first_rows(streams)
        }

    def head(self) -> int:
        """Return the last position, 0 for an empty log."""
        return self.last()[0]

    def last(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at, zeros for an empty log."""
        return self._recorder.latest()

    def stream(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Event]]:
        """Yield position and event of a range, up to the present head where no end is given."""
        for position, stream, version, topic, state in self._rows(after, upto):
            yield position, read_event(stream, version, topic, state)

    def event(self, position: int) -> Event | None:
        """Return the event at a position; ``None`` in a gap."""
        return next((event for _, event in self.stream(position - 1, position)), None)

    def _rows(self, after: int, upto: int | None) -> Iterator[Any]:
        end = self.head() if upto is None else upto
        while after < end:
            stop = min(after + STRIDE, end)
            rows = self._recorder.range(after, stop)
            yield from rows
            after = stop
