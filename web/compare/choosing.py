"""Whom and what one can choose: the likeliest, as boxes; everybody else by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.compared import speakers
from timeline.projections.queries.directory import Actor, Story, Topic

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.compare.grid import Chosen

OFFERED = 60
"""Actors and questions that have a box."""


class Option(msgspec.Struct, frozen=True):
    """A box; ``topics`` says on how many of the questions an actor has spoken."""

    actor: Actor
    topics: int
    chosen: bool


class Choices(msgspec.Struct, frozen=True):
    """What the form offers."""

    actors: list[Option]
    stories: list[tuple[Story, bool]]
    topics: list[tuple[Topic, bool]]


class Added(msgspec.Struct, frozen=True):
    """What came of a name that was typed: nobody of it, or several."""

    typed: str
    meant: list[Actor]
    is_near: bool


def choices(conn: Connection, chosen: Chosen, named: tuple[str, ...]) -> Choices:
    """Return what the form offers beside what is chosen; ``named`` are slugs of questions."""
    topics = chosen.topics
    spoken = speakers(conn, {one.id for one in topics} if topics else None, OFFERED)
    mine = [Option(one, spoken.get(one.id, 0), chosen=True) for one in chosen.actors]
    found = directory.actors_by_id(conn, spoken.keys() - {one.id for one in chosen.actors})
    others = [Option(one, spoken[one.id], chosen=False) for one in found.values()]
    others.sort(key=lambda one: (-one.topics, one.actor.name))
    stories = {one.id for one in chosen.stories}
    return Choices(
        [*mine, *others],
        [(one, one.id in stories) for one in directory.stories(conn)],
        [(one, one.slug in named) for one in topics[:OFFERED]],
    )


def named(conn: Connection, typed: str) -> list[Actor]:
    """Return the actors of a name, or whose name contains it."""
    return directory.actors_named(conn, typed) or directory.actors_matching(conn, typed)


def not_added(conn: Connection, typed: str, found: list[Actor]) -> Added:
    """Say why a name added nobody."""
    return Added(typed, found or directory.actors_near(conn, typed), is_near=not found)
