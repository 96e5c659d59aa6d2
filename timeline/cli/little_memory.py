"""What pages took of memory goes back to the system: glibc would keep it, for each thread apart."""

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
"""What glibc calls M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, see mallopt(3)."""

SETTINGS = {ARENAS: 2, MAPPED_FROM: 128 * 1024, KEPT_FREE: 128 * 1024}
"""Places that threads take memory from; bytes from which on a piece goes back by itself; bytes that
are kept at the end of a place for what comes next. By default glibc makes eight places for each
processor, and lets the other two grow with what was taken."""

EVERY, BUSY = 2.0, 0.5
"""Seconds between two looks, and seconds of the processor since the last after which what lies free
between other pieces goes back: it takes a hundredth of a second."""


def keep_little() -> None:
    """Let this process keep little of the memory that it no longer needs; elsewhere do nothing."""
    if (mallopt := _glibc("mallopt")) is not None:
        for setting, value in SETTINGS.items():
            mallopt(setting, value)


@contextmanager
def giving_back() -> Iterator[None]:
    """Give free memory back while a block works, not only what lies at the end of a place."""
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
    """Return a function of the C library, if it is glibc's."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)
