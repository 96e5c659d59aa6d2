"""Who is counted on a question: each side once, and persons only where they differ from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.words import sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position import Stance
    from web.lanes.history import LaneHistory


class Tally(msgspec.Struct, frozen=True):
    """Lanes with a position of today: the sides, and persons who differ from theirs.

    ``earlier`` are sides and such persons of whom only an older position is known.
    """

    sides: list[LaneHistory]
    persons: list[LaneHistory]
    earlier: list[LaneHistory]

    @property
    def every(self) -> list[LaneHistory]:
        """All of them."""
        return [*self.sides, *self.persons, *self.earlier]


def tally(lanes: Sequence[LaneHistory], speakers: Iterable[LaneHistory] = ()) -> Tally:
    """Return who of these lanes is counted; ``speakers`` spoke for a side alone.

    A person who speaks for nobody here is a side of their own.
    """
    every = [*lanes, *speakers]
    spoken_for = _sides_of_speakers(every)
    held = [lane for lane in every if lane.position.counted]
    sides = [lane for lane in held if not spoken_for.get(lane.actor)]
    persons = [lane for lane in held if _differs(lane, spoken_for.get(lane.actor, []))]
    return Tally(
        sides=[lane for lane in sides if not lane.position.last_known],
        persons=[lane for lane in persons if not lane.position.last_known],
        earlier=[lane for lane in (*sides, *persons) if lane.position.last_known],
    )


def _sides_of_speakers(every: Iterable[LaneHistory]) -> dict[str, list[LaneHistory]]:
    """Return by person the lanes of the sides for which they spoke."""
    found: dict[str, list[LaneHistory]] = {}
    for lane in every:
        if lane.position.side:
            for speaker in {*lane.speakers} - {lane.actor}:
                found.setdefault(speaker, []).append(lane)
    return found


def _differs(lane: LaneHistory, sides: Sequence[LaneHistory]) -> bool:
    """Tell whether somebody stands elsewhere than each side for which they spoke."""
    return bool(sides) and all(
        _class(lane.position.stance) != _class(side.position.stance) for side in sides
    )


def _class(stance: Stance) -> Stance:
    return sign(stance) if isinstance(stance, int) else stance
