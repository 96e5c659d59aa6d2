"""How a server is stopped: requests wait for a safe place until it serves, and count at once then.

An exception that a signal raises in the middle of a library leaves that half done: a pool of
connections logs it, or hands out a connection whose transaction never ended.
"""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPS = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 10.0
"""Seconds for a command to end after a request: one that comes later stops it wherever it is."""


class Stopping:
    """Whether a command was told to stop."""

    def __init__(self) -> None:
        self._heard: float | None = None
        self._at_once = False

    def if_asked(self) -> None:
        """Raise `KeyboardInterrupt` if there was a request: nothing is half done here."""
        if self._heard is not None:
            raise KeyboardInterrupt

    def at_once(self) -> None:
        """Raise `KeyboardInterrupt` for a request, whether it came before or comes from now on."""
        self._at_once = True
        self.if_asked()

    def hear(self, _signal: int, _frame: object) -> None:
        """Note a request; one that is repeated while the command cleans up changes nothing."""
        if self._heard is None:
            self._heard = time.monotonic()
            if self._at_once:
                raise KeyboardInterrupt
        elif time.monotonic() - self._heard >= PATIENCE:
            self._heard = time.monotonic()
            raise KeyboardInterrupt


@contextmanager
def stopping_in_order() -> Iterator[Stopping]:
    """Let every request to stop end the command as Ctrl-C does, so that it can clean up."""
    stopping = Stopping()

    def say(unraisable: sys.UnraisableHookArgs) -> None:
        # A library may catch the interrupt, and Python would print it. The server stops anyway.
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
