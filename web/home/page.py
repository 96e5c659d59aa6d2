"""The front page: one change followed to its proof, the stories, and the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.moves import last_moves
from timeline.projections.queries.utterances import repeats
from web.home.example import Example, example
from web.home.questions import Questions, by_last_move, by_name
from web.home.stories import StoryRow, story_rows
from web.home.visit import HomeVisit, home_visit
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

SORTS = ("changed", "name")


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the front page reads."""

    sort: str
    visit: HomeVisit | None
    topics: int
    actors: int
    statements: int
    example: Example | None
    stories: list[StoryRow]
    questions: Questions


def home_page(conn: Connection, *, sort: str, now: int, new_after: int | None = None) -> HomePage:
    """Read everything that the front page shows; what came after a log position is new."""
    topics, moved, names = directory.topics(conn), last_moves(conn), Names(conn)
    latest = sorted(moved.values(), key=lambda found: -found[0].change.counts_from)
    questions = (
        by_name(topics, moved) if sort == "name" else by_last_move(conn, topics, moved, names, now)
    )
    return HomePage(
        sort=sort,
        visit=home_visit(conn, topics, new_after),
        topics=len(topics),
        actors=directory.count_actors(conn),
        statements=sum(topic.statements for topic in topics) - repeats(conn),
        example=example(conn, latest, names, now),
        stories=story_rows(conn, topics, moved, names),
        questions=questions,
    )
