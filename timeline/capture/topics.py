"""Find candidates for the topic of a passage; a person chooses."""

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
"""Characters before a passage that also indicate its topic."""

FLOOR, FLOOR_WITHIN = 2.0, 0.5
"""Least weight of a candidate: two words that only this topic has, or as much in parts; half a word
if the story of the text is known.

Of 250 statements of the demo's talks, each left out in turn, 97 in 100 of those whose topic is
among the three still have it there; of 79 passages of nine articles about other things, 27 in 100
are offered a topic, and 91 in 100 without the floor.
"""

LATEST = 50
"""Most statements with a word that are read."""

_BESIDE = 0.25
"""The weight of a word before the passage, relative to one within it."""


class _Weights:
    """The weight of each word for topics: their shares in the questions and statements with it.

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
        in_questions = Counter(search.topics_with(self._conn, word))
        in_statements = search.topics_spoken_of(self._conn, word, LATEST)
        weights: dict[str, float] = defaultdict(float)
        for topics in (in_questions, in_statements):
            for topic, count in topics.items():
                weights[self._slugs[topic]] += count / topics.total()
        return weights


def with_topics(
    conn: Connection,
    text: str,
    suggestions: Iterable[Suggestion],
    *,
    among: Collection[str] | None = None,
) -> list[Suggestion]:
    """Return suggestions with the slugs of the most similar topics.

    Similarity counts words of questions and statements; topics below a floor are left out.
    ``among`` are the slugs of possible topics, those of the text's story; ``None`` means all.
    """
    weights = _Weights(conn)
    return [
        msgspec.structs.replace(
            suggestion, topics=tuple(_nearest(text, suggestion, weights, among))
        )
        for suggestion in suggestions
    ]


def topic_of(conn: Connection, text: str) -> str:
    """Return the slug of the most similar topic; empty if none is similar enough."""
    shares = _shared(_Weights(conn), [(text, 1.0)])
    return next(iter(_above(shares, FLOOR)), "")


def _nearest(
    text: str, suggestion: Suggestion, weights: _Weights, among: Collection[str] | None
) -> list[str]:
    beside = text[max(0, suggestion.start - CONTEXT) : suggestion.start]
    shares = _shared(weights, [(suggestion.exact, 1.0), (beside, _BESIDE)])
    if among is None:
        return _above(shares, FLOOR)
    return _above({topic: shares[topic] for topic in among if topic in shares}, FLOOR_WITHIN)


def _shared(weights: _Weights, parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the similarity of topics to weighted parts of a text."""
    shares: dict[str, float] = defaultdict(float)
    for part, share in parts:
        for word in set(words(part)):
            for topic, weight in weights.of(word).items():
                shares[topic] += share * weight
    return shares


def _above(shares: dict[str, float], floor: float) -> list[str]:
    """Return the most similar topics that reach a floor."""
    near = [topic for topic, share in shares.items() if share >= floor]
    return sorted(near, key=lambda topic: (-shares[topic], topic))[:CANDIDATES]
