"""People named shortly before a passage: "die Vorsitzende" or "the chairwoman" may mean them."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from timeline.capture.finding import Part, People
from timeline.capture.language_readers import READERS
from timeline.capture.reading.tokens import read_sentences, without_headings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.capture.finding import Reader
    from timeline.capture.reading.tokens import Sentence

BEFORE, BEHIND = 1_000, 500
"""Characters that are read before and after a place."""

_PREPOSITION = re.compile(r"\s(?=[a-zäöüß])")
_ARTICLES = r"(?:der|die|das|the)"


def is_function(text: str, at: int, speaker: str) -> bool:
    """Tell whether a speaker is a role with an article near a place: "the chairwoman"."""
    around = text[max(0, at - BEHIND) : at + BEFORE]
    return bool(re.search(rf"\b{_ARTICLES}\s+{re.escape(speaker)}", around, re.IGNORECASE))


def persons_before(text: str, lang: str, at: int, back: int = 2) -> list[str]:
    """Return the full names in the last sentences up to a place, nearest first.

    By default these are the sentence at the place and the one before. The names are only possible
    speakers. A language without rules has none.
    """
    if lang not in READERS:
        return []
    begin = max(0, at - BEFORE)
    around = text[begin : at + BEHIND]
    sentences = list(without_headings(around, read_sentences(around)))
    reader = READERS[lang](around, Part(sentences, [True] * len(sentences)), People())
    before = [sentence for sentence in sentences if sentence.start <= at - begin]
    names = chain.from_iterable(_persons(reader, sentence) for sentence in reversed(before[-back:]))
    return list(dict.fromkeys(names))


def _persons(reader: Reader, sentence: Sentence) -> Iterator[str]:
    for speaker in reader.speakers_in(sentence.words()):
        name = _PREPOSITION.split(speaker.name, maxsplit=1)[0]
        if speaker.is_person and " " in name:
            yield name
