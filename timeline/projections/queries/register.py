"""Who is known by which name, for commands: slugs and names, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections import schema
from timeline.projections.lanes import lane_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Engine

NOUNS = {"topic": schema.topics, "actor": schema.actors, "story": schema.stories}


class ReadRegister:
    """Answers the application's questions from the live read models."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def slugs(self, noun: str) -> Iterable[str]:
        """Return the slugs of all of a noun: ``topic``, ``actor`` or ``story``."""
        with self._engine().connect() as conn:
            return list(conn.execute(select(NOUNS[noun].c.slug)).scalars())

    def actors_named(self, key: str) -> Iterable[str]:
        """Return the slugs of actors with a name of that key; merged ones count as one.

        Who alone bears the name keeps it after a merge, so that a file read again says the same.
        """
        names, actors = schema.actor_names, schema.actors
        with self._engine().connect() as conn:
            ids = set(conn.execute(select(names.c.actor).where(names.c.key == key)).scalars())
            if len(ids) > 1:
                lanes = lane_of(conn)
                ids = {lanes.get(actor, actor) for actor in ids}
            return list(conn.execute(select(actors.c.slug).where(actors.c.id.in_(ids))).scalars())
