"""Whom and what one can choose: the likeliest, as boxes; everybody else by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import crowds, directory
from timeline.projections.queries.compared import speakers
from timeline.projections.queries.directory import Actor, Story, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from web.compare.grid import Chosen

OFFERED = 60
"""Actors and questions that have a box."""


COUNTED = 12
"""Questions whose statements are counted: who said more comes first of who spoke on as many."""


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


def choices(conn: Connection, chosen: Chosen, named: tuple[str, ...]) -> Choices:
    """Return what the form offers beside what is chosen; ``named`` are slugs of questions."""
    topics = chosen.topics
    spoken = speakers(conn, {topic.id for topic in topics} if topics else None, OFFERED)
    mine = [Option(actor, spoken.get(actor.id, 0), chosen=True) for actor in chosen.actors]
    actors = directory.actors_by_id(conn, spoken.keys() - {actor.id for actor in chosen.actors})
    others = [Option(actor, spoken[actor.id], chosen=False) for actor in actors.values()]
    said = _statements(conn, topics)
    others.sort(key=lambda option: (-option.topics, -said[option.actor.id], option.actor.name))
    stories = {story.id for story in chosen.stories}
    return Choices(
        [*mine, *others],
        [(story, story.id in stories) for story in directory.stories(conn)],
        [(topic, topic.slug in named) for topic in topics[:OFFERED]],
    )


def _statements(conn: Connection, topics: Sequence[Topic]) -> Counter[str]:
    """Return how many statements of each actor stand on these questions, the first of many."""
    found: Counter[str] = Counter()
    for topic in topics[:COUNTED]:
        found.update(crowds.on_record(conn, topic.id))
    return found
