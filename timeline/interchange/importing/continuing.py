"""What a file says, oldest first, beyond what is on record in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")


def continuing(
    stated: Iterable[T], recorded: Sequence[T], same: Callable[[T, T], bool]
) -> Iterator[T]:
    """Yield what is not on record behind what the file said before it.

    So what returns is said again, and a file that is read twice says nothing new.
    """
    after = 0
    for item in stated:
        place = next((at for at in range(after, len(recorded)) if same(item, recorded[at])), None)
        if place is None:
            yield item
        after = len(recorded) if place is None else place + 1
