"""Topics whose questions may be the same in other words: they share most telling words."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from timeline.domain.spelling import comparable_name
from timeline.projections.queries import directory
from timeline.projections.tables.stems import stems_and_sound, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic

SHARED = 0.6
"""The least share, by weight, of the shorter question's words that both have."""

FEWEST = 2
"""The fewest words that two questions must share, unless they have no more."""

_ASKING = """
should would could shall will may might must can do does did has have had is are was were be been
there get soll sollte sollen sollten wird werden wurde ist sind hat haben hatte kann darf mag muss
ought whether ob es
"""
ASKING = frozenset(_ASKING.split())
"""Words that questions begin with: they tell no question from another."""

Word = frozenset[str]
"""The stems of a word of a question."""


def questions_alike(conn: Connection, question: str) -> list[Topic]:
    """Return the topics that may ask the same, in the language of the connection, likest first.

    Rare words count for more: "Taurus" says more than "Germany".
    """
    telling = _telling(question)
    topics = directory.topics(conn)
    known = [_telling(topic.question) for topic in topics]
    weights = _weights([telling, *known])
    shares = [
        (
            _share(telling, other, weights)
            + (comparable_name(topic.question) == comparable_name(question)),
            topic,
        )
        for topic, other in zip(topics, known, strict=True)
    ]
    alike = [(share, topic) for share, topic in shares if share >= SHARED]
    return [topic for _, topic in sorted(alike, key=lambda pair: (-pair[0], pair[1].opened))]


def _telling(question: str) -> list[Word]:
    """Return the words that tell a question from others."""
    stems_by_word = (
        stems_and_sound(word) for word in words(question) if word.casefold() not in ASKING
    )
    return [frozenset(stems) for stems in stems_by_word if stems]


def _weights(questions: Sequence[Sequence[Word]]) -> dict[str, float]:
    """Return the weight of each stem: the fewer questions have it, the more it weighs."""
    counts = Counter(stem for sequence in questions for stem in frozenset().union(*sequence))
    return {stem: log(1 + len(questions) / count) for stem, count in counts.items()}


def _share(left: Sequence[Word], right: Sequence[Word], weights: dict[str, float]) -> float:
    """Return the share of the shorter question that is in the longer one, from 0 to 1."""
    shorter, longer = sorted((left, right), key=lambda sequence: _weight(sequence, weights))
    stems = frozenset[str]().union(*longer)
    shared = [word for word in shorter if word & stems]
    if len(shared) < min(FEWEST, len(longer)) or not shared:
        return 0.0
    return _weight(shared, weights) / _weight(shorter, weights)


def _weight(question: Sequence[Word], weights: dict[str, float]) -> float:
    return sum(max(weights[stem] for stem in word) for word in question)
