"""Processes that begin with everything loaded, where a test needs some of its own."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Said = TypeVar("Said")

PATIENCE = 120.0
"""Seconds for all to be there."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.backup.killed", "tests.support.openings", "tests.support.everything"]
)


def at_once(count: int, job: Callable[[str], Said], address: str) -> list[Said]:
    """Do the same to a store in so many processes at the same moment; return what each says."""
    start, said = PROCESSES.Barrier(count), PROCESSES.SimpleQueue()
    processes = [
        PROCESSES.Process(target=_do, args=(start, said, job, address)) for _ in range(count)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * count
    return [said.get() for _ in processes]


def _do(start: Any, said: Any, job: Callable[[str], Said], address: str) -> None:  # noqa: ANN401 - of a context
    start.wait(PATIENCE)
    said.put(job(address))
