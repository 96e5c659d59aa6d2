"""Restores that are killed at a step, each in a process of its own."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.processes import PROCESSES
from timeline.backup.restoring import restore
from timeline.desk import desk
from timeline.stores import atomic_restore  # noqa: F401 - loaded before its names are replaced
from timeline.stores.progress import silent
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = ((os, "link"), (os, "replace"), (os, "fsync"), (os, "rmdir"), (desk, "restore_rows"))


def is_killed(path: Path, address: str, steps: int, *, links: bool) -> bool:
    """Restore in a process that is killed after so many steps; tell whether it came to that."""
    process = PROCESSES.Process(target=_restore, args=(str(path), address, steps, links))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    killed = process.exitcode != 0
    process.close()
    return killed


def _restore(path: str, address: str, left: int, links: bool) -> None:  # noqa: FBT001 - of a process
    steps = iter(range(left))

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            if next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)

        return call

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        os.link = refuse  # type: ignore[assignment]
    for place, name in STEPS:
        setattr(place, name, counted(getattr(place, name)))
    restore(Path(path), StoreUrl.parse(address), silent)
