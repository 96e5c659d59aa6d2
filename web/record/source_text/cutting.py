"""A text cut into sentences, and each where something begins or ends in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]
Recorded = tuple[int, int, int]
"""Start, end and number of a passage that is on record."""

MOST = 100_000
"""Characters of a text from its beginning that are cut, and can be chosen from: a long article."""

LONGEST_SHORT = 24
"""Characters back from a full stop in which it is seen whether it ends an abbreviation."""

_INK = re.compile(r"\S")
_PARAGRAPH = re.compile(r"[^\n]+")
_END = re.compile(r"[.!?…]+[\"'”“»«’)\]]*(?=\s)|[。！？]+")  # noqa: RUF001 - ends of sentences
_SHORT = re.compile(
    r"(?:^|[\s(\[])(?:\w|\d+|Abs|bzw|ca|Dr|etc|Frau|Hr|Mio|Mr|Mrs|Ms|Nr|Prof|St|usw|vgl)\.$"
)
_QUOTED = re.compile(
    '„(?P<de>[^“”„]+)[“”]|“(?P<en>[^”“]+)”|»(?P<book>[^«»]+)«|«(?P<fr>[^»«]+)»|"(?P<plain>[^"]+)"'
)


class Piece(msgspec.Struct, frozen=True):
    """A run of a sentence; ``number`` of the statement that was recorded from it, or 0.

    ``ends`` is true where that passage ends; ``quoted`` of words that the source itself quotes.
    """

    text: str
    number: int = 0
    ends: bool = False
    quoted: bool = False


class Part(msgspec.Struct, frozen=True):
    """Pieces that follow each other; ``chosen`` if all of them are the passage that is coded."""

    chosen: bool
    pieces: tuple[Piece, ...]


class Sentence(msgspec.Struct, frozen=True):
    """A sentence; ``start`` and ``end`` are code-point offsets in the text."""

    start: int
    end: int
    parts: tuple[Part, ...]

    @property
    def value(self) -> str:
        """What the form sends when the sentence is taken."""
        return f"{self.start}-{self.end}"


class Article(msgspec.Struct, frozen=True):
    """A text by paragraph and sentence; ``exact`` is the passage if it is no whole sentence."""

    paragraphs: list[list[Sentence]]
    exact: str = ""


NO_TEXT = Article([])


def article(text: str, recorded: list[Recorded], coded: Span | None = None) -> Article:
    """Return a text to choose from; ``coded`` is the passage that was chosen."""
    spans = [
        (paragraph.span(), list(_sentences(text, *paragraph.span())))
        for paragraph in _PARAGRAPH.finditer(text, 0, MOST)
        if paragraph[0].strip()
    ]
    exact = None if any(coded in sentences for _, sentences in spans) else coded
    shown = [
        _paragraph(text, sentences, recorded, list(_quotes(text, *paragraph)), exact)
        for paragraph, sentences in spans
    ]
    return Article(shown, f"{exact[0]}-{exact[1]}" if exact else "")


def pieces(text: str, span: Span) -> list[Piece]:
    """Return a passage, the words apart that the source quotes in it."""
    quotes = list(_quotes(text, *_around(text, span)))
    return [piece for _, piece in _pieces(text, span, [], quotes)]


def quoted_words(text: str, span: Span) -> str:
    """Return the first words of a passage that stand between quotation marks in the text."""
    for start, end in _quotes(text, *_around(text, span)):
        words = text[max(start, span[0]) : min(end, span[1])].strip()
        if words:
            return words
    return ""


def _sentences(text: str, begin: int, end: int) -> Iterator[Span]:
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


def _quotes(text: str, begin: int, end: int) -> Iterator[Span]:
    """Yield what stands between quotation marks, without the marks and the space inside them."""
    for found in _QUOTED.finditer(text, begin, end):
        start, stop = found.span(found.lastgroup or 0)
        words = text[start:stop]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _around(text: str, span: Span) -> Span:
    """Return the paragraphs in which a passage lies: its quotation marks may stand before it."""
    end = text.find("\n", span[1])
    return text.rfind("\n", 0, span[0]) + 1, len(text) if end < 0 else end


def _paragraph(
    text: str,
    sentences: list[Span],
    recorded: list[Recorded],
    quotes: list[Span],
    exact: Span | None,
) -> list[Sentence]:
    return [
        Sentence(*span, _parts(_pieces(text, span, recorded, _meeting(quotes, span), exact), exact))
        for span in sentences
    ]


def _meeting(quotes: list[Span], span: Span) -> list[Span]:
    """Return those that reach into a span; they are in order and do not overlap."""
    first = bisect_right(quotes, span[0], key=lambda one: one[1])
    return quotes[first : bisect_left(quotes, span[1], key=lambda one: one[0])]


def _parts(found: list[tuple[Span, Piece]], exact: Span | None) -> tuple[Part, ...]:
    runs = groupby(found, lambda one: exact is not None and _within(one[0], exact))
    return tuple(Part(chosen, tuple(piece for _, piece in run)) for chosen, run in runs)


def _pieces(
    text: str,
    span: Span,
    recorded: list[Recorded],
    quotes: list[Span],
    exact: Span | None = None,
) -> list[tuple[Span, Piece]]:
    """Cut a span wherever something begins or ends in it."""
    own = [one for one in recorded if _within(one[:2], span)]
    bounds = (*quotes, *(one[:2] for one in own), *([exact] if exact else []))
    cuts = sorted({*span, *(at for bound in bounds for at in bound if span[0] < at < span[1])})
    return [(at, _piece(text, at, own, quotes)) for at in pairwise(cuts)]


def _piece(text: str, at: Span, recorded: list[Recorded], quotes: list[Span]) -> Piece:
    number, ends = next(
        ((number, at[1] == end) for start, end, number in recorded if _within(at, (start, end))),
        (0, False),
    )
    quoted = any(_within(at, quote) for quote in _meeting(quotes, at))
    return Piece(text[slice(*at)], number, ends, quoted)


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
