"""Read all streams that a command names in one query, instead of one query each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from timeline.application.commands import RecordStatement
from timeline.application.directory import stream_id
from timeline.application.sources import identify
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from timeline.application.commands import Command
    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event
    from timeline.stores.recordable import Appendable, Numbered

A = TypeVar("A", bound="Aggregate")


class ReadAhead:
    """A log for the time of one decision, with some small streams already read.

    If others append to one of these streams meanwhile, our append fails: then everything read is
    forgotten, and read again.
    """

    def __init__(self, log: Appendable, streams: Collection[str]) -> None:
        self._log = log
        self._read: dict[str, list[Event]] = {stream: [] for stream in streams}
        self._read |= log.streams_of(self._read)

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        """Append to the log itself; raises what it raises."""
        self._read = {}
        return self._log.append(events, numbered)

    def stream_of(self, stream: str) -> list[Event]:
        """Return the events of one small stream, oldest first."""
        return self._read[stream] if stream in self._read else self._log.stream_of(stream)

    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of those small streams that exist, from the log itself."""
        return self._log.streams_of(streams, upto)

    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]:
        """Return position and first event of those streams that exist."""
        absent = {stream for stream, events in self._read.items() if not events}
        to_read = [stream for stream in streams if stream not in absent]
        return self._log.first_events(to_read) if to_read else {}

    def load(self, aggregate: type[A], stream: str) -> A | None:
        """Return the aggregate of a stream; ``None`` if there is no such stream."""
        return aggregate.replay(self.stream_of(stream))

    def event(self, position: int) -> Event | None:
        """Return the event at a position, from the log itself."""
        return self._log.event(position)


def streams_named(command: Command) -> Iterator[str]:
    """Yield the ids of the streams that a command names, as far as its words give them."""
    if command.topic:
        yield stream_id("topic", command.topic)
    if isinstance(command, RecordStatement):
        who = command.actor or command.actor_name, command.on_behalf_of
    else:
        who = command.according_to, None
    yield from (stream_id("actor", name) for name in who if name)
    with suppress(Refused):
        yield identify(command.source)
