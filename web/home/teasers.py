"""Topics of the front page: the question, its latest change and a few small lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from timeline.projections.queries import entries
from timeline.projections.queries.directory import Actor, Topic
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.i18n import dates
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange, Standing
    from web.home.front import Front

SPARKS = 5
YEARS = 3 * 365 * DAY
MONTHS = 75 * DAY
"""From these lengths on the axis is told in years, and in months."""


class Spark(msgspec.Struct, frozen=True):
    """One small lane of a topic."""

    actor: Actor
    stance: StanceView | None
    lane: LaneDrawing
    href: str


class Move(msgspec.Struct, frozen=True):
    """The latest change of a topic: who moved, from where to where, when that was said."""

    actor: Actor
    before: StanceView
    after: StanceView | None
    said: str


class TopicTeaser(msgspec.Struct, frozen=True):
    """A topic with its latest change and a few lanes."""

    topic: Topic
    actors: int
    sparks: list[Spark]
    latest: Move | None
    axis: list[str]


def teasers(front: Front, topics: list[Topic]) -> list[TopicTeaser]:
    """Return topics, of each its latest lanes to change first."""
    standing = {
        topic.id: sorted(front.positions[topic.id], key=lambda one: _by_change(front, one))
        for topic in topics
    }
    latest = {topic.id: _latest(front, standing[topic.id]) for topic in topics}
    proof = {n for one in latest.values() if one for n in (*one.change.before, *one.change.after)}
    said = entries.statements(front.conn, proof)
    return [
        _teaser(front, topic, standing[topic.id], _move(front, topic, latest[topic.id], said))
        for topic in topics
    ]


def _teaser(
    front: Front, topic: Topic, standing: list[Standing], latest: Move | None
) -> TopicTeaser:
    shown = standing[:SPARKS]
    front.read(topic, [one.lane for one in shown])
    return TopicTeaser(
        topic,
        len(standing),
        [_spark(front, topic, one) for one in shown],
        latest,
        _axis(*front.span(topic)),
    )


def _move(
    front: Front, topic: Topic, latest: LaneChange | None, said: dict[int, StatementEntry]
) -> Move | None:
    if latest is None:
        return None
    change, scale = latest.change, topic.scale
    proof = [said[number] for number in sorted(change.after) if number in said]
    return Move(
        front.names.actor(latest.lane),
        stances.proved(scale, change.from_, change.before, said),
        None if change.to is None else stances.proved(scale, change.to, change.after, said),
        dates.said(proof[0].said_at) if proof else "",
    )


def _by_change(front: Front, one: Standing) -> tuple[int, str]:
    change = front.latest.get((one.topic, one.lane))
    return (-change.change.counts_from if change else 2**62, front.names.actor(one.lane).name)


def _latest(front: Front, standing: list[Standing]) -> LaneChange | None:
    """Return the latest change that is more than a first word or a tie."""
    found = (front.latest.get((one.topic, one.lane)) for one in standing)
    return next(
        (
            one
            for one in found
            if one and one.change.kind != "first" and MIXED not in (one.change.from_, one.change.to)
        ),
        None,
    )


def _spark(front: Front, topic: Topic, one: Standing) -> Spark:
    return Spark(
        front.names.actor(one.lane),
        front.stance(topic, one) if one.position.counted else None,
        layout.spark(front.chart(topic, one.lane)),
        front.to_lane(topic, one.lane),
    )


def _axis(start: int, end: int) -> list[str]:
    label = dates.year if end - start > YEARS else dates.month
    if end - start < MONTHS:
        label = dates.short_day
    return [label(start), label((start + end) // 2), label(end)]
