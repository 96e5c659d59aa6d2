"""How much a text seems to hold: its sentences in which suggestions begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.languages import language_of
from timeline.capture.reading.quotations import PARAGRAPH
from timeline.capture.reading.sentences import sentences
from timeline.capture.rules import READERS
from timeline.capture.suggesters import suggest
from timeline.capture.suggestion import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 100_000
"""Characters of a text from its beginning that are read."""


def passages_suggested(text: str, lang: str, published: str) -> int | None:
    """Return how many sentences may hold a statement; nothing where no rule reads the language."""
    written = lang.partition("-")[0].lower() or language_of(text)
    if written not in READERS or not text:
        return None
    starts = [one.start for one in suggest(Article(text[:MOST], written, published))]
    return sum(any(begin <= at < end for at in starts) for begin, end in _sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for paragraph in PARAGRAPH.finditer(text, 0, MOST):
        yield from sentences(text, *paragraph.span())
