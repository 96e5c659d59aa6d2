"""The front page: one change followed to its proof, the stories, and the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.utterances import repeats
from web.home.example import Example, example
from web.home.questions import Questions, by_last_move, by_name
from web.home.stories import StoryRow, story_rows
from web.home.visit import HomeVisit, home_visit
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.shell.pagination import ListPlace

SORTS = ("changed", "name")


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the front page reads.

    ``statements`` counts as topics do; they were said in so many ``utterances``, some on several.
    """

    sort: str
    visit: HomeVisit | None
    topics: int
    actors: int
    statements: int
    utterances: int
    example: Example | None
    stories: list[StoryRow]
    questions: Questions


def home_page(
    conn: Connection,
    *,
    sort: str,
    now: int,
    new_after: int | None = None,
    place: ListPlace[str] | None = None,
) -> HomePage:
    """Read everything that the front page shows; what came after a log position is new.

    ``place`` is the one in the list of questions by name, a slug.
    """
    counts, names = directory.count_topics(conn), Names(conn)
    return HomePage(
        sort=sort,
        visit=home_visit(conn, new_after),
        topics=counts.topics,
        actors=directory.count_actors(conn),
        statements=counts.statements,
        utterances=counts.statements - repeats(conn),
        example=example(conn, names, now),
        stories=story_rows(conn, names),
        questions=by_name(conn, counts, place)
        if sort == "name"
        else by_last_move(conn, counts, names, now),
    )
