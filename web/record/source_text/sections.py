"""A very long text in sections, of which the workbench shows one at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from timeline.capture.reading.turns import turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.record.source_text.cutting import Span

WHOLE = 100_000
"""Characters of a text that is shown whole: a long article."""

LONGEST = 30_000
"""Characters of a section, of a text that is longer than that."""


def sections(text: str) -> list[Span]:
    """Return the sections of a text from its first character to its last, each as a span.

    A section ends before somebody else begins to speak, else where a line or a sentence ends. Of a
    text that is shown whole there is one.
    """
    if len(text) <= WHOLE:
        return [(0, len(text))]
    begins, spoken = [0], [one.start for one in turns(text)]
    while len(text) - begins[-1] > LONGEST:
        begins.append(_end(text, begins[-1], spoken))
    return [*zip(begins, [*begins[1:], len(text)], strict=True)]


def section_at(found: Sequence[Span], place: int) -> int:
    """Return which section holds a place of the text, the last one where none does."""
    ends = [end for _, end in found]
    return min(bisect_right(ends, place), len(found) - 1)


def _end(text: str, begin: int, spoken: Sequence[int]) -> int:
    """Return where a section ends that begins at a place: in its second half, as fits best."""
    least, most = begin + LONGEST // 2, begin + LONGEST
    if (last := bisect_left(spoken, most) - 1) >= 0 and spoken[last] > least:
        return spoken[last]
    for mark in ("\n", ". ", " "):
        if (at := text.rfind(mark, least, most)) >= 0:
            return at + len(mark)
    return most
