"""The running stories of the front page: how much there is, what changed last, when they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from timeline.projections.queries.directory import Story, StoryCounts, Topic
from timeline.projections.queries.moves import last_moves
from web.home.questions import Move, last_move
from web.home.story_bars import QUESTIONS, StoryBars, story_bars

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.wording.names import Names

DRAWN = 8
"""Stories that stand with their last change; of more, those that moved last."""

NEVER = -(2**62)


class StoryRow(msgspec.Struct, frozen=True):
    """A story with its last change and the question that it was on, if there was any."""

    story: Story
    questions: int
    statements: int
    topic: Topic | None
    move: Move | None
    bars: StoryBars | None


def story_rows(conn: Connection, names: Names) -> list[StoryRow]:
    """Return the stories, those first that moved last."""
    counts = directory.count_topics_by_story(conn)
    found = [(story, counts.get(story.id, StoryCounts())) for story in directory.stories(conn)]
    found.sort(key=lambda one: NEVER if one[1].moved is None else one[1].moved, reverse=True)
    return [
        _row(conn, story, counted, names, is_drawn=place < DRAWN)
        for place, (story, counted) in enumerate(found)
    ]


def _row(
    conn: Connection, story: Story, counted: StoryCounts, names: Names, *, is_drawn: bool
) -> StoryRow:
    moving = directory.last_to_move(conn, QUESTIONS, story=story.id) if is_drawn else []
    latest = moving[0] if moving else None
    return StoryRow(
        story=story,
        questions=counted.topics,
        statements=counted.statements,
        topic=latest,
        move=_move(conn, latest, names) if latest else None,
        bars=story_bars(conn, moving),
    )


def _move(conn: Connection, topic: Topic, names: Names) -> Move:
    found = last_moves(conn, [topic.id])[topic.id]
    proofs = {n for one in found for n in (*one.change.before, *one.change.after)}
    said = entries.statements(conn, proofs)
    names.learn(said.values())
    return last_move(topic, found, said, names, 0)
