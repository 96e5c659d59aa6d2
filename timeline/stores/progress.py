"""How whoever waits for something long is told how far it is."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[str, int, int], None]
"""Takes what is being done, and how much is through of how much."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""
