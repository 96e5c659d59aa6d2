"""Questions that may be the same in other words: they share most of the words that tell them."""

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
"""The least share of what the shorter question's words tell that both have."""

FEWEST = 2
"""Words that two questions share at the least, unless they have no others."""

_ASKING = """
should would could shall will may might must can do does did has have had is are was were be been
there get soll sollte sollen sollten wird werden wurde ist sind hat haben hatte kann darf mag muss
ought whether ob es
"""
ASKING = frozenset(_ASKING.split())
"""What questions begin with, and tells none from another."""

Word = frozenset[str]
"""All that a word of a question is found by."""


def questions_alike(conn: Connection, question: str) -> list[Topic]:
    """Return the topics that may ask the same, in the language of the connection, likest first.

    Rare words count for more: of two questions on Germany those are alike that are on Taurus.
    """
    asked = _telling(question)
    topics = directory.topics(conn)
    known = [_telling(topic.question) for topic in topics]
    weights = _weights([asked, *known])
    found = [
        (
            _share(asked, other, weights)
            + (comparable_name(topic.question) == comparable_name(question)),
            topic,
        )
        for topic, other in zip(topics, known, strict=True)
    ]
    alike = [(share, topic) for share, topic in found if share >= SHARED]
    return [topic for _, topic in sorted(alike, key=lambda each: (-each[0], each[1].opened))]


def _telling(question: str) -> list[Word]:
    """Return the words that tell a question from others."""
    told = (stems_and_sound(word) for word in words(question) if word.casefold() not in ASKING)
    return [frozenset(one) for one in told if one]


def _weights(questions: Sequence[Sequence[Word]]) -> dict[str, float]:
    """Return what each stem weighs: the more, the fewer questions have it."""
    counts = Counter(stem for sequence in questions for stem in frozenset().union(*sequence))
    return {stem: log(1 + len(questions) / count) for stem, count in counts.items()}


def _share(asked: Sequence[Word], other: Sequence[Word], weights: dict[str, float]) -> float:
    """Return the share from 0 to 1 of the shorter question that stands in the longer one."""
    shorter, longer = sorted((asked, other), key=lambda sequence: _weight(sequence, weights))
    stems = frozenset[str]().union(*longer)
    shared = [word for word in shorter if word & stems]
    if len(shared) < min(FEWEST, len(longer)) or not shared:
        return 0.0
    return _weight(shared, weights) / _weight(shorter, weights)


def _weight(question: Sequence[Word], weights: dict[str, float]) -> float:
    return sum(max(weights[stem] for stem in word) for word in question)
