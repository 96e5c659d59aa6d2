"""Finds the words of an erasure in what lies on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

TELLING = 40
"""From this many characters a text says by itself where it is from."""


class Sought:
    """Tells which texts hold the words to erase: long ones anywhere, short ones as the whole text.

    ``thing`` is the id of what is erased; where that is a source, all that is of its text goes.
    """

    def __init__(self, texts: Collection[str], thing: str = "") -> None:
        self.thing = thing
        self._texts = {text.strip() for text in texts} - {""}
        self._long = [text for text in self._texts if len(text) >= TELLING]

    def is_in(self, *held: str) -> bool:
        """Tell whether one of these holds the words, or is a longer piece of them."""
        return any(self._is_in(one.strip().removesuffix("…")) for one in held)

    def _is_in(self, held: str) -> bool:
        if held in self._texts or any(one in held for one in self._long):
            return True
        return len(held) >= TELLING and any(held in one for one in self._long)
