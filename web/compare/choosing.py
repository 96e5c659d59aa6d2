"""The form that chooses actors, stories and questions: boxes for the likeliest."""

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

    from web.compare.grid import Selection

OFFERED = 60
"""The most actors and questions with a box."""


COUNTED = 12
"""The most questions whose statements are counted to order actors."""


class Option(msgspec.Struct, frozen=True):
    """A box for an actor who spoke on so many of the ``topics``."""

    actor: Actor
    topics: int
    chosen: bool


class Choices(msgspec.Struct, frozen=True):
    """What the form offers."""

    actors: list[Option]
    stories: list[tuple[Story, bool]]
    topics: list[tuple[Topic, bool]]


def choices(conn: Connection, selection: Selection, named: tuple[str, ...]) -> Choices:
    """Return what the form offers; ``named`` are the slugs of chosen questions."""
    topics = selection.topics
    spoken = speakers(conn, {topic.id for topic in topics} if topics else None, OFFERED)
    mine = [Option(actor, spoken.get(actor.id, 0), chosen=True) for actor in selection.actors]
    actors = directory.actors_by_id(conn, spoken.keys() - {actor.id for actor in selection.actors})
    others = [Option(actor, spoken[actor.id], chosen=False) for actor in actors.values()]
    said = _statements(conn, topics)
    others.sort(key=lambda option: (-option.topics, -said[option.actor.id], option.actor.name))
    stories = {story.id for story in selection.stories}
    return Choices(
        [*mine, *others],
        [(story, story.id in stories) for story in directory.stories(conn)],
        [(topic, topic.slug in named) for topic in topics[:OFFERED]],
    )


def _statements(conn: Connection, topics: Sequence[Topic]) -> Counter[str]:
    """Count the statements of each actor on the first of these questions."""
    counts: Counter[str] = Counter()
    for topic in topics[:COUNTED]:
        counts.update(crowds.on_record(conn, topic.id))
    return counts
