"""The differences between two moments, lane by lane: a move, a changed past, a repetition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.grammar import noun
from web.wording.stances import StanceView
from web.wording.two_moments import ComparedSide

if TYPE_CHECKING:
    from timeline.domain.position import Position
    from timeline.projections.queries.directory import Actor, Topic
    from web.lanes.history import LaneHistory
    from web.wording.names import Names
    from web.wording.stances import Said


class Difference(msgspec.Struct, frozen=True):
    """A lane that differs, with the statement that shows it and what became of that.

    ``text`` is when that was said, and ``voted`` if it is a vote.
    """

    actor: Actor
    before: StanceView | None
    after: StanceView | None
    number: int
    text: str
    became: str = ""
    voted: bool = False
    side: ComparedSide | None = None


class Differences:
    """Compares the lanes of a topic at two moments, each as it was known then.

    ``second_hand`` are the second-hand statements that positions rest on, by number.
    """

    def __init__(
        self, lanes: list[list[LaneHistory]], topic: Topic, names: Names, second_hand: Said
    ) -> None:
        before, after = ({lane.actor: lane for lane in side} for side in lanes)
        self._lanes = [(before.get(actor), lane) for actor, lane in after.items()]
        self._topic, self._names, self._heard = topic, names, second_hand

    def moved(self) -> list[Difference]:
        """Return lanes that moved because of words later than all earlier ones."""
        return [
            self._difference(old, lane)
            for old, lane in self._lanes
            if lane.position.counted
            and lane.position.stance != (old.position.stance if old else None)
            and (old is None or _is_later(lane, old))
        ]

    def past(self) -> list[Difference]:
        """Return lanes whose past changed: late finds, corrections, retractions."""
        differences: list[Difference] = []
        for old, lane in self._lanes:
            if old is None or not old.readings:
                continue
            if old.totals or lane.totals:
                differences += self._resting_on_others(old, lane)
                continue
            end = old.readings[-1].counts_from
            if changed := {number for number, *_ in _course(old, end) ^ _course(lane, end)}:
                fates = {n: _fate(n, old, lane) for n in changed}
                counts_from = {r.statement: r.counts_from for r in (*old.readings, *lane.readings)}
                number = max(changed, key=lambda n: (fates[n].rank, counts_from[n], n))
                difference, text = self._difference(old, lane), dates.day(counts_from[number])
                became = fates[number].word
                differences.append(
                    msgspec.structs.replace(difference, number=number, text=text, became=became)
                )
        return differences

    def _resting_on_others(self, old: LaneHistory, lane: LaneHistory) -> list[Difference]:
        """Return a short lane if its position rests on other statements that are not later."""
        is_other = old.position.counted != lane.position.counted
        return [self._difference(old, lane)] if is_other and not _is_later(lane, old) else []

    def again(self) -> list[Difference]:
        """Return lanes with new statements that repeat the position."""
        return [
            msgspec.structs.replace(self._difference(old, lane), number=max(new))
            for old, lane in self._lanes
            if old
            and old.position.stance == lane.position.stance
            and (new := _said_again(lane, old))
        ]

    def _difference(self, old: LaneHistory | None, lane: LaneHistory) -> Difference:
        before, position = old.position if old else None, lane.position
        scale, second_hand = self._topic.scale, self._heard
        return Difference(
            self._names.actor(lane.actor),
            stances.of_position(scale, before, second_hand) if before and before.counted else None,
            stances.of_position(scale, position, second_hand) if position.counted else None,
            position.counted[-1] if position.counted else 0,
            "",
            side=self._compared_side(lane.actor, before, position),
        )

    def _compared_side(
        self, actor: str, before: Position | None, position: Position
    ) -> ComparedSide:
        scale, heard = self._topic.scale, self._heard
        view = stances.of_position(scale, position, heard)
        return ComparedSide(
            noun(self._names.actor(actor)),
            position.stance,
            bool(position.terms),
            stances.in_brief(view) if view.second else "",
            stances.word(scale, before.stance) if before and before.counted else "",
        )


class _Fate(msgspec.Struct, frozen=True):
    """What became of a statement between two moments; an amendment ranks above a late find."""

    rank: int
    word: str


def _fate(number: int, old: LaneHistory, lane: LaneHistory) -> _Fate:
    before, after = (
        next((r for r in history.readings if r.statement == number), None)
        for history in (old, lane)
    )
    if before is None:
        return _Fate(0, gettext("found later"))
    if after is None:
        return _Fate(1, gettext("not in this lane any more"))
    if before.retracted != after.retracted:
        return _Fate(2, gettext("retracted") if after.retracted else gettext("reinstated"))
    return _Fate(1, gettext("corrected"))


def _course(lane: LaneHistory, end: int) -> set[tuple[int, int | None, bool, int]]:
    return {
        (reading.statement, reading.stance, reading.retracted, reading.counts_from)
        for reading in lane.readings
        if reading.counts_from <= end
    }


def _said_again(lane: LaneHistory, old: LaneHistory) -> set[int]:
    """Return new statements that repeat the position, without late finds."""
    old_numbers = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return {
        r.statement
        for r in lane.readings
        if r.statement not in old_numbers
        and r.stance == lane.position.stance
        and r.counts_from >= latest
        and not r.retracted
    }


def _is_later(lane: LaneHistory, old: LaneHistory) -> bool:
    readings = [r for r in lane.readings if r.statement in lane.position.counted]
    old_numbers = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return any(r.statement not in old_numbers and r.counts_from >= latest for r in readings)
