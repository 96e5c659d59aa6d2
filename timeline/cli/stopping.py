"""Stop a server: until it serves, requests to stop wait for a safe place; then they act at once.

A signal that raises an exception inside a library leaves its work half done: a connection pool logs
it, or returns a connection with an open transaction.
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
