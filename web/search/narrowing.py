"""What the entries of a search can be narrowed to: topics, actors and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.search import LATEST, SearchScope, matching
from timeline.projections.queries.spread import spread_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from web.search.address import SearchAddress

Key = TypeVar("Key", str, int)

MOST = 40
"""Topics, actors or years to choose from: those with the most entries, and those chosen."""


class Choice(msgspec.Struct, frozen=True):
    """One box; ``count`` is of the entries that hold what is typed, whatever else is chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    topic: Topic | None = None


class Narrowing(msgspec.Struct, frozen=True):
    """The boxes, and how many entries they are counted from: no more than `LATEST` of all."""

    topics: list[Choice]
    actors: list[Choice]
    years: list[Choice]
    matches: int

    @property
    def is_whole(self) -> bool:
        """Tell whether no entry was too many to be counted."""
        return self.matches < LATEST

    @property
    def is_of_use(self) -> bool:
        """Tell whether anything can be left out."""
        return any(len(boxes) > 1 for boxes in (self.topics, self.actors, self.years))


def narrowed(conn: Connection, address: SearchAddress) -> SearchScope:
    """Return what an address narrows entries to; raises `NotFound` for a slug of nobody's."""
    return SearchScope(
        frozenset(directory.topic(conn, slug).id for slug in address.topic),
        frozenset(directory.actor(conn, slug).id for slug in address.actor),
        frozenset(int(year) for year in address.year),
    )


def narrowing(conn: Connection, address: SearchAddress, only: SearchScope) -> Narrowing:
    """Return what can be chosen; ``only`` is what is."""
    numbers = matching(conn, address.typed)
    spread = spread_of(conn, numbers)
    topics = directory.topics_by_id(conn, _most(spread.topics, only.topics))
    actors = directory.actors_by_id(conn, _most(spread.actors, only.actors))
    return Narrowing(
        _topics(topics, spread.topics, only),
        _actors(actors, spread.actors, only),
        [
            Choice(str(one), str(one), spread.years[one], one in only.years)
            for one in sorted(_most(spread.years, only.years), reverse=True)
        ],
        len(numbers),
    )


def _most(counts: Counter[Key], chosen: frozenset[Key]) -> set[Key]:
    return {one for one, _ in counts.most_common(MOST)} | chosen


def _topics(topics: Mapping[str, Topic], counts: Counter[str], only: SearchScope) -> list[Choice]:
    boxes = [
        Choice(topic.slug, topic.label, counts[topic.id], topic.id in only.topics, topic)
        for topic in topics.values()
    ]
    return sorted(boxes, key=_largest)


def _actors(actors: Mapping[str, Actor], counts: Counter[str], only: SearchScope) -> list[Choice]:
    boxes = [
        Choice(actor.slug, actor.name, counts[actor.id], actor.id in only.actors)
        for actor in actors.values()
    ]
    return sorted(boxes, key=_largest)


def _largest(box: Choice) -> tuple[int, str]:
    return -box.count, box.label
