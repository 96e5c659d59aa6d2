"""Who stands where on a topic: a column for each word of its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, calendar_date, day_of
from timeline.domain.position import MIXED
from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import answers, stances
from web.wording.stances import StanceView
from web.wording.when import changed_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.domain.position import Change, Position
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.company import Tally
    from web.lanes.history import LaneHistory
    from web.wording.names import Names


YEAR = 365 * DAY
LATELY = 3 * YEAR
"""How long before the topic's last statement a change is still marked."""

FEW = 4
"""The most actors of a column below each other."""


class ColumnActor(msgspec.Struct, frozen=True):
    """One actor in a column; ``came_from`` is the word before the last change, if it was one.

    ``manner`` says how words came that are not the actor's own, whether somebody who speaks for a
    side stands here in person, and when a position was last known that is too old to be counted.

    ``changed_on`` says when that was, as exactly as the words are dated; without its year where
    all that the columns tell of is of the current one.
    """

    slug: str
    name: str
    manner: str
    came_from: str
    changed_on: str
    is_counted: bool = True


class Column(msgspec.Struct, frozen=True):
    """One word of the scale and who stands there."""

    stance: StanceView
    actors: tuple[ColumnActor, ...]

    @property
    def number(self) -> int:
        """The number of actors with a current position."""
        return sum(actor.is_counted for actor in self.actors)

    @property
    def is_wide(self) -> bool:
        """Tell whether it is wide, with its actors side by side."""
        return len(self.actors) > FEW


def columns(
    scale: Scale,
    counted: Tally,
    said: Mapping[int, StatementEntry],
    names: Names,
    now: int,
) -> list[Column]:
    """Return a column for each step of the scale, lowest first, and one for mixed if need be.

    Actors with only an old position come last, and are not counted.
    """
    lanes = counted.every
    last = max((lane.last_word for lane in lanes), default=now)
    changes = {lane.actor: _latest_move(lane, last - LATELY) for lane in lanes}
    moved = {actor: changed_at(move, said) for actor, move in changes.items() if move}
    year = calendar_date(day_of(now))[0]
    if any(dates.year_of(change) != year for change in moved.values()):
        year = 0
    changed = {actor: dates.said_within(text, year) for actor, text in moved.items()}
    steps: list[int | str] = list(scale.steps)
    if any(lane.position.stance == MIXED for lane in lanes):
        steps.append(MIXED)
    # Recent changes come first: only the beginning of a long column is shown.
    ordered = sorted(lanes, key=lambda lane: (lane.position.last_known, lane.actor not in changed))
    persons = {lane.actor for lane in counted.persons}
    return [
        Column(
            stances.view(scale, step),
            tuple(
                _actor(
                    lane,
                    scale,
                    said,
                    names,
                    changes[lane.actor],
                    changed.get(lane.actor, ""),
                    in_person=lane.actor in persons,
                )
                for lane in ordered
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
    move: Change | None,
    changed_on: str,
    *,
    in_person: bool,
) -> ColumnActor:
    actor, position = names.actor(lane.actor), lane.position
    manner = stances.of_position(scale, position, said).manner or (
        gettext("in person") if in_person else ""
    )
    return ColumnActor(
        slug=actor.slug,
        name=actor.name,
        manner=_last_known(position, said) if position.last_known else manner,
        is_counted=not position.last_known,
        came_from=answers.left(scale, move, said) if move else "",
        changed_on=changed_on,
    )


def _last_known(position: Position, said: Mapping[int, StatementEntry]) -> str:
    """Say when an old position was last known."""
    entry = said.get(position.last or 0)
    return gettext("last known %(date)s", date=dates.said(entry.said_at) if entry else "")


def _latest_move(lane: LaneHistory, since: int) -> Change | None:
    last = lane.came_by
    return last if last is not None and last.counts_from >= since else None
