"""Which topics on record a passage may be about: candidates, of which none is chosen."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, search
from timeline.projections.tables.stems import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from timeline.capture.suggestion import Suggestion

CANDIDATES = 3
CONTEXT = 200
"""Characters before a passage that tell, too, what it is about."""

_BESIDE = 0.25
"""What a word beside the passage weighs, of one within it."""


def with_topics(conn: Connection, text: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions with the slugs of the topics whose questions share most with them.

    A word weighs the more, the fewer questions it stands in.
    """
    slugs = {topic.id: topic.slug for topic in directory.topics(conn)}

    @cache
    def holding(word: str) -> list[str]:
        return search.topics_with(conn, word)

    return [
        msgspec.structs.replace(
            one, topics=tuple(slugs[topic] for topic in _nearest(text, one, holding))
        )
        for one in suggestions
    ]


def _nearest(text: str, one: Suggestion, holding: Callable[[str], list[str]]) -> list[str]:
    weights: dict[str, float] = defaultdict(float)
    beside = text[max(0, one.start - CONTEXT) : one.start]
    for found, weight in ((one.exact, 1.0), (beside, _BESIDE)):
        for word in set(words(found)):
            topics = holding(word)
            for topic in topics:
                weights[topic] += weight / len(topics)
    return sorted(weights, key=lambda topic: (-weights[topic], topic))[:CANDIDATES]
