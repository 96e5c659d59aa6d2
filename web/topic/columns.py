"""Who stands where on a topic: a column for each word of its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from web.i18n import dates
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.domain.position import Change
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.names import Names


YEAR = 365 * DAY
LATELY = 3 * YEAR
"""How long before the topic's last words a change still says who moved."""


class Recent(msgspec.Struct, frozen=True):
    """From when on a change is told of, and from when on it has a day and not only a year."""

    moved: int
    dated: int


class ColumnActor(msgspec.Struct, frozen=True):
    """One actor in a column; ``came_from`` is the word before the last change, if it was one.

    ``manner`` says how words came that are not the actor's own.

    ``changed_on`` says when that was, as exactly as it still matters: the day of the last year,
    the year of an earlier one.
    """

    slug: str
    name: str
    manner: str
    came_from: str
    changed_on: str


class Column(msgspec.Struct, frozen=True):
    """One word of the scale and who stands there."""

    stance: StanceView
    actors: tuple[ColumnActor, ...]


def columns(
    scale: Scale,
    lanes: list[LaneHistory],
    said: Mapping[int, StatementEntry],
    names: Names,
    now: int,
) -> list[Column]:
    """Return a column for each step of the scale, lowest first, and one for mixed if need be."""
    last = max((lane.last_word for lane in lanes), default=now)
    recent = Recent(last - LATELY, now - YEAR)
    steps: list[int | str] = list(scale.steps)
    if any(lane.position.stance == MIXED for lane in lanes):
        steps.append(MIXED)
    return [
        Column(
            stances.view(scale, step),
            tuple(
                _actor(lane, scale, said, names, recent)
                for lane in lanes
                if lane.position.stance == step
            ),
        )
        for step in steps
    ]


def _actor(
    lane: LaneHistory,
    scale: Scale,
    said: Mapping[int, StatementEntry],
    names: Names,
    recent: Recent,
) -> ColumnActor:
    actor, stood = names.actor(lane.actor), lane.position
    move = _latest_move(lane, recent)
    return ColumnActor(
        slug=actor.slug,
        name=actor.name,
        manner=stances.held(scale, stood, said).manner,
        came_from=stances.word(scale, move.from_) if move else "",
        changed_on=_when(move.counts_from, recent) if move else "",
    )


def _latest_move(lane: LaneHistory, recent: Recent) -> Change | None:
    last = lane.changes[-1] if lane.changes else None
    if last is None or last.from_ is None or last.kind not in ("reversal", "shift"):
        return None
    return last if last.counts_from >= recent.moved else None


def _when(instant: int, recent: Recent) -> str:
    return dates.short_day(instant) if instant >= recent.dated else dates.year(instant)
