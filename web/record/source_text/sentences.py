"""Cut a text into sentences, and each sentence into pieces with the same marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.quotations import PARAGRAPH, quotations
from timeline.domain.sentences import sentences
from timeline.domain.turns import speaker_at, turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


Span = tuple[int, int]
Recorded = tuple[int, int, int]
"""Start, end and number of a passage that is on record."""

AROUND = 10_000
"""How far around a passage to look for quotation marks, in characters on either side."""


class MarkedSpans(msgspec.Struct, frozen=True):
    """The marked spans of a text: recorded, suggested as a statement, or coded and pending."""

    recorded: Sequence[Recorded] = ()
    suggested: Sequence[Span] = ()
    pending: Sequence[Span] = ()


class Piece(msgspec.Struct, frozen=True):
    """A run of words in a sentence that all have the same marks.

    ``recorded`` words are on record, ``pending`` ones are coded and not recorded yet,
    ``suggested`` ones may be a statement; ``quoted`` words are in quotation marks in the source.
    """

    text: str
    recorded: bool = False
    pending: bool = False
    suggested: bool = False
    quoted: bool = False


class Part(msgspec.Struct, frozen=True):
    """Consecutive pieces; ``chosen`` if they belong to the passage that is being coded."""

    chosen: bool
    pieces: tuple[Piece, ...]


class Sentence(msgspec.Struct, frozen=True):
    """A sentence; ``start`` and ``end`` are code-point offsets in the text.

    ``numbers`` are the statements whose passages end in it. ``lang`` is its language, if it is not
    that of the text.
    """

    start: int
    end: int
    parts: tuple[Part, ...]
    numbers: tuple[int, ...]
    lang: str = ""

    @property
    def value(self) -> str:
        """Its span as an address has it."""
        return f"{self.start}-{self.end}"


def cut_into_sentences(text: str, section: Span | None = None) -> list[list[Span]]:
    """Return the spans of the sentences of a text or a section of it, paragraph by paragraph."""
    return [
        list(sentences(text, *paragraph.span()))
        for paragraph in PARAGRAPH.finditer(text, *(section or (0, len(text))))
        if paragraph[0].strip()
    ]


def article(
    text: str, paragraphs: list[list[Span]], marked: MarkedSpans, coded: Span | None = None
) -> list[list[Sentence]]:
    """Return paragraphs of a text to choose from; ``coded`` is the passage that was chosen."""
    spans = [span for paragraph in paragraphs for span in paragraph]
    quotes = quotes_around(text, (spans[0][0], spans[-1][1])) if spans else []
    return [
        [_sentence(text, span, marked, quotes, coded) for span in paragraph]
        for paragraph in paragraphs
    ]


def pieces(text: str, span: Span) -> list[Piece]:
    """Cut a passage into pieces: words that the source quotes, and others."""
    return [piece for _, piece in _pieces(text, span, MarkedSpans(), quotes_around(text, span))]


def quoted_words(text: str, span: Span) -> str:
    """Return the first words of a passage that are in quotation marks in the text.

    In a transcript, return the whole passage: all of it is somebody's own words. A comma before
    the closing mark belongs to the sentence around the words ("We go," she said).
    """
    if speaker_at(text, span[0]):
        return text[slice(*span)].strip()
    for start, end in quotes_around(text, span):
        words = text[max(start, span[0]) : min(end, span[1])].strip().removesuffix(",")
        if words:
            return words
    return ""


def overlap(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Tell whether two spans overlap."""
    return left[0] < right[1] and right[0] < left[1]


def quotes_around(text: str, span: Span) -> list[Span]:
    """Return the spans in quotation marks in the paragraphs around a span.

    The marks and the space inside them are left out.
    """
    begin = text.rfind("\n", max(0, span[0] - AROUND), span[0]) + 1
    end = text.find("\n", span[1], span[1] + AROUND)
    around = (begin or max(0, span[0] - AROUND), end if end >= 0 else span[1] + AROUND)
    return [
        quotation.inner
        for paragraph in PARAGRAPH.finditer(text, *around)
        for quotation in quotations(text, *paragraph.span())
    ]


def _sentence(
    text: str, span: Span, marked: MarkedSpans, quotes: list[Span], coded: Span | None
) -> Sentence:
    here = MarkedSpans(
        [part for part in marked.recorded if overlap(part, span)],
        [part for part in marked.suggested if overlap(part, span)],
        [part for part in marked.pending if overlap(part, span)],
    )
    runs = groupby(
        _pieces(text, span, here, _overlapping(quotes, span), coded),
        lambda part: coded is not None and _within(part[0], coded),
    )
    parts = tuple(Part(chosen, tuple(piece for _, piece in run)) for chosen, run in runs)
    numbers = tuple(number for _, end, number in here.recorded if span[0] < end <= span[1])
    return Sentence(*span, parts, numbers)


def _overlapping(quotes: list[Span], span: Span) -> list[Span]:
    """Return the quotes that overlap a span; ``quotes`` are in order and disjoint."""
    first = bisect_right(quotes, span[0], key=lambda quote: quote[1])
    return quotes[first : bisect_left(quotes, span[1], key=lambda quote: quote[0])]


def _pieces(
    text: str, span: Span, marked: MarkedSpans, quotes: list[Span], coded: Span | None = None
) -> Iterator[tuple[Span, Piece]]:
    """Cut a span wherever a marked span begins or ends in it."""
    recorded = [outer[:2] for outer in marked.recorded]
    bounds = (*quotes, *recorded, *marked.suggested, *marked.pending, *([coded] if coded else []))
    cuts = sorted({*span, *(at for bound in bounds for at in bound if span[0] < at < span[1])})
    for at in pairwise(cuts):
        is_recorded = any(_within(at, outer) for outer in recorded)
        yield (
            at,
            Piece(
                text[slice(*at)],
                recorded=is_recorded,
                pending=not is_recorded and any(_within(at, outer) for outer in marked.pending),
                suggested=not is_recorded and any(_within(at, outer) for outer in marked.suggested),
                quoted=any(_within(at, outer) for outer in _overlapping(quotes, at)),
            ),
        )


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


WHOLE = 100_000
"""Up to this many characters, a text is shown whole: a long article."""

LONGEST = 30_000
"""The most characters of a section of a longer text."""


def sections(text: str) -> list[Span]:
    """Return the spans of the sections that make up a text.

    A section ends before another speaker begins, else at the end of a line or a sentence. A text
    that is shown whole has one section.
    """
    if len(text) <= WHOLE:
        return [(0, len(text))]
    begins, spoken = [0], [turn.start for turn in turns(text)]
    while len(text) - begins[-1] > LONGEST:
        begins.append(_section_end(text, begins[-1], spoken))
    return [*zip(begins, [*begins[1:], len(text)], strict=True)]


def section_at(spans: Sequence[Span], place: int) -> int:
    """Return the index of the section with a place of the text, else the last one."""
    ends = [end for _, end in spans]
    return min(bisect_right(ends, place), len(spans) - 1)


def _section_end(text: str, begin: int, spoken: Sequence[int]) -> int:
    """Return the end of the section that begins at a place: the best break in its second half."""
    least, most = begin + LONGEST // 2, begin + LONGEST
    if (last := bisect_left(spoken, most) - 1) >= 0 and spoken[last] > least:
        return spoken[last]
    for mark in ("\n", ". ", " "):
        if (at := text.rfind(mark, least, most)) >= 0:
            return at + len(mark)
    return most
