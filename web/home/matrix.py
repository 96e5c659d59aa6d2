"""Who stands where: the actors and topics of a story in one table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.projections.queries import entries
from web.i18n import dates
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import Standing
    from web.home.front import Front

ROWS = 24
"""Actors of one table; it counts the others."""

WIDE = 8
"""Topics that fit beside each other."""

LATELY = 30 * DAY


class Cell(msgspec.Struct, frozen=True):
    """Where one actor stands on one topic; ``came_from`` if that changed lately."""

    stance: StanceView | None
    said: str
    came_from: str
    recent: bool
    href: str


class Head(msgspec.Struct, frozen=True):
    """The name at the side or top of the matrix."""

    label: str
    href: str


class Matrix(msgspec.Struct, frozen=True):
    """Actors by topics, or topics by actors where that is the narrower way; ``more`` actors."""

    columns: list[Head]
    rows: list[tuple[Head, list[Cell]]]
    more: int


def matrix(front: Front, story: Story | None, topics: list[Topic]) -> Matrix:
    """Return the table of a story's topics."""
    standing = {(one.topic, one.lane): one for t in topics for one in front.positions[t.id]}
    actors = _rows(front, story, standing)
    shown = actors[:ROWS]
    said = _last_said(front, [one for one in standing.values() if one.lane in set(shown)])
    by_topic = [
        [_cell(front, topic, standing.get((topic.id, lane)), said) for lane in shown]
        for topic in topics
    ]
    at_topics = [Head(topic.label, f"/t/{topic.slug}") for topic in topics]
    named = map(front.names.actor, shown)
    at_actors = [Head(actor.name, f"/a/{actor.slug}") for actor in named]
    more = len(actors) - len(shown)
    if len(actors) < len(topics) and len(topics) > WIDE:
        return Matrix(at_actors, list(zip(at_topics, by_topic, strict=True)), more)
    by_actor = [list(cells) for cells in zip(*by_topic, strict=True)]
    return Matrix(at_topics, list(zip(at_actors, by_actor, strict=True)), more)


def _rows(
    front: Front, story: Story | None, standing: dict[tuple[str, str], Standing]
) -> list[str]:
    """Return the actors in the story's order of sides, then by how many topics they speak on."""
    arranged = [actor for _, actors in story.sides for actor in actors] if story else []
    place = {actor: n for n, actor in enumerate(arranged)}
    counts = Counter(lane for _, lane in standing)
    return sorted(
        counts,
        key=lambda lane: (
            place.get(lane, len(place)),
            -counts[lane],
            front.names.actor(lane).name,
        ),
    )


def _last_said(front: Front, standing: list[Standing]) -> dict[int, StatementEntry]:
    numbers = {one.position.last for one in standing if one.position.last}
    return entries.statements(front.conn, numbers)


def _cell(
    front: Front, topic: Topic, one: Standing | None, said: dict[int, StatementEntry]
) -> Cell:
    if one is None:
        return Cell(None, "", "", recent=False, href="")
    latest = front.latest.get((topic.id, one.lane))
    moved = latest.change if latest and latest.change.from_ is not None else None
    last = said.get(one.position.last or 0)
    return Cell(
        front.stance(topic, one),
        dates.said(last.said_at) if last else "",
        stances.word(topic.scale, moved.from_) if moved else "",
        recent=moved is not None and moved.counts_from > front.now - LATELY,
        href=front.to_lane(topic, one.lane),
    )
