"""Whom and what one can choose: the likeliest, as boxes; everybody else by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.compared import speakers
from timeline.projections.queries.directory import Actor, Story, Topic

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.analyse.address import AnalyseAddress

OFFERED = 80
"""Actors and questions that have a box."""


class Chosen(msgspec.Struct, frozen=True):
    """What the address names; ``asked`` are the topics of its stories and its own."""

    stories: list[Story]
    topics: list[Topic]
    actors: list[Actor]
    asked: list[Topic]


class Choices(msgspec.Struct, frozen=True):
    """What the form offers, each with whether it is chosen."""

    stories: list[tuple[Story, bool]]
    topics: list[tuple[Topic, bool]]
    actors: list[tuple[Actor, bool]]


def chosen(conn: Connection, address: AnalyseAddress) -> Chosen:
    """Look up what an address names; raises `NotFound` for a slug that nobody has."""
    stories = [directory.story(conn, slug) for slug in address.story]
    topics = [directory.topic(conn, slug) for slug in address.topic]
    actors = {one.id: one for one in (directory.actor(conn, slug) for slug in address.actor)}
    asked = {one.id: one for one in topics}
    for story in stories:
        asked |= {one.id: one for one in directory.topics(conn, story=story.id)}
    return Chosen(stories, topics, [*actors.values()], [*asked.values()])


def choices(conn: Connection, picked: Chosen) -> Choices:
    """Return what the form offers: what is chosen, then those with most to say."""
    stories = {one.id for one in picked.stories}
    about = {one.id for one in picked.asked} or None
    spoken = speakers(conn, about, OFFERED)
    others = directory.actors_by_id(conn, spoken.keys() - {one.id for one in picked.actors})
    likely = sorted(others.values(), key=lambda one: (-spoken[one.id], one.name))
    topics = {one.id: one for one in picked.topics}
    every = sorted(directory.topics(conn), key=lambda one: (one.story or "", -one.statements))
    rest = [one for one in every if one.id not in topics]
    return Choices(
        [(one, one.id in stories) for one in directory.stories(conn)],
        [(one, True) for one in picked.topics] + [(one, False) for one in rest][:OFFERED],
        [(one, True) for one in picked.actors] + [(one, False) for one in likely],
    )
