"""The long lists on an actor's page, in parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timeline.domain.errors import NotFound
from timeline.projections.queries import directory
from timeline.projections.queries.speaking import LanePlace
from web.actor import changes
from web.actor.lanes import latest_first
from web.shell.pagination import (
    KeyedPage,
    ListPart,
    ListPlace,
    list_part,
    no_place,
    read_keyed_page,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.speaking import Which
    from web.actor.address import ActorAddress
    from web.actor.lanes import ActorLanes

DRAWN, LISTED = 24, 20
"""The most lanes that the page draws at once, and the most topics of a list."""

WRITTEN = re.compile(r"(after|before),(-?[0-9]{1,18}|never),([^,]+)")
"""A place in an address: after or before a lane, its last change, and its topic."""


class ActorLists:
    """The topics of each list: changes in full, changes by name, lanes, and unchanged positions."""

    def __init__(self, conn: Connection, lanes: ActorLanes, address: ActorAddress) -> None:
        self._conn, self._lanes, self._address = conn, lanes, address
        places = lanes.some("turned", changes.PAIRS)
        self._runs: dict[str, KeyedPage[LanePlace, LanePlace]] = {
            "changed": self._after(places),
            "lanes": self._run("all", "lanes", DRAWN),
            "unchanged": self._run("held", "unchanged", LISTED),
        }
        self.in_full = [place.topic for place in places]
        self.named, self.drawn, self.held = (
            [place.topic for place in run.items] for run in self._runs.values()
        )

    def parts(self, topics: Mapping[str, Topic]) -> dict[str, ListPart]:
        """Return the part of each list; ``topics`` are those of its lanes by id."""
        counts = self._lanes.counts
        totals = {
            "changed": max(counts.turned - changes.PAIRS, 0),
            "lanes": counts.topics,
            "unchanged": counts.held,
        }

        def part(name: str) -> ListPart:
            def at(place: ListPlace[LanePlace]) -> str:
                return self._address.url(**{name: place_text(place, topics)})

            return list_part(self._runs[name], totals[name], at)

        return {name: part(name) for name in self._runs}

    def _run(self, which: Which, name: str, size: int) -> KeyedPage[LanePlace, LanePlace]:
        def read(limit: int, *, beyond: LanePlace | None, back: bool) -> Sequence[LanePlace]:
            return self._lanes.some(which, limit, beyond=beyond, back=back)

        return read_keyed_page(read, _itself, size, self._place(name))

    def _after(self, shown_in_full: Sequence[LanePlace]) -> KeyedPage[LanePlace, LanePlace]:
        """Return the changes that are not shown in full; the first ones are."""
        place = self._place("changed")
        if len(shown_in_full) < changes.PAIRS:
            return KeyedPage(())

        def read(limit: int, *, beyond: LanePlace | None, back: bool) -> Sequence[LanePlace]:
            # A listed change may be shown in full now, if others were taken back.
            places = [place for place in (*shown_in_full[-1:], beyond) if place]
            end = max(places, key=latest_first, default=None)
            places_read = self._lanes.some("turned", limit, beyond=end, back=back)
            return [place for place in places_read if place not in shown_in_full]

        return read_keyed_page(read, _itself, LISTED, place)

    def _place(self, name: str) -> ListPlace[LanePlace] | None:
        text = getattr(self._address, name)
        if not text:
            return None
        match = WRITTEN.fullmatch(text)
        if match is None:
            raise no_place(text, name)
        way, instant, slug = match.groups()
        try:
            topic = directory.topic(self._conn, slug).id
        except NotFound as error:
            raise no_place(text, name) from error
        changed_from = None if instant == "never" else int(instant)
        return ListPlace(LanePlace(changed_from, topic), back=way == "before")


def _itself(place: LanePlace) -> LanePlace:
    return place


def place_text(place: ListPlace[LanePlace], topics: Mapping[str, Topic]) -> str:
    """Return a place as in addresses."""
    changed_from, topic = place.key
    instant = "never" if changed_from is None else changed_from
    return f"{place.way},{instant},{topics[topic].slug}"
