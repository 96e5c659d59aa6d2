"""Topics of the front page: the question, its latest change and a few small lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from timeline.projections.queries.directory import Actor, Topic
from web import dating
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.home.cards import Card, card
from web.stances import StanceView

if TYPE_CHECKING:
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


class TopicTeaser(msgspec.Struct, frozen=True):
    """A topic with its latest change and a few lanes."""

    topic: Topic
    actors: int
    sparks: list[Spark]
    latest: Card | None
    axis: list[str]


def teaser(front: Front, topic: Topic) -> TopicTeaser:
    """Return a topic, its latest lanes to change first."""
    standing = sorted(front.positions[topic.id], key=lambda one: _by_change(front, one))
    latest = _latest(front, standing)
    return TopicTeaser(
        topic,
        len(standing),
        [_spark(front, topic, one) for one in standing[:SPARKS]],
        card(front, latest) if latest else None,
        _axis(*front.span(topic)),
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
    label = dating.year if end - start > YEARS else dating.month
    if end - start < MONTHS:
        label = dating.short_day
    return [label(start), label((start + end) // 2), label(end)]
