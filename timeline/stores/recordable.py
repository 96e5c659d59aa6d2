"""What those who decide and import ask of a log: so that a rehearsal can stand in for one."""

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
"""Makes an event that names others of the same append by their positions, once these are known."""


class Appendable(Protocol):
    """What a decision about small streams needs of a log; `EventLog` says what each does."""

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]: ...
    def stream_of(self, stream: str) -> list[Event]: ...
    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]: ...
    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]: ...
    def load(self, aggregate: type[A], stream: str) -> A | None: ...
    def event(self, position: int) -> Event | None: ...


class Recordable(Appendable, Protocol):
    """A log that is read by stream and appended to; `EventLog` is one, and says what each does."""

    def restore(self, rows: Iterable[StoredRow]) -> None: ...
    def with_content(self, stream: str) -> list[int]: ...
    def erase(self, positions: Collection[int]) -> None: ...
    def stored(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]: ...
    def head(self) -> int: ...
    def last(self) -> tuple[int, int]: ...
