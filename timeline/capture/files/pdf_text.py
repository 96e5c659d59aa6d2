"""The text of a PDF as written: whole words and paragraphs, without running heads.

A page has only lines and their places. A paragraph is recognised by the space above a line, its
indent, and a sentence that ends before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pypdf import PageObject

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_ENDS_A_SENTENCE = re.compile(r"[.!?…:][\"')\]»«“”’]*$")
_HYPHEN = re.compile(r"(?P<first>[^\W\d_]+)[-\u2010\u00ad]$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PAIRED = {"und", "oder", "bzw", "sowie", "and", "or"}
"""Words after a hyphen that belongs to the word: Wirtschafts- und Finanzpolitik."""

_NUMBER = re.compile(r"\d+")
EDGE = 2
"""Lines at the top and at the bottom of a page that may be running heads."""

WIDE, SHORT = 1.35, 0.7
"""Relative to usual lines: least space above a paragraph, most length of its last line."""

INDENT, MOST_INDENT = 0.8, 5
"""The least and the most indent of a paragraph's first line, in letter sizes."""


class Line(NamedTuple):
    """A line of a page, with its place in points from left and bottom."""

    text: str
    x: float
    y: float
    size: float


def text_of(pages: Iterable[PageObject]) -> str:
    """Return the text of pages, with an empty line between paragraphs."""
    return _flowing(_without_heads([_lines(page) for page in pages]))


def _lines(page: PageObject) -> list[Line]:
    lines: list[Line] = []
    is_open = False

    def take(text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:  # noqa: ANN401 - pypdf's
        nonlocal is_open
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        for part in text.splitlines(keepends=True):
            words = part.rstrip("\r\n")
            if is_open and lines:
                lines[-1] = lines[-1]._replace(text=lines[-1].text + words)
            elif words.strip():
                lines.append(Line(words, x, y, size * abs(tm[3] or 1)))
            is_open = part == words and bool(lines)

    page.extract_text(visitor_text=take)
    return [line._replace(text=line.text.translate(_LIGATURES).strip()) for line in lines]


def _without_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Drop lines at the edges that many pages share, apart from numbers."""
    edges = [{_head(line) for line in (*page[:EDGE], *page[-EDGE:])} for page in pages]
    counted = Counter(head for page in edges for head in page)
    often = max(2, len(pages) // 3)
    heads = {head for head, count in counted.items() if count >= often}
    bodies = []
    for page in pages:
        inner = range(EDGE, len(page) - EDGE)
        rest = [line for at, line in enumerate(page) if at in inner or _head(line) not in heads]
        bodies.append(rest or page)
    return bodies


def _head(line: Line) -> tuple[str, int]:
    return _NUMBER.sub("#", line.text), round(line.y)


class _Page(NamedTuple):
    """Usual values of a file: points between lines, left margin, letters in a line."""

    gap: float
    margin: float
    length: float


def _flowing(pages: list[list[Line]]) -> str:
    lines = [line for page in pages for line in page if line.text]
    if not lines:
        return ""
    pairs = [pair for page in pages for pair in pairwise(page)]
    gaps = [upper.y - lower.y for upper, lower in pairs if upper.y > lower.y]
    margins = Counter(round(line.x) for line in lines)
    usual = _Page(
        median(gaps) if gaps else 0.0,
        margins.most_common(1)[0][0],
        median(len(line.text) for line in lines),
    )
    words = set(_WORD.findall(" ".join(line.text for line in lines)))
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        if _begins_paragraph(before, line, usual):
            parts.append("\n\n")
        else:
            parts[-1] = _going_on(parts[-1], line.text, words)
        parts.append(line.text)
    return "".join(parts)


def _begins_paragraph(before: Line, line: Line, usual: _Page) -> bool:
    if usual.gap and before.y - line.y > WIDE * usual.gap:
        return True
    if not _ENDS_A_SENTENCE.search(before.text):
        return False
    is_short = len(before.text) < SHORT * usual.length
    return is_short or INDENT < (line.x - usual.margin) / (line.size or 1) < MOST_INDENT


def _going_on(before: str, line: str, words: set[str]) -> str:
    """Return a line for joining with the next; a word divided at its end is joined."""
    hyphen, rest = _HYPHEN.search(before), _GOES_ON.match(line)
    if not hyphen or not rest or rest[0] in _PAIRED:
        is_compound = before.endswith("-") and not before.endswith(" -") and line[:1].isalnum()
        return before if is_compound and not rest else f"{before} "
    joined, apart = hyphen["first"] + rest[0], f"{hyphen['first']}-{rest[0]}"
    if not rest[0][0].islower() or (apart in words and joined not in words):
        return f"{before[:-1]}-"
    return before[:-1]
