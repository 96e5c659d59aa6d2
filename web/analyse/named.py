"""Topics and actors of an answer by their slugs, each looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import day_of, iso_day
from timeline.projections.queries import directory, entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic


class Named:
    """Topics and actors by slug, as they are called now."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._topics: dict[str, Topic] = {}
        self._actors: dict[str, Actor] = {}

    def topic(self, slug: str) -> Topic:
        """Return a topic; raises `NotFound` for a slug that none has."""
        if slug not in self._topics:
            self._topics[slug] = directory.topic(self._conn, slug)
        return self._topics[slug]

    def said_at(self, numbers: Iterable[int], counts_from: int) -> str:
        """Return the EDTF date of that of these statements which counts from an instant."""
        said = entries.statements(self._conn, set(numbers)).values()
        dated = (one.said_at for one in said if one.counts_from == counts_from)
        return next(dated, iso_day(day_of(counts_from)))

    def actor(self, slug: str) -> Actor:
        """Return an actor, of one that was merged the other; raises `NotFound`."""
        if slug not in self._actors:
            self._actors[slug] = directory.actor(self._conn, slug)
        return self._actors[slug]
