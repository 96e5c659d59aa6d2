"""A pattern of a map: a regular expression that somebody else wrote, and that has to end."""

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
"""Time that one cell may take; a cell of a megabyte takes some milliseconds."""


class Pattern:
    """Finds itself in cells; after a cell in which it came to no end, it looks into none."""

    def __init__(self, text: str, key: str) -> None:
        """Raise `Refused` for a pattern that is none, naming the ``key`` of the map."""
        self._text, self._is_endless = text, False
        try:
            self._compiled = regex.compile(text)
        except regex.error as error:
            quotes = InQuotes(text)
            raise Refused(MAP_PATTERN_BROKEN, field=key, pattern=quotes, why=error) from None

    def is_in(self, cell: str) -> bool:
        """Tell whether it is in a cell; raises `Refused` where it came to no end."""
        if not self._is_endless:
            try:
                return self._compiled.search(cell, timeout=SECONDS) is not None
            except TimeoutError:
                self._is_endless = True
        raise Refused(MAP_PATTERN_ENDLESS, pattern=InQuotes(self._text))
