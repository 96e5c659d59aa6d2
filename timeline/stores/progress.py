"""Reports of the progress of long tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")

OnProgress = Callable[[str, int, int], None]
"""Takes the name of the task, how much is done, and of how much."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Report nothing."""


TOLD_EVERY = 1_000


def with_progress(
    rows: Iterable[Row], what: str, of: int, on_progress: OnProgress
) -> Iterator[Row]:
    """Yield rows, ``of`` in all, and report progress now and then."""
    for done, row in enumerate(rows):
        if not done % TOLD_EVERY:
            on_progress(what, done, of)
        yield row
