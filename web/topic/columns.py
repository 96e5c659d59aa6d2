"""Who stands where on a topic: a column for each word of its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from web import stances
from web.stances import StanceView

if TYPE_CHECKING:
    from timeline.domain.scales import Scale
    from web.names import Names
    from web.topic.history import LaneHistory


class ColumnActor(msgspec.Struct, frozen=True):
    """One actor in a column; ``came_from`` is the word before the last change, if it was one."""

    slug: str
    name: str
    second: bool
    via: str
    came_from: str
    changed_on: str


class Column(msgspec.Struct, frozen=True):
    """One word of the scale and who stands there."""

    stance: StanceView
    actors: tuple[ColumnActor, ...]


def columns(scale: Scale, lanes: list[LaneHistory], names: Names) -> list[Column]:
    """Return a column for each step of the scale, lowest first, and one for mixed if need be."""
    steps: list[int | str] = list(scale.steps)
    if any(lane.position.stance == MIXED for lane in lanes):
        steps.append(MIXED)
    return [
        Column(
            stances.view(scale, step),
            tuple(_actor(lane, scale, names) for lane in lanes if lane.position.stance == step),
        )
        for step in steps
    ]


def _actor(lane: LaneHistory, scale: Scale, names: Names) -> ColumnActor:
    actor = names.actor(lane.actor)
    last = lane.changes[-1] if lane.changes else None
    moved = last is not None and last.kind in ("reversal", "shift") and last.from_ is not None
    return ColumnActor(
        slug=actor.slug,
        name=actor.name,
        second=bool(lane.position.rank),
        via="",
        came_from=stances.word(scale, last.from_) if moved and last else "",
        changed_on="",
    )
