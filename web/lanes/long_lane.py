"""A lane of very many words as pages show it: those of a stretch of time, and what stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import steps
from web.lanes.chart_input import MARKS
from web.lanes.crowd import hold_of
from web.lanes.history import Hold, LaneHistory, holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.position import Change, Position
    from timeline.projections.queries.stretch import Stretch


def lane_between(
    actor: str, stretch: Stretch, position: Position, days: tuple[int, int]
) -> LaneHistory:
    """Return what a lane did between two UTC days, where no words of it are taken back.

    Its words are counted by day, and not read, where they are too many for the chart to draw one
    by one.
    """
    moves = stretch.moves(*days)
    if stretch.has_more_than(MARKS, days):
        return LaneHistory(
            actor=actor,
            readings=(),
            position=position,
            changes=tuple(moves),
            holds=tuple(map(hold_of, moves)),
            daily=stretch.daily(*days),
        )
    read = stretch.between(*days)
    found = holds(steps([*stretch.before(days[0]), *read], known_at=stretch.known_at))
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(read, key=lambda one: (one.counts_from, one.statement))),
        position=position,
        changes=tuple(moves),
        holds=_from_its_change(found, moves, days[0] * DAY),
    )


def _from_its_change(
    found: Sequence[Hold], moves: Sequence[Change], begin: int
) -> tuple[Hold, ...]:
    """Return the positions from an instant on, the one that stood there told from its change."""
    earlier = [one for one in found if one.start < begin]
    inside = found[len(earlier) :]
    opened = moves[0] if moves and moves[0].day * DAY < begin else None
    if not earlier or opened is None or opened.to != earlier[-1].stance:
        return (*earlier[-1:], *inside)
    known = hold_of(opened)
    stood = msgspec.structs.replace(
        earlier[-1],
        start=known.start,
        said=(*known.said, *earlier[-1].said),
        opened_by=known.opened_by,
    )
    return (stood, *inside)
