"""The process of a server: how it stops, and how it returns free memory."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPS = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 10.0
"""Seconds for a command to end after a request; a later request stops it at any place."""


class Stopping:
    """Requests to stop a command."""

    def __init__(self) -> None:
        self._heard: float | None = None
        self._at_once = False

    def if_asked(self) -> None:
        """Raise `KeyboardInterrupt` if there was a request; this is a safe place."""
        if self._heard is not None:
            raise KeyboardInterrupt

    def at_once(self) -> None:
        """Raise `KeyboardInterrupt` for an earlier request, and for later ones from now on."""
        self._at_once = True
        self.if_asked()

    def hear(self, _signal: int, _frame: object) -> None:
        """Handle a request; a repeated one during clean-up changes nothing."""
        if self._heard is None:
            self._heard = time.monotonic()
            if self._at_once:
                raise KeyboardInterrupt
        elif time.monotonic() - self._heard >= PATIENCE:
            self._heard = time.monotonic()
            raise KeyboardInterrupt


@contextmanager
def stopping_in_order() -> Iterator[Stopping]:
    """Make every request to stop end the command like Ctrl-C, so that it can clean up."""
    stopping = Stopping()

    def say(unraisable: sys.UnraisableHookArgs) -> None:
        # If a library catches the interrupt, Python would print it; the server stops anyway.
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            hook(unraisable)

    hook, sys.unraisablehook = sys.unraisablehook, say
    signals = [signal.Signals[name] for name in STOPS if name in signal.Signals.__members__]
    before = {number: signal.signal(number, stopping.hear) for number in signals}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook


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
