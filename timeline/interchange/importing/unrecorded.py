"""Find the items of a history in a file that go beyond the history on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")


def unrecorded(
    stated: Iterable[T], recorded: Sequence[T], same: Callable[[T, T], bool]
) -> Iterator[T]:
    """Yield the items that are not on record after the items before them.

    So an item that returns is recorded again, and a file imported twice yields nothing new.
    """
    after = 0
    for item in stated:
        place = next((at for at in range(after, len(recorded)) if same(item, recorded[at])), None)
        if place is None:
            yield item
        after = len(recorded) if place is None else place + 1
