"""Split a text into sentences, in any language with marks at their ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SHORT = 24
"""Characters before a full stop that are searched for an abbreviation."""

_INK = re.compile(r"\S")
_END = re.compile(r"[.!?…]+[\"'”“»«’)\]]*(?=\s)|[。！？]+")  # noqa: RUF001 - ends of sentences
_SHORT = re.compile(
    r"(?:^|[\s(\[„“\"])(?:\w|\d{1,2}|(?:\w\.)+\w|Abg|Abs|bzw|ca|Cpl|Dr|etc|Frau|Gen|Gov|Hon|Hr|inkl"
    r"|Inc|jun|Jr|Lt|Ltd|max|Mio|Mr|Mrd|Mrs|Ms|No|Nr|Prof|Rep|Sen|sen|Sgt|Sr|St|Str|Tel|usw|vgl|vs"
    r"|zzgl)\.$"
)


def sentences(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a paragraph as spans of code points, without spaces between them."""
    start = begin
    for stop in _END.finditer(text, begin, end):
        following = _INK.search(text, stop.end(), end)
        if following is None or _ends_here(text, start, stop, following[0]):
            yield start, stop.end()
            start = following.start() if following else end
    if _INK.search(text, start, end):
        yield start, start + len(text[start:end].rstrip())


def _ends_here(text: str, start: int, stop: re.Match[str], following: str) -> bool:
    if following.islower():
        return False
    before = max(0, start - 1, stop.end() - LONGEST_SHORT)
    return stop[0] != "." or _SHORT.search(text, before, stop.end()) is None
