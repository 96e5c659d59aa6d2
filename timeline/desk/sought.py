"""Words that are to go from the desk, wherever they lie on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

TELLING = 40
"""From this many characters a text says by itself where it is from."""


class Sought:
    """Tells which texts hold the words: a longer one anywhere, a short one where it is all."""

    def __init__(self, texts: Collection[str]) -> None:
        self._texts = {text.strip() for text in texts} - {""}
        self._long = [text for text in self._texts if len(text) >= TELLING]

    def is_in(self, held: str) -> bool:
        """Tell whether a text holds them, or is a longer piece of them."""
        held = held.strip()
        if held in self._texts or any(one in held for one in self._long):
            return True
        return len(held) >= TELLING and any(held in one for one in self._long)
