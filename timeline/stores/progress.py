"""How whoever waits for something long is told how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")

OnProgress = Callable[[str, int, int], None]
"""Takes what is being done, and how much is through of how much."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


TOLD_EVERY = 1_000


def counted(rows: Iterable[Row], what: str, of: int, on_progress: OnProgress) -> Iterator[Row]:
    """Yield rows as they come, ``of`` in all, and tell now and then how many went through."""
    for done, row in enumerate(rows):
        if not done % TOLD_EVERY:
            on_progress(what, done, of)
        yield row
