"""How many statements a chart draws one by one: of a lane, and of all lanes together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.lanes.chart_input import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable

ALTOGETHER = 1_000
"""Statements of all lanes up to which they are drawn one by one."""

AT_LEAST = 60
"""Statements of a lane up to which they are drawn one by one, however many those of others are."""


def words_read(counts: Iterable[int]) -> int:
    """Return how many statements a lane may have for its words to be read, of lanes with so many.

    The shortest are read first.
    """
    read = 0
    for count in sorted(counts):
        if read + count > ALTOGETHER:
            return min(max(AT_LEAST, count - 1), MARKS)
        read += count
    return MARKS
