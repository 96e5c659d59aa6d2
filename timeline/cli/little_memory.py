"""Return free memory to the system: glibc would keep it for each thread."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ARENAS, MAPPED_FROM, KEPT_FREE = -8, -3, -1
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of glibc, see mallopt(3)."""

SETTINGS = {ARENAS: 2, MAPPED_FROM: 128 * 1024, KEPT_FREE: 128 * 1024}
"""The number of arenas; the size from which a freed block is returned; bytes that stay free at the
end of an arena. By default glibc makes eight arenas for each processor, and raises the other two
values with use."""

EVERY, BUSY = 2.0, 0.5
"""Seconds between two checks, and processor seconds since the last one after which free blocks
between others are returned, too; this takes a hundredth of a second."""


def limit_memory() -> None:
    """Let this process keep little free memory; without glibc do nothing."""
    if (mallopt := _glibc("mallopt")) is not None:
        for setting, value in SETTINGS.items():
            mallopt(setting, value)


@contextmanager
def releasing_memory() -> Iterator[None]:
    """Return free memory while the block runs, not only at the ends of arenas."""
    trim, ending = _glibc("malloc_trim"), threading.Event()
    if trim is None:
        yield
        return

    def look() -> None:
        worked = time.process_time()
        while not ending.wait(EVERY):
            if time.process_time() - worked > BUSY:
                trim(0)
                worked = time.process_time()

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ending.set()
        looking.join()


def _glibc(name: str) -> Any:  # noqa: ANN401 - a function of the C library
    """Return a function of the C library if this is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)
