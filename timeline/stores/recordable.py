"""The protocols of a log for decisions and imports, so that a rehearsal can replace it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event
    from timeline.stores.rows import StoredRow

A = TypeVar("A", bound="Aggregate")
Numbered = Callable[[Sequence[int]], "Event"]
"""Makes an event that refers to others of the same append, once their positions are known."""


class Appendable(Protocol):
    """What decisions about small streams need of a log; for the methods see `EventLog`."""

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]: ...
    def stream_of(self, stream: str) -> list[Event]: ...
    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]: ...
    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]: ...
    def load(self, aggregate: type[A], stream: str) -> A | None: ...
    def event(self, position: int) -> Event | None: ...


class Recordable(Appendable, Protocol):
    """What imports and erasures need of a log; for the methods see `EventLog`."""

    def restore(self, rows: Iterable[StoredRow]) -> None: ...
    def with_content(self, stream: str) -> list[int]: ...
    def erase(self, positions: Collection[int]) -> None: ...
    def stored(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]: ...
    def head(self) -> int: ...
    def last(self) -> tuple[int, int]: ...
