"""Topics and actors of an answer by their slugs, each looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import directory

if TYPE_CHECKING:
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

    def actor(self, slug: str) -> Actor:
        """Return an actor, of one that was merged the other; raises `NotFound`."""
        if slug not in self._actors:
            self._actors[slug] = directory.actor(self._conn, slug)
        return self._actors[slug]
