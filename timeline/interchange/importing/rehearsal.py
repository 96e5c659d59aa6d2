"""A log that takes events and keeps them for the length of a rehearsal only."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.stores.log import EventLog
from timeline.stores.log_beside import LogBeside
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.stores.recordable import Numbered, Recordable
    from timeline.stores.rows import StoredRow


class RehearsedLog(LogBeside):
    """What is on record together with what would be: reads see both, appends go aside.

    So a dry run decides with the very code that a real one does, and its memory is bounded by
    a file on disk.
    """

    def __init__(self, log: EventLog, aside: EventLog) -> None:
        super().__init__(log)
        self._aside = aside
        self._head = log.head()

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        """Keep the events aside; they stand after what is on record, and mean no more."""
        return [self._after(position) for position in self._aside.append(events, numbered)]

    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of those streams that exist, those on record first."""
        found = self._log.streams_of(streams, upto)
        for stream, events in self._aside.streams_of(streams).items():
            found[stream] = [*found.get(stream, ()), *events]
        return found

    def erase(self, positions: Collection[int]) -> None:
        """Erase nothing: a rehearsal leaves what is on record as it is."""

    def event(self, position: int) -> Event | None:
        """Return the event at a position, of what is on record or would come after it."""
        if position > self._head:
            return self._aside.event(position - self._head)
        return self._log.event(position)

    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]:
        """Return the first events of those streams that exist on record or aside."""
        aside = self._aside.first_events(streams)
        later = {one: (self._after(place), event) for one, (place, event) in aside.items()}
        return later | self._log.first_events(streams)

    def _after(self, position: int) -> int:
        return self._head + position

    def restore(self, rows: Iterable[StoredRow]) -> None:
        """Restore aside; raises `Refused` as the log would."""
        self._aside.restore(rows)


@contextmanager
def rehearsed(log: EventLog) -> Iterator[Recordable]:
    """Lend a log to a rehearsal; whatever is appended is gone at its end."""
    with tempfile.TemporaryDirectory(prefix="standline-rehearsal-") as folder:
        aside = EventLog.open(StoreUrl.parse(f"sqlite:///{Path(folder) / 'aside.db'}"))
        try:
            yield RehearsedLog(log, aside)
        finally:
            aside.close()
