"""What differs between two moments, lane by lane: new words, another past, the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Actor, Topic
    from web.lanes.history import LaneHistory
    from web.wording.names import Names
    from web.wording.stances import Said


class Difference(msgspec.Struct, frozen=True):
    """One lane that differs, with the statement that shows it."""

    actor: Actor
    before: StanceView | None
    after: StanceView | None
    number: int
    text: str


def _by_actor(lanes: list[LaneHistory]) -> dict[str, LaneHistory]:
    return {lane.actor: lane for lane in lanes}


def moved(
    lanes: list[list[LaneHistory]], topic: Topic, names: Names, heard: Said
) -> list[Difference]:
    """Lanes that stand elsewhere because of words that count later than all that was there."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        stance = old.position.stance if old else None
        if lane.position.stance == stance or not lane.position.counted:
            continue
        if old and not _is_later(lane, old):
            continue
        found.append(_difference(actor, old, lane, topic, names, heard))
    return found


def past(
    lanes: list[list[LaneHistory]], topic: Topic, names: Names, heard: Said
) -> list[Difference]:
    """Lanes whose earlier course changed: late finds, corrections, retractions."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        if old is None or not old.readings:
            continue
        end = old.readings[-1].counts_from
        was = _course(old, end)
        now = _course(lane, end)
        if changed := {number for number, *_ in was ^ now}:
            said = {r.statement: r.counts_from for r in (*old.readings, *lane.readings)}
            number = max(changed, key=lambda one: (said[one], one))
            one = _difference(actor, old, lane, topic, names, heard)
            text = dates.day(said[number])
            found.append(msgspec.structs.replace(one, number=number, text=text))
    return found


def past_of_crowd(
    lanes: list[list[LaneHistory]], topic: Topic, names: Names, heard: Said
) -> list[Difference]:
    """Lanes whose position rests on other words that are not later than those before."""
    before, after = map(_by_actor, lanes)
    return [
        _difference(actor, old, lane, topic, names, heard)
        for actor, lane in after.items()
        if (old := before.get(actor))
        and old.position.counted != lane.position.counted
        and not _is_later(lane, old)
    ]


def again(
    lanes: list[list[LaneHistory]], topic: Topic, names: Names, heard: Said
) -> list[Difference]:
    """Lanes on which something was said anew without moving anything."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        if old is None or old.position.stance != lane.position.stance:
            continue
        if new := _said_again(lane, old):
            one = _difference(actor, old, lane, topic, names, heard)
            found.append(msgspec.structs.replace(one, number=max(new)))
    return found


def _course(lane: LaneHistory, end: int) -> set[tuple[int, int | None, bool, int]]:
    return {
        (one.statement, one.stance, one.retracted, one.counts_from)
        for one in lane.readings
        if one.counts_from <= end
    }


def _said_again(lane: LaneHistory, old: LaneHistory) -> set[int]:
    """Return new statements that restate the position; what was found late restates nothing."""
    known = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return {
        r.statement
        for r in lane.readings
        if r.statement not in known
        and r.stance == lane.position.stance
        and r.counts_from >= latest
        and not r.retracted
    }


def _is_later(lane: LaneHistory, old: LaneHistory) -> bool:
    counted = [r for r in lane.readings if r.statement in lane.position.counted]
    known = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return any(r.statement not in known and r.counts_from >= latest for r in counted)


def _difference(
    actor: str,
    old: LaneHistory | None,
    lane: LaneHistory,
    topic: Topic,
    names: Names,
    heard: Said,
) -> Difference:
    before, stood = old.position if old else None, lane.position
    return Difference(
        names.actor(actor),
        stances.held(topic.scale, before, heard) if before and before.counted else None,
        stances.held(topic.scale, stood, heard) if stood.counted else None,
        stood.counted[-1] if stood.counted else 0,
        "",
    )
