"""A text cut into sentences, and each where something begins or ends in it."""

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
"""Characters on either side of a passage in which the quotation marks around it are looked for."""


class Marked(msgspec.Struct, frozen=True):
    """What is marked in a text, by place: on record, coded but not on record, maybe a statement."""

    recorded: Sequence[Recorded] = ()
    suggested: Sequence[Span] = ()
    pending: Sequence[Span] = ()


class Piece(msgspec.Struct, frozen=True):
    """A run of a sentence that is alike in what it is.

    ``recorded`` is true of words on record, ``pending`` of those that are coded and not on record
    yet, ``suggested`` of those that may be a statement and are not coded, ``quoted`` of words that
    the source itself quotes.
    """

    text: str
    recorded: bool = False
    pending: bool = False
    suggested: bool = False
    quoted: bool = False


class Part(msgspec.Struct, frozen=True):
    """Pieces that follow each other; ``chosen`` if all of them are the passage that is coded."""

    chosen: bool
    pieces: tuple[Piece, ...]


class Sentence(msgspec.Struct, frozen=True):
    """A sentence; ``start`` and ``end`` are code-point offsets in the text.

    ``numbers`` are those of the statements whose passages end in it. ``lang`` is its language where
    it is another than that of the text.
    """

    start: int
    end: int
    parts: tuple[Part, ...]
    numbers: tuple[int, ...]
    lang: str = ""

    @property
    def value(self) -> str:
        """How an address names it."""
        return f"{self.start}-{self.end}"


def cut(text: str, section: Span | None = None) -> list[list[Span]]:
    """Return the spans of the sentences of a text or a section of it, paragraph by paragraph."""
    return [
        list(sentences(text, *paragraph.span()))
        for paragraph in PARAGRAPH.finditer(text, *(section or (0, len(text))))
        if paragraph[0].strip()
    ]


def article(
    text: str, paragraphs: list[list[Span]], marked: Marked, coded: Span | None = None
) -> list[list[Sentence]]:
    """Return paragraphs of a text to choose from; ``coded`` is the passage that was chosen."""
    spans = [span for paragraph in paragraphs for span in paragraph]
    quotes = quotes_around(text, (spans[0][0], spans[-1][1])) if spans else []
    return [
        [_sentence(text, span, marked, quotes, coded) for span in paragraph]
        for paragraph in paragraphs
    ]


def pieces(text: str, span: Span) -> list[Piece]:
    """Return a passage, the words apart that the source quotes in it."""
    return [piece for _, piece in _pieces(text, span, Marked(), quotes_around(text, span))]


def quoted_words(text: str, span: Span) -> str:
    """Return the first words of a passage that stand between quotation marks in the text.

    In a transcript all of them are somebody's own, whomever they quote. A comma before the closing
    mark belongs to the sentence around the words ("We go," she said).
    """
    if speaker_at(text, span[0]):
        return text[slice(*span)].strip()
    for start, end in quotes_around(text, span):
        words = text[max(start, span[0]) : min(end, span[1])].strip().removesuffix(",")
        if words:
            return words
    return ""


def meet(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether two spans have words in common."""
    return one[0] < other[1] and other[0] < one[1]


def quotes_around(text: str, span: Span) -> list[Span]:
    """Return what stands between quotation marks in the paragraphs around a span.

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
    text: str, span: Span, marked: Marked, quotes: list[Span], coded: Span | None
) -> Sentence:
    here = Marked(
        [one for one in marked.recorded if meet(one, span)],
        [one for one in marked.suggested if meet(one, span)],
        [one for one in marked.pending if meet(one, span)],
    )
    runs = groupby(
        _pieces(text, span, here, _meeting(quotes, span), coded),
        lambda one: coded is not None and _within(one[0], coded),
    )
    parts = tuple(Part(chosen, tuple(piece for _, piece in run)) for chosen, run in runs)
    numbers = tuple(number for _, end, number in here.recorded if span[0] < end <= span[1])
    return Sentence(*span, parts, numbers)


def _meeting(quotes: list[Span], span: Span) -> list[Span]:
    """Return those that reach into a span; they are in order and do not overlap."""
    first = bisect_right(quotes, span[0], key=lambda one: one[1])
    return quotes[first : bisect_left(quotes, span[1], key=lambda one: one[0])]


def _pieces(
    text: str, span: Span, marked: Marked, quotes: list[Span], coded: Span | None = None
) -> Iterator[tuple[Span, Piece]]:
    """Cut a span wherever something begins or ends in it."""
    recorded = [one[:2] for one in marked.recorded]
    bounds = (*quotes, *recorded, *marked.suggested, *marked.pending, *([coded] if coded else []))
    cuts = sorted({*span, *(at for bound in bounds for at in bound if span[0] < at < span[1])})
    for at in pairwise(cuts):
        is_recorded = any(_within(at, one) for one in recorded)
        yield (
            at,
            Piece(
                text[slice(*at)],
                recorded=is_recorded,
                pending=not is_recorded and any(_within(at, one) for one in marked.pending),
                suggested=not is_recorded and any(_within(at, one) for one in marked.suggested),
                quoted=any(_within(at, one) for one in _meeting(quotes, at)),
            ),
        )


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


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
    begins, spoken = [0], [turn.start for turn in turns(text)]
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
