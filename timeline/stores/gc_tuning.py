"""Python's cyclic collector, kept out of work that makes millions of rows and hardly any cycle."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Collect nothing in this process until the block ends, unless `collect_recent` asks.

    In a block of which another one is part, that one changes nothing. What the process has frozen
    before, as a server does, stays frozen.
    """
    if not gc.isenabled():
        yield
        return
    was_frozen = gc.get_freeze_count() > 0
    if not was_frozen:
        gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        if not was_frozen:
            gc.unfreeze()


def collect_recent() -> None:
    """Collect what was made since the last call: mostly nothing, and quick."""
    gc.collect(0)
