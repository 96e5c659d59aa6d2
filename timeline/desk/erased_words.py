"""Find the words of an erasure in texts of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

TELLING = 40
"""A text of this many characters identifies its origin."""


class ErasedWords:
    """Tells whether a text has erased words: long ones anywhere, short ones as the whole text.

    ``thing`` is the id of what is erased; if it is a source, everything from its text goes too.
    """

    def __init__(self, texts: Collection[str], thing: str = "") -> None:
        self.thing = thing
        self._texts = {text.strip() for text in texts} - {""}
        self._long = [text for text in self._texts if len(text) >= TELLING]

    def is_in(self, *texts: str) -> bool:
        """Tell whether one of these texts has erased words, or is a long part of them."""
        return any(self._is_in(text.strip().removesuffix("…")) for text in texts)

    def _is_in(self, text: str) -> bool:
        if text in self._texts or any(long_text in text for long_text in self._long):
            return True
        return len(text) >= TELLING and any(text in long_text for long_text in self._long)
