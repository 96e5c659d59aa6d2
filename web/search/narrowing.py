"""The address of a search, and the filters that it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.search import LATEST, SearchScope, matching, spread_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection
    from werkzeug.datastructures import MultiDict

    from timeline.projections.queries.directory import Actor, Topic

GROUPS = ("actors", "topics", "entries")
LONGEST = 200
MOST_CHOSEN = 40
"""The most topics, actors or years of a filter."""

PLACE = re.compile(r"[0-9]{1,7}")
"""How many hits of a group a page skips."""

YEAR = re.compile(r"-?[0-9]{1,6}")


class SearchAddress(msgspec.Struct, frozen=True):
    """An address in fields; with a ``group``, only its hits after the first ``skip`` are shown.

    ``topic`` and ``actor`` are slugs, ``year`` are years as they are written.
    """

    typed: str
    group: str = ""
    skip: int = 0
    topic: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The address of the same search without filters."""
        return self.url(group="", skip=0, topic=(), actor=(), year=())

    @property
    def is_narrowed(self) -> bool:
        """Tell whether entries are filtered."""
        return bool(self.topic or self.actor or self.year)

    def url(self, **changes: object) -> str:
        """Return the address of this search with some things changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs = [("q", address.typed), ("in", address.group), ("from", str(address.skip or ""))]
        for name in ("topic", "actor", "year"):
            pairs += [(name, value) for value in getattr(address, name)]
        return "/search?" + urlencode([pair for pair in pairs if pair[1]])


def read_address(query: MultiDict[str, str]) -> SearchAddress:
    """Read an address; invalid groups, places and years are ignored."""
    typed = " ".join(query.get("q", "").split())[:LONGEST]
    group, skip = query.get("in", ""), query.get("from", "")
    narrowed = SearchAddress(
        typed,
        topic=_chosen(query.getlist("topic")),
        actor=_chosen(query.getlist("actor")),
        year=_chosen(year for year in query.getlist("year") if YEAR.fullmatch(year)),
    )
    if narrowed.is_narrowed:
        group = "entries"
    if group not in GROUPS:
        return narrowed
    after = int(skip) if PLACE.fullmatch(skip) else 0
    return msgspec.structs.replace(narrowed, group=group, skip=after)


def _chosen(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({slug for slug in slugs if slug}))[:MOST_CHOSEN]


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
