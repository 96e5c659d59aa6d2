"""The running stories of the front page: how much there is, what changed last, when they moved."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from timeline.projections.queries.directory import Story, Topic
from web.home.questions import Move, last_move
from web.home.story_bars import StoryBars, story_bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.positions import LaneChange
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


def story_rows(
    conn: Connection,
    topics: Sequence[Topic],
    moved: dict[str, list[LaneChange]],
    names: Names,
) -> list[StoryRow]:
    """Return the stories, those first that moved last; ``moved`` are each topic's last changes."""

    def instant(topic: Topic) -> int:
        return moved[topic.id][0].change.counts_from if topic.id in moved else NEVER

    by_story: dict[str | None, list[Topic]] = defaultdict(list)
    for topic in sorted(topics, key=instant, reverse=True):
        by_story[topic.story].append(topic)
    found = [(story, by_story[story.id]) for story in directory.stories(conn)]
    found.sort(key=lambda one: -instant(one[1][0]) if one[1] else -NEVER)
    return [
        _row(conn, story, of, moved if place < DRAWN else {}, names)
        for place, (story, of) in enumerate(found)
    ]


def _row(
    conn: Connection,
    story: Story,
    topics: Sequence[Topic],
    moved: dict[str, list[LaneChange]],
    names: Names,
) -> StoryRow:
    moving = [one for one in topics if one.id in moved]
    latest = moving[0] if moving else None
    return StoryRow(
        story=story,
        questions=len(topics),
        statements=sum(one.statements for one in topics),
        topic=latest,
        move=_move(conn, latest, moved[latest.id], names) if latest else None,
        bars=story_bars(conn, moving),
    )


def _move(conn: Connection, topic: Topic, found: Sequence[LaneChange], names: Names) -> Move:
    proofs = {n for one in found for n in (*one.change.before, *one.change.after)}
    said = entries.statements(conn, proofs)
    names.learn(said.values())
    return last_move(topic, found, said, names, 0)
