"""Filters for the entries of a search: topics, actors and years."""

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
"""The most topics, actors or years to choose from, those with the most entries first."""


class Box(msgspec.Struct, frozen=True):
    """One checkbox; ``count`` are the matching entries, whatever else is chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    topic: Topic | None = None


class Narrowing(msgspec.Struct, frozen=True):
    """The checkboxes, and how many entries were counted: at most `LATEST`."""

    topics: list[Box]
    actors: list[Box]
    years: list[Box]
    matches: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all entries were counted."""
        return self.matches < LATEST

    @property
    def is_of_use(self) -> bool:
        """Tell whether there is anything to choose."""
        return any(len(boxes) > 1 for boxes in (self.topics, self.actors, self.years))


def read_narrowed(conn: Connection, address: SearchAddress) -> SearchScope:
    """Look up the filters of an address; raises `NotFound` for an unknown slug."""
    return SearchScope(
        frozenset(directory.topic(conn, slug).id for slug in address.topic),
        frozenset(directory.actor(conn, slug).id for slug in address.actor),
        frozenset(int(year) for year in address.year),
    )


def read_narrowing(conn: Connection, address: SearchAddress, chosen: SearchScope) -> Narrowing:
    """Return the checkboxes; ``chosen`` are the filters in use."""
    entry_numbers = matching(conn, address.typed)
    spread = spread_of(conn, entry_numbers)
    topics = directory.topics_by_id(conn, _most(spread.topics, chosen.topics))
    actors = directory.actors_by_id(conn, _most(spread.actors, chosen.actors))
    return Narrowing(
        _topics(topics, spread.topics, chosen),
        _actors(actors, spread.actors, chosen),
        [
            Box(str(year), str(year), spread.years[year], year in chosen.years)
            for year in sorted(_most(spread.years, chosen.years), reverse=True)
        ],
        len(entry_numbers),
    )


def _most(counts: Counter[Key], chosen: frozenset[Key]) -> set[Key]:
    return {key for key, _ in counts.most_common(MOST)} | chosen


def _topics(topics: Mapping[str, Topic], counts: Counter[str], chosen: SearchScope) -> list[Box]:
    boxes = [
        Box(topic.slug, topic.label, counts[topic.id], topic.id in chosen.topics, topic)
        for topic in topics.values()
    ]
    return sorted(boxes, key=_largest)


def _actors(actors: Mapping[str, Actor], counts: Counter[str], chosen: SearchScope) -> list[Box]:
    boxes = [
        Box(actor.slug, actor.name, counts[actor.id], actor.id in chosen.actors)
        for actor in actors.values()
    ]
    return sorted(boxes, key=_largest)


def _largest(box: Box) -> tuple[int, str]:
    return -box.count, box.label
