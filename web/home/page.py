"""The front page: latest changes as cards, topics with sparks, and the matrix."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.directory import Story, Topic
from web.home.cards import Card, cards
from web.home.front import Front
from web.home.matrix import Matrix, matrix
from web.home.teasers import TopicTeaser, teaser
from web.home.visit import HomeVisit, home_visit

if TYPE_CHECKING:
    from sqlalchemy import Connection

SORTS = ("changed", "name")


class StorySection(msgspec.Struct, frozen=True):
    """A running story with its topics."""

    story: Story | None
    topics: list[TopicTeaser]
    matrix: Matrix


class HomePage(msgspec.Struct, frozen=True):
    """Everything that the front page reads."""

    sort: str
    visit: HomeVisit | None
    topics: int
    actors: int
    statements: int
    cards: list[Card]
    stories: list[StorySection]


def home_page(
    conn: Connection, *, sort: str, now: int, host: str, new_after: int | None = None
) -> HomePage:
    """Read everything that the front page shows; what came after a log position is new."""
    front = Front(conn, now, host)
    topics = directory.topics(conn)
    return HomePage(
        sort=sort,
        visit=home_visit(conn, topics, new_after),
        topics=len(topics),
        actors=len(directory.actors(conn)),
        statements=sum(topic.statements for topic in topics),
        cards=cards(front),
        stories=_sections(front, topics, sort),
    )


def _sections(front: Front, topics: list[Topic], sort: str) -> list[StorySection]:
    stories = {story.id: story for story in directory.stories(front.conn)}
    by_story: dict[str | None, list[Topic]] = defaultdict(list)
    for topic in topics:
        by_story[topic.story].append(topic)
    return [
        _section(front, stories.get(story or ""), by_story[story], sort)
        for story in (*stories, None)
        if by_story[story]
    ]


def _section(front: Front, story: Story | None, topics: list[Topic], sort: str) -> StorySection:
    if sort == "name":
        topics = sorted(topics, key=lambda one: one.label)
    else:
        topics = sorted(topics, key=lambda one: (-_changed(front, one), one.opened))
    return StorySection(story, [teaser(front, one) for one in topics], matrix(front, story, topics))


def _changed(front: Front, topic: Topic) -> int:
    moved = (c for c in front.latest.values() if c.topic == topic.id)
    return max((one.change.counts_from for one in moved), default=-(2**62))
