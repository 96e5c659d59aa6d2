"""Slugs, names and a few other look-ups that commands need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.domain.statement import Words
from timeline.projections.queries.codebooks import requested_attributes
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.tables import schema
from timeline.stores.query_limit import limit_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection, Engine

    from timeline.domain.variables import Variable

NOUNS = {"topic": schema.topics, "actor": schema.actors, "story": schema.stories}

_free_text = msgspec.json.Decoder(Words).decode
_numbers = msgspec.json.Decoder(tuple[int, ...]).decode

QUERY_SECONDS = 60
"""Seconds after which a look-up is given up: each takes a few milliseconds."""


class ReadRegister:
    """Answers the application's questions from the live read models."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._asked_of_actors: tuple[int, list[tuple[str, Variable]]] = (-1, [])

    def slugs(self, noun: str) -> Iterable[str]:
        """Return all slugs of a noun: ``topic``, ``actor`` or ``story``."""
        with self._connected() as conn:
            return list(conn.execute(select(NOUNS[noun].c.slug)).scalars())

    def actors_named(self, key: str) -> Iterable[str]:
        """Return the slugs of the actors with a name of that key."""
        names, actors = schema.actor_names, schema.actors
        bearers = select(names.c.actor).where(names.c.key == key)
        with self._connected() as conn:
            return list(
                conn.execute(select(actors.c.slug).where(actors.c.id.in_(bearers))).scalars()
            )

    def merged_into(self, actor: str) -> Iterable[str]:
        """Return the ids of the actors whose words stand in the lane of this one."""
        members = schema.lane_members
        query = select(members.c.member).where(
            members.c.lane == actor, members.c.known_until.is_(None)
        )
        with self._connected() as conn:
            return list(conn.execute(query).scalars())

    def conditions(self, topic: str) -> Iterable[tuple[str, str]]:
        """Return the words of the conditions on a topic, each with the id of its statement."""
        table = schema.statements.c
        query = select(table.words, table.stream).where(
            table.topic == topic, table.terms != "", table.known_until.is_(None)
        )
        with self._connected() as conn:
            rows = conn.execute(query.order_by(table.number)).all()
        return [(words, row.stream) for row in rows if (words := _free_text(row.words).condition)]

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return the attributes that codebooks in force ask of actors, with the slugs of topics.

        They are read once for each log position: an import asks for every actor that it describes.
        """
        with self._connected() as conn:
            position = int(conn.execute(select(schema.progress.c.position)).scalar_one())
            if self._asked_of_actors[0] != position:
                self._asked_of_actors = position, requested_attributes(conn)
        return self._asked_of_actors[1]

    def changes_with(self, statement: int) -> list[str]:
        """Return the ids of the changes with verdicts that have this statement at an end."""
        table = schema.verdicts.c
        query = select(table.stream, table.before, table.after).order_by(table.position)
        with self._connected() as conn:
            rows = conn.execute(query).all()
        with_it = (
            row.stream for row in rows if statement in _numbers(row.before) + _numbers(row.after)
        )
        return list(dict.fromkeys(with_it))

    def signed_ends(self, topic: str) -> Iterable[str]:
        """Return the ids of the statements at the later ends of signed changes on a topic."""
        with self._connected() as conn:
            numbers = {
                number
                for change in TopicChanges(conn, topic).visible()
                if change.change.is_signed
                for number in change.change.after
            }
            table = schema.statements.c
            query = select(table.stream).where(table.number.in_(numbers))
            return {*conn.execute(query).scalars()}

    def _connected(self) -> Connection:
        return limit_queries(self._engine().connect(), QUERY_SECONDS)
