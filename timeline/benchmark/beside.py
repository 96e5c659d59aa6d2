"""What runs beside what is measured: another process, for a while."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 60.0


@contextmanager
def beside(do: Callable[..., None], *given: object) -> Iterator[None]:
    """Let another process do something for the length of a block.

    It gets what is ``given`` and two events: one to set once it has begun, one to end at. Raises
    `TimeoutError` where it does not begin.
    """
    own = multiprocessing.get_context("spawn")
    began, ending = own.Event(), own.Event()
    process = own.Process(target=do, args=(*given, began, ending), daemon=True)
    process.start()
    try:
        if not began.wait(PATIENCE):
            raise TimeoutError
        yield
    finally:
        ending.set()
        process.join(PATIENCE)
