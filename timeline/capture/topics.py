"""Which topics on record a passage may be about: candidates, of which none is chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, search
from timeline.projections.tables.stems import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from timeline.capture.suggestion import Suggestion

CANDIDATES = 3
CONTEXT = 200
"""Characters before a passage that tell, too, what it is about."""

FLOOR, FLOOR_WITHIN = 2.0, 0.5
"""What a topic has to share with a passage to be named at all: two words that are all its own, or
the same in parts; of the topics of a story that the text is known to belong to, half a word.

Of 250 statements of the demo's talks, each left out in turn, 97 in 100 of those whose topic is
among the three still have it there; of 79 passages of nine articles about other things, 27 in 100
are offered a topic, and 91 in 100 without the floor.
"""

LATEST = 50
"""Statements that hold a word and are looked at for it."""

_BESIDE = 0.25
"""What a word beside the passage weighs, of one within it."""


class _Weights:
    """What each word says of topics: what share each has in the questions and statements with it.

    Of 500 statements of the demo, each left out in turn, 86 in 100 have their topic among the
    three; by questions alone 55.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._slugs = {topic.id: topic.slug for topic in directory.topics(conn)}
        self._known: dict[str, dict[str, float]] = {}

    def of(self, word: str) -> dict[str, float]:
        """Return the weights of topics by slug."""
        if word not in self._known:
            self._known[word] = self._weighed(word)
        return self._known[word]

    def _weighed(self, word: str) -> dict[str, float]:
        asked = Counter(search.topics_with(self._conn, word))
        spoken = search.topics_spoken_of(self._conn, word, LATEST)
        found: dict[str, float] = defaultdict(float)
        for topics in (asked, spoken):
            for topic, count in topics.items():
                found[self._slugs[topic]] += count / topics.total()
        return found


def with_topics(
    conn: Connection,
    text: str,
    suggestions: Iterable[Suggestion],
    *,
    among: Collection[str] | None = None,
) -> list[Suggestion]:
    """Return suggestions with the slugs of the topics that share most with them.

    What is shared are words of the question, and of what was said on it; too little of that is
    nothing. ``among`` are the slugs of the only topics that may be named, those of the text's
    story; without it all may be.
    """
    weights = _Weights(conn)
    return [
        msgspec.structs.replace(
            suggestion, topics=tuple(_nearest(text, suggestion, weights, among))
        )
        for suggestion in suggestions
    ]


def topic_of(conn: Connection, text: str) -> str:
    """Return the slug of the topic that shares most with some words, empty for too little."""
    found = _shared(_Weights(conn), [(text, 1.0)])
    return next(iter(_above(found, FLOOR)), "")


def _nearest(
    text: str, suggestion: Suggestion, weights: _Weights, among: Collection[str] | None
) -> list[str]:
    beside = text[max(0, suggestion.start - CONTEXT) : suggestion.start]
    found = _shared(weights, [(suggestion.exact, 1.0), (beside, _BESIDE)])
    if among is None:
        return _above(found, FLOOR)
    return _above({topic: found[topic] for topic in among if topic in found}, FLOOR_WITHIN)


def _shared(weights: _Weights, parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return what topics share with words, each part of which has its weight."""
    found: dict[str, float] = defaultdict(float)
    for part, share in parts:
        for word in set(words(part)):
            for topic, weight in weights.of(word).items():
                found[topic] += share * weight
    return found


def _above(found: dict[str, float], floor: float) -> list[str]:
    """Return the topics that share most, and no less than a floor."""
    near = [topic for topic, share in found.items() if share >= floor]
    return sorted(near, key=lambda topic: (-found[topic], topic))[:CANDIDATES]
