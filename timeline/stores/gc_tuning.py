"""Pauses Python's cyclic garbage collector for work with millions of rows and hardly any cycles."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector until the block ends; `collect_recent` still collects.

    Nested blocks change nothing. Objects that were frozen before, as in a server, stay frozen.
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
    """Collect cycles among recent objects: mostly none, so it is quick."""
    gc.collect(0)
