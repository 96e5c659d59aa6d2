"""The position of a person or a side by own words, and what others say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.change import RULE
from timeline.domain.position.edition2.lanes import order
from timeline.domain.position.edition2.line import draw_line, in_sequence
from timeline.domain.position.edition2.record import is_old
from timeline.domain.position.edition2.words import in_order, is_body
from timeline.domain.position.rule import Ignored, LaterHearsay, Position, Voice
from timeline.domain.position.standing import MIXED, ProvenStance, Stance, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.words import StatementVersion
    from timeline.domain.position.rule import Reason


def position_on(lanes: Lanes, lane: str) -> Position:
    """Return the position on a lane, of any age."""
    is_side = lane in lanes.sides
    ends, beside = _in_sequence(ends_on(lanes, lane))
    said = words_on(lanes, lane)
    run = _run(ends)
    answer = Position(
        stance=None,
        rank=None,
        counted=(),
        reported=_later_hearsay(said, run[0].latest if run else None),
        first=None,
        last=None,
        statements=0,
        lowest=None,
        highest=None,
        rule=RULE,
        lane=lane,
        side=is_side,
        order_open=_numbers(beside),
        according_to=tuple(
            version.statement for version in said if version.rank and not version.retracted
        ),
        voices=tuple(_voices(lanes, lane)) if is_side else (),
        ignored=_ignored(lanes, lane, said, (run[0] if run else None, beside)),
    )
    return _with_holder(answer, run) if run else answer


def mark_last_known(lanes: Lanes, stood: Position, now: int | None) -> Position:
    """Mark a position as last known if it was not repeated within the topic's limit.

    Recurring decisions have no limit: there it marks members who took no part in the latest one.
    Ages count up to ``now``.
    """
    if now is None or not stood.counted:
        return stood
    said = lanes.said[stood.held_by or stood.lane]
    last = (version for version in said if version.statement == stood.last)
    is_last_known = any(is_old(lanes.topic, version.counts_from, now) for version in last)
    if is_last_known or _took_no_part(lanes, said):
        return msgspec.structs.replace(stood, last_known=True)
    return stood


def _took_no_part(lanes: Lanes, said: Iterable[StatementVersion]) -> bool:
    """Tell whether a member of a body last spoke before its latest recurring decision."""
    if not lanes.topic.recurring:
        return False
    own = [version for version in said if not version.retracted]
    votes = {version.occasion for version in own if version.voted and not is_body(version)} - {None}
    decisions = [
        version.counts_from
        for body in lanes.sides
        if any(is_body(words) and words.occasion in votes for words in lanes.own.get(body, ()))
        for version in lanes.own[body]
    ]
    return bool(decisions) and max(version.counts_from for version in own) < max(decisions)


def _with_holder(answer: Position, run: Sequence[End]) -> Position:
    end = run[0]
    lowest, highest = standing_of(end).span
    return msgspec.structs.replace(
        answer,
        stance=MIXED if end.mixed else end.direction,
        rank=0,
        statements=sum(len(day.words) for day in run),
        lowest=lowest,
        highest=highest,
        terms=() if end.mixed else tuple(sorted(end.terms)),
        uncoded=end.uncoded,
        joint=end.joint,
        held_by=end.speaker,
        counted=end.numbers,
        first=run[-1].numbers[0],
        last=end.numbers[-1],
    )


def standing_of(end: End) -> ProvenStance:
    """Return the stance of an end with its proof, for drawing a lane."""
    stance: Stance = MIXED if end.mixed else end.direction
    return ProvenStance(stance, end.words)


def _later_hearsay(said: Iterable[StatementVersion], since: int | None) -> LaterHearsay | None:
    """Return the last hearsay on an actor after an instant, of the best rank."""
    later = [
        version
        for version in said
        if version.rank and not version.retracted and version.stance is not None
        if since is None or version.counts_from > since
    ]
    if not later:
        return None
    rank = min(version.rank for version in later)
    day = max(version.day for version in later if version.rank == rank)
    stood = settle([version for version in later if (version.rank, version.day) == (rank, day)])
    return LaterHearsay(stood.stance, rank, stood.numbers)


def ends_on(lanes: Lanes, lane: str) -> list[End]:
    """Return the ends on the line of a lane, in order of time."""
    return _of_side(lanes, lane) if lane in lanes.sides else _of_person(lanes, lane)


def _of_person(lanes: Lanes, lane: str) -> list[End]:
    line = lanes.lines.get(lane)
    return sorted((*line.ends, *line.beside), key=order) if line else []


def _of_side(lanes: Lanes, side: str) -> list[End]:
    """Return the ends of a body and of its deciders, without words that it took back.

    If both spoke on one day, the body's words count, unless the others' are certainly later.
    """
    ends = _of_person(lanes, side)
    bodies = {end.day: end for end in ends}
    for_side = {version.statement for version in lanes.for_side.get(side, ())}
    gone = for_side & lanes.taken_back_for_side.keys()
    for speaker in lanes.speakers(side):
        if speaker == side or speaker not in lanes.own:
            continue
        line = lanes.lines[speaker]
        if not gone.isdisjoint(version.statement for version in lanes.own[speaker]):
            line = draw_line(lanes.own[speaker], lanes.offices, gone | lanes.taken_back.keys())
        ends += [end for end in (*line.ends, *line.beside) if side in end.binds]

    def in_turn(end: End) -> tuple[int, int, tuple[int, int]]:
        body = bodies.get(end.day, end)
        place = 1 if end is body else 0 if in_sequence(end, body) else 2
        return end.day, place, order(end)

    return sorted(ends, key=in_turn)


def ends_of_side(lanes: Lanes, side: str) -> list[End]:
    """Return the ends on the lane of a side, in certain order."""
    return [end for end in _in_sequence(_of_side(lanes, side))[0] if not end.mixed]


def _in_sequence(by_day: Iterable[End]) -> tuple[list[End], list[End]]:
    """Return the ends in certain order, and those after the last whose order is uncertain."""
    ends: list[End] = []
    beside: list[End] = []
    for end in by_day:
        if follows(ends[-1] if ends else None, end):
            ends.append(end)
            beside.clear()
        else:
            beside.append(end)
    return ends, beside


def follows(last: End | None, end: End) -> bool:
    """Tell whether an end follows the last one: certainly later, or with the same content."""
    return last is None or in_sequence(last, end) or _says_same(last, end)


def _says_same(end: End, other: End) -> bool:
    return not end.mixed and not other.mixed and end.state == other.state


def _run(ends: Sequence[End]) -> list[End]:
    """Return the last ends that say the same, latest first."""
    run: list[End] = []
    for end in reversed(ends):
        if run and not _says_same(end, run[0]):
            break
        run.append(end)
    return run


def _voices(lanes: Lanes, side: str) -> Iterable[Voice]:
    for speaker, ends in lanes.speaking(side).items():
        last = ends[-1]
        if side not in last.binds:
            yield Voice(speaker, last.direction, tuple(sorted(last.terms)), last.numbers)


def words_on(lanes: Lanes, lane: str) -> list[StatementVersion]:
    """Return all words on a lane: of the person, or of the body and on behalf of the side."""
    for_it = lanes.for_side.get(lane, ()) if lane in lanes.sides else ()
    on_lane = {version.statement: version for version in (*lanes.said.get(lane, ()), *for_it)}
    return sorted(on_lane.values(), key=in_order)


def _ignored(
    lanes: Lanes,
    lane: str,
    said: Iterable[StatementVersion],
    shown: tuple[End | None, Sequence[End]],
) -> tuple[Ignored, ...]:
    end, beside = shown
    counted, is_open = set(end.numbers if end else ()), {*_numbers(beside)}
    return tuple(
        Ignored(
            version.statement,
            "order_open" if version.statement in is_open else _why(lanes, lane, version, end),
        )
        for version in sorted(said, key=lambda version: version.statement)
        if version.statement not in counted
    )


def _why(lanes: Lanes, lane: str, version: StatementVersion, end: End | None) -> Reason:
    reasons: list[tuple[Reason, bool]] = [
        ("retracted", version.retracted),
        ("second_hand", version.rank > 0),
        ("no_position", version.stance is None),
        ("withdrawn", version.statement in lanes.taken_back),
        ("voice", is_voice(lanes, lane, version)),
        ("withdrawn", lane == version.side and version.statement in lanes.taken_back_for_side),
        ("superseded", end is None or version.day < end.day),
        ("joint_beside_own_words", version.joint),
    ]
    return next((reason for reason, holds in reasons if holds), "earlier_that_day")


def is_voice(lanes: Lanes, lane: str, version: StatementVersion) -> bool:
    """Tell whether the speaker speaks for this side without deciding for it."""
    return lane == version.side != version.speaker and lane not in lanes.offices.decided_sides(
        version
    )


def _numbers(ends: Iterable[End]) -> tuple[int, ...]:
    return tuple(number for end in ends for number in end.numbers)
