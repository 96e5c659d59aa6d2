"""What runs in another process: beside what is measured for a while, or what is measured itself."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

PATIENCE = 60.0
AFRESH = multiprocessing.get_context("spawn")
"""How another process begins: with nothing of this one, neither its threads nor its memory."""


def apart(do: Callable[..., T], *given: object) -> T:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=AFRESH) as process:
        return process.submit(do, *given).result()


@contextmanager
def beside(do: Callable[..., None], *given: object) -> Iterator[None]:
    """Let another process do something for the length of a block.

    It gets what is ``given`` and two events: one to set once it has begun, one to end at. Raises
    `TimeoutError` where it does not begin.
    """
    began, ending = AFRESH.Event(), AFRESH.Event()
    process = AFRESH.Process(target=do, args=(*given, began, ending), daemon=True)
    process.start()
    try:
        if not began.wait(PATIENCE):
            raise TimeoutError
        yield
    finally:
        ending.set()
        process.join(PATIENCE)
