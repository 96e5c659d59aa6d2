"""A regular expression in a map, with a time limit because somebody else wrote it."""

from __future__ import annotations

import regex

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

MAP_PATTERN_BROKEN = Message(
    "map_pattern_broken",
    "the pattern %(pattern)s is broken (%(why)s)",
    fix="mend the regular expression",
)
MAP_PATTERN_ENDLESS = Message(
    "map_pattern_endless",
    "the pattern %(pattern)s takes too long in this cell",
    fix="write it without repetitions inside repetitions, such as (a+)+",
)

SECONDS = 1.0
"""Time limit for one cell; a cell of a megabyte takes some milliseconds."""


class Pattern:
    """A pattern that searches cells; after one timeout it searches no more."""

    def __init__(self, text: str, key: str) -> None:
        """Raise `Refused` for an invalid pattern, naming the ``key`` of the map."""
        self._text, self._is_endless = text, False
        try:
            self._compiled = regex.compile(text)
        except regex.error as error:
            quotes = InQuotes(text)
            raise Refused(MAP_PATTERN_BROKEN, field=key, pattern=quotes, why=error) from None

    def is_in(self, cell: str) -> bool:
        """Tell whether it is in a cell; raises `Refused` after a timeout."""
        if not self._is_endless:
            try:
                return self._compiled.search(cell, timeout=SECONDS) is not None
            except TimeoutError:
                self._is_endless = True
        raise Refused(MAP_PATTERN_ENDLESS, pattern=InQuotes(self._text))
