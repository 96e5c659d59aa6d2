"""The paragraph of a statement in its source, without a mark on the statement's words.

From it a coder says who speaks, when, and in which words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.quotations import PARAGRAPH
from timeline.projections.queries.anchors import place_of, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.entries import StatementEntry
    from timeline.stores.log import EventLog

Span = tuple[int, int]
"""A half-open range."""

NOTHING = (0, 0)

_WORD = re.compile(r"\w+")


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph with its neighbours; ``passage`` is the range of characters on record.

    ``start`` and ``end`` are its place in the text of the source.
    """

    text: str
    before: str
    after: str
    passage: Span
    start: int
    end: int

    def words(self, span: Span) -> Span:
        """Return the range of words that overlap a range of characters."""
        places = [match.span() for match in _WORD.finditer(self.text)]
        inside = [at for at, (a, b) in enumerate(places) if a < span[1] and span[0] < b]
        return (inside[0], inside[-1] + 1) if inside else NOTHING

    @property
    def size(self) -> int:
        """The number of its words."""
        return sum(1 for _ in _WORD.finditer(self.text))


class Paragraphs:
    """Finds the paragraphs of statements in stored texts, reading each text once."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._read: dict[str, tuple[str, list[Span]]] = {}

    def of(self, entry: StatementEntry) -> Paragraph | None:
        """Return the paragraph of a statement; ``None`` if its words are in no stored text."""
        text, spans = self._text(entry.document)
        said = entry.words.passage or entry.words.quote
        start = place_of(text, said.exact, max(said.start, 0)) if said and said.exact else -1
        if said is None or start < 0:
            return None
        end = start + len(said.exact)
        touched = [at for at, (a, b) in enumerate(spans) if a < end and start < b]
        if not touched:
            return None
        first, last = touched[0], touched[-1]
        begin, stop = spans[first][0], spans[last][1]
        before = text[slice(*spans[first - 1])] if first else ""
        after = text[slice(*spans[last + 1])] if last + 1 < len(spans) else ""
        passage = max(start, begin) - begin, min(end, stop) - begin
        return Paragraph(text[begin:stop], before, after, passage, begin, stop)

    def alone(self, entries: Iterable[StatementEntry]) -> set[str]:
        """Return the ids of the statements that are alone in their paragraphs.

        With two statements in one paragraph, a coder could not tell which one is meant.
        """
        by_document: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for entry in entries:
            if paragraph := self.of(entry):
                by_document[entry.document].append((paragraph.start, paragraph.end, entry.stream))
        return {stream for placed in by_document.values() for stream in _alone(sorted(placed))}

    def _text(self, document: str) -> tuple[str, list[Span]]:
        if document not in self._read:
            texts = snapshots(self._log, document)
            text = texts[-1] if texts else ""
            self._read[document] = text, [match.span() for match in PARAGRAPH.finditer(text)]
        return self._read[document]


def _alone(placed: list[tuple[int, int, str]]) -> Iterable[str]:
    reached = -1
    for at, (start, end, stream) in enumerate(placed):
        following = placed[at + 1][0] if at + 1 < len(placed) else end
        if start >= reached and following >= end:
            yield stream
        reached = max(reached, end)
