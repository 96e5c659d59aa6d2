"""Persons named shortly before words: whom "die Vorsitzende" or "the chairwoman" may mean."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from timeline.capture.finding import Part, People
from timeline.capture.language_readers import READERS
from timeline.capture.reading.tokens import read, without_headings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.capture.finding import Reader
    from timeline.capture.reading.tokens import Sentence

BEFORE, BEHIND = 1_000, 500
"""Characters around the words that are read."""

_PREPOSITION = re.compile(r"\s(?=[a-zäöüß])")
_ARTICLES = r"(?:der|die|das|the)"


def is_function(text: str, at: int, speaker: str) -> bool:
    """Tell whether a speaker is named around a place with the article: "the chairwoman"."""
    around = text[max(0, at - BEHIND) : at + BEFORE]
    return bool(re.search(rf"\b{_ARTICLES}\s+{re.escape(speaker)}", around, re.IGNORECASE))


def persons_before(text: str, lang: str, at: int, back: int = 2) -> list[str]:
    """Return the full names in the last sentences up to a place, the nearest first.

    Usually these are the sentence at the place and the one before.

    They may be meant, and nothing is sure of them; of a language without rules there are none.
    """
    if lang not in READERS:
        return []
    begin = max(0, at - BEFORE)
    around = text[begin : at + BEHIND]
    sentences = list(without_headings(around, read(around)))
    reader = READERS[lang](around, Part(sentences, [True] * len(sentences)), People())
    before = [sentence for sentence in sentences if sentence.start <= at - begin]
    found = chain.from_iterable(_persons(reader, sentence) for sentence in reversed(before[-back:]))
    return list(dict.fromkeys(found))


def _persons(reader: Reader, sentence: Sentence) -> Iterator[str]:
    for speaker in reader.named(sentence.words()):
        name = _PREPOSITION.split(speaker.name, maxsplit=1)[0]
        if speaker.is_person and " " in name:
            yield name
