"""Topics, actors and statements of an answer, each looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import day_of
from timeline.projections.queries import directory, entries, extent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry


class Named:
    """Topics and actors by slug, as they are called now, and ``said``: statements by number."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.said: dict[int, StatementEntry] = {}
        self._topics: dict[str, Topic] = {}
        self._actors: dict[str, Actor] = {}

    def topic(self, slug: str) -> Topic:
        """Return a topic; raises `NotFound` for a slug that none has."""
        if slug not in self._topics:
            self._topics[slug] = directory.topic(self._conn, slug)
        return self._topics[slug]

    def last_day(self, topic: Topic, known_at: int) -> int | None:
        """Return the day of the last words on a topic, as known at a position, since 1970-01-01."""
        found = extent.last_words(self._conn, topic.id, known_at)
        return None if found is None else day_of(found)

    def read_statements(self, numbers: Iterable[int]) -> None:
        """Read statements all at once, for ``said``."""
        self.said |= entries.statements(self._conn, {*numbers})

    def actor(self, slug: str) -> Actor:
        """Return an actor, of one that was merged the other; raises `NotFound`."""
        if slug not in self._actors:
            self._actors[slug] = directory.actor(self._conn, slug)
        return self._actors[slug]
