"""What stands between quotation marks, in the ways German and English set them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAGRAPH = re.compile(r"[^\n]+")

_QUOTED = re.compile(
    r"„(?P<de>[^“”„]+)[“”]"
    r"|“(?P<en>[^”“]+)(?:”|(?P<open>$))"
    r"|»(?P<book>[^«»]+)«"
    r"|«(?P<fr>[^»«]+)»"
    r"|''(?P<doubled>(?:(?!'').)+)(?:''|$)"
    r'|"(?P<plain>[^"]+)(?:"|$)'
    r"|(?<![^\s(\[])‘(?P<single>(?:[^‘’]|(?<=\w)’(?=\w))+)’(?!\w)"
    r"|(?<![^\s(\[])'(?P<typed>(?:[^']|(?<=\w)'(?=\w))+)'(?!\w)"
)
"""A mark that stays open to the end of its paragraph is closed in a later one."""


class Quotation(NamedTuple):
    """A quotation in a text; ``inner`` leaves out the marks. Offsets are code points."""

    start: int
    end: int
    inner: tuple[int, int]


def quotations(text: str, begin: int, stop: int) -> Iterator[Quotation]:
    """Yield the quotations of a paragraph, which is a span of the text, in order; none overlap."""
    for found in _QUOTED.finditer(text, begin, stop):
        start, end = _stripped(text, *found.span(_words(found)))
        if start < end:
            yield Quotation(found.start(), found.end(), (start, end))


def _words(found: re.Match[str]) -> str:
    return next(name for name, words in found.groupdict().items() if words)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
