"""The front page: latest changes as cards, topics with sparks, and the matrix."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.directory import Story, Topic
from timeline.projections.queries.utterances import repeats
from web.home.cards import Card, cards
from web.home.front import Front
from web.home.matrix import Matrix, matrix
from web.home.teasers import TopicTeaser, teasers
from web.home.visit import HomeVisit, home_visit

if TYPE_CHECKING:
    from sqlalchemy import Connection

SORTS = ("changed", "name")


DRAWN, MOST_DRAWN = 24, 48
"""Topics of a story, and of the whole page, that stand with their lanes."""

COMPARED = 16
"""Topics of a story whose positions stand in its matrix."""

NAMED = 500
"""Further topics of a story that are named; the rest is counted."""


class StorySection(msgspec.Struct, frozen=True):
    """A running story: topics with their lanes, ``others`` by name, and how many ``more``."""

    story: Story | None
    topics: list[TopicTeaser]
    others: list[Topic]
    more: int
    matrix: Matrix | None


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
        statements=sum(topic.statements for topic in topics) - repeats(conn),
        cards=cards(front),
        stories=_sections(front, topics, sort),
    )


def _sections(front: Front, topics: list[Topic], sort: str) -> list[StorySection]:
    stories = {story.id: story for story in directory.stories(front.conn)}
    by_story: dict[str | None, list[Topic]] = defaultdict(list)
    for topic in topics:
        by_story[topic.story].append(topic)
    room, sections = MOST_DRAWN, []
    for story in (*stories, None):
        if by_story[story]:
            ordered = _ordered(front, by_story[story], sort)
            sections.append(_section(front, stories.get(story or ""), ordered, min(room, DRAWN)))
            room -= len(sections[-1].topics)
    return sections


def _ordered(front: Front, topics: list[Topic], sort: str) -> list[Topic]:
    if sort == "name":
        return sorted(topics, key=lambda one: one.label)
    return sorted(topics, key=lambda one: (-_changed(front, one), one.opened))


def _section(front: Front, story: Story | None, topics: list[Topic], room: int) -> StorySection:
    drawn, others = topics[:room], topics[room:]
    return StorySection(
        story,
        teasers(front, drawn),
        sorted(others, key=lambda one: one.label)[:NAMED],
        max(0, len(others) - NAMED),
        matrix(front, story, topics[:COMPARED]) if drawn else None,
    )


def _changed(front: Front, topic: Topic) -> int:
    return front.moved.get(topic.id, -(2**62))
