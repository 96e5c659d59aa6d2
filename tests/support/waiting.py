"""Waits for what another process or thread does: for as long as a test may take at all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 0.02
"""Seconds between two looks."""


def wait_until(holds: Callable[[], object]) -> None:
    """Return once something holds; a test that waits in vain ends with its own time-out."""
    while not holds():
        time.sleep(PAUSE)
