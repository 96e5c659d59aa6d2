"""What was recorded lately, by the page that it concerns: log positions and nothing else."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.projections.queries.arrivals import Arrival

HOME = "home"
"""The place of the front page, which everything concerns."""

KEPT = 100
"""Positions that are remembered of one place: who missed more is told of so many."""


class News(NamedTuple):
    """A log position at which something was recorded, or amended."""

    position: int
    is_amendment: bool


ByPlace = dict[str, deque[News]]
"""The latest news of each place, oldest first."""


def by_place(arrivals: Iterable[Arrival]) -> ByPlace:
    """Return what arrived, under each of its places: of an import of thousands, the end."""
    found: ByPlace = {}
    for arrival in arrivals:
        news = News(arrival.position, arrival.is_amendment)
        for place in places_of(arrival):
            _of(found, place).append(news)
    return found


class Recent:
    """The latest news of every place that had any."""

    def __init__(self) -> None:
        self._places: ByPlace = {}

    def add(self, fresh: ByPlace) -> None:
        """Remember what came in after all that is remembered."""
        for place, news in fresh.items():
            _of(self._places, place).extend(news)

    def after(self, place: str, position: int) -> list[News]:
        """Return what concerns a place after a log position, oldest first."""
        return [news for news in self._places.get(place, ()) if news.position > position]


def _of(places: ByPlace, place: str) -> deque[News]:
    return places.setdefault(place, deque(maxlen=KEPT))


def places_of(arrival: Arrival) -> Iterator[str]:
    """Yield the places that it concerns, named as the paths of their pages are."""
    yield HOME
    for kind, slugs in (("t", arrival.topics), ("story", arrival.stories), ("a", arrival.actors)):
        yield from _named(kind, slugs)
    if arrival.entry is not None:
        yield f"s/{arrival.entry}"


def _named(kind: str, slugs: Iterable[str]) -> Iterator[str]:
    return (f"{kind}/{slug}" for slug in slugs)
