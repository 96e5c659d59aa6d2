"""The log positions of the latest news, by page."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.projections.queries.arrivals import Arrival

HOME = "home"
"""The place of the front page: all news belongs to it."""

KEPT = 100
"""Positions remembered for one place; readers who missed more get only these."""


class News(NamedTuple):
    """A log position at which an entry was recorded or amended."""

    position: int
    is_amendment: bool


ByPlace = dict[str, deque[News]]
"""The latest news of each place, oldest first."""


def by_place(arrivals: Iterable[Arrival]) -> ByPlace:
    """Return the latest news of each place."""
    places: ByPlace = {}
    for arrival in arrivals:
        news = News(arrival.position, arrival.is_amendment)
        for place in places_of(arrival):
            _of(places, place).append(news)
    return places


class Recent:
    """The latest news of every place that had any."""

    def __init__(self) -> None:
        self._places: ByPlace = {}

    def add(self, fresh: ByPlace) -> None:
        """Remember news that came after all others."""
        for place, news in fresh.items():
            _of(self._places, place).extend(news)

    def after(self, place: str, position: int) -> list[News]:
        """Return the news of a place after a log position, oldest first."""
        return [news for news in self._places.get(place, ()) if news.position > position]


def _of(places: ByPlace, place: str) -> deque[News]:
    return places.setdefault(place, deque(maxlen=KEPT))


def places_of(arrival: Arrival) -> Iterator[str]:
    """Yield the places of an arrival, named like the paths of their pages."""
    yield HOME
    for kind, slugs in (("t", arrival.topics), ("story", arrival.stories), ("a", arrival.actors)):
        yield from _named(kind, slugs)
    if arrival.entry is not None:
        yield f"s/{arrival.entry}"


def _named(kind: str, slugs: Iterable[str]) -> Iterator[str]:
    return (f"{kind}/{slug}" for slug in slugs)
