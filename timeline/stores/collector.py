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

    In a block of which another one is part, that one changes nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def collect_recent() -> None:
    """Collect what was made since the last call: mostly nothing, and quick."""
    gc.collect(0)
