"""Split a text into quotations, sentences and words, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.domain.quotations import PARAGRAPH, quotations
from timeline.domain.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.domain.quotations import Quotation

Kind = Literal["word", "number", "mark", "quote"]

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:/]\d+)*(?:-\w+)*)"
    r"|(?P<word>(?:\w\.){2,}|[^\W\d_]\w*(?:[-'’&*:/·]\w+)*-?)"
    r"|(?P<mark>[^\w\s])"
)
_SAID_BEFORE = re.compile(
    r"(?:(?:[A-Z][\w.’'-]*|of|de|von|van) ){1,5}"
    r"(?:asked|said|says|replied|wrote|added|told|tweeted)\b"
)
"""What follows a quotation: “Why?” Ann Kern asked."""

_SAYING_ENDS = ".,!?…"
_STANDS_AFTER, _STANDS_BEFORE = ":,–—-(", ",.;:–—)!?"
_CLOSING, _ENDING = "\"'”“»«’‘)] ", ".!?…:;,"
_LONGEST_HEADING = 140
"""Characters."""

_SHORTEST = 25
"""Fewest characters of a sentence in a quotation that is a suggestion of its own."""


class Token(NamedTuple):
    """A word, a number, a punctuation mark, or an independent quotation.

    Offsets are code points. ``low`` is the text in lower case. ``quoted`` marks words in quotation
    marks within a sentence of the author.
    """

    text: str
    low: str
    start: int
    end: int
    kind: Kind
    quoted: bool = False

    @property
    def capital(self) -> bool:
        """Tell whether it is a word that begins with a capital letter."""
        return self.kind == "word" and self.text[0].isupper()


class Sentence(NamedTuple):
    """A sentence with all that is quoted in it; ``paragraph`` counts from 0."""

    paragraph: int
    start: int
    end: int
    tokens: tuple[Token, ...]

    def words(self) -> list[Token]:
        """Return all tokens but independent quotations."""
        return [token for token in self.tokens if token.kind != "quote"]

    def quotes(self) -> tuple[Token, ...]:
        """Return the independent quotations."""
        return tuple(token for token in self.tokens if token.kind == "quote")

    @property
    def is_quotation(self) -> bool:
        """Tell whether there is nothing but a quotation."""
        return bool(self.quotes()) and all(token.kind == "mark" for token in self.words())


def read_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text; a quotation of several sentences is in one."""
    for number, paragraph in enumerate(PARAGRAPH.finditer(text)):
        begin, end = paragraph.span()
        own = list(quotations(text, begin, end))
        for start, stop in _outer(text, begin, end, own):
            inside = [quotation for quotation in own if start <= quotation.start < stop]
            yield Sentence(number, start, stop, tuple(_tokens(text, start, stop, inside)))


def without_headings(text: str, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Drop headings: separate lines without a final mark. A text of one line has none."""
    all_of_them = list(sentences)
    lines = Counter(sentence.paragraph for sentence in all_of_them)
    for sentence in all_of_them:
        words = text[sentence.start : sentence.end].rstrip(_CLOSING)
        is_short = lines[sentence.paragraph] == 1 and len(words) < _LONGEST_HEADING
        if not (is_short and len(lines) > 1 and words[-1:] not in _ENDING):
            yield sentence


def quoted_sentences(text: str, quote: Token) -> list[tuple[int, int]]:
    """Return the sentences of a quotation as spans, with marks; short ones are joined."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences(text, quote.start, quote.end):
        is_short = spans and min(end - start, spans[-1][1] - spans[-1][0]) < _SHORTEST
        if is_short:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _outer(text: str, begin: int, end: int, own: list[Quotation]) -> Iterator[tuple[int, int]]:
    start = None
    for first, stop in sentences(text, begin, end):
        start = first if start is None else start
        is_inside = any(quotation.start < stop < quotation.end for quotation in own)
        ends_quotation = any(quotation.end == stop for quotation in own)
        goes_on = ends_quotation and _SAID_BEFORE.match(text[stop:end].lstrip())
        if not (is_inside or goes_on):
            yield start, stop
            start = None
    if start is not None:
        yield start, end


def _tokens(text: str, start: int, end: int, inside: list[Quotation]) -> Iterator[Token]:
    at = start
    for quotation in inside:
        if _stands(text, start, end, quotation):
            yield from _plain(text, at, quotation.start)
            words = text[quotation.start : quotation.end]
            yield Token(words, words.lower(), quotation.start, quotation.end, "quote")
        else:
            yield from _plain(text, at, quotation.start)
            yield from _plain(text, *quotation.inner, quoted=True)
        at = quotation.end
    yield from _plain(text, at, end)


def _stands(text: str, start: int, end: int, quotation: Quotation) -> bool:
    """Tell whether a quotation is independent, not part of a sentence."""
    words = text[slice(*quotation.inner)]
    if " " not in words and words[-1] not in "!?":
        return False
    before, after = text[start : quotation.start].rstrip(), text[quotation.end : end].lstrip()
    finished = words[-1] in _SAYING_ENDS
    if before and before[-1] not in _STANDS_AFTER:
        return finished and words[0].isupper() and not after
    return not after or after[0] in _STANDS_BEFORE or finished


def _plain(text: str, start: int, end: int, *, quoted: bool = False) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        kind: Kind = match.lastgroup  # type: ignore[assignment] # the groups are the kinds
        yield Token(match[0], match[0].lower(), match.start(), match.end(), kind, quoted)
