"""What pages took of memory goes back to the system: glibc would keep it, for each thread apart."""

from __future__ import annotations

import ctypes
import sys

ARENAS, MAPPED_FROM, KEPT_FREE = -8, -3, -1
"""What glibc calls M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, see mallopt(3)."""

SETTINGS = {ARENAS: 2, MAPPED_FROM: 128 * 1024, KEPT_FREE: 128 * 1024}
"""Places that threads take memory from; bytes from which on a piece goes back by itself; bytes that
are kept at the end of a place for what comes next. By default glibc makes eight places for each
processor, and lets the other two grow with what was taken."""


def keep_little() -> None:
    """Let this process keep little of the memory that it no longer needs; elsewhere do nothing."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for what, value in SETTINGS.items():
            mallopt(what, value)
