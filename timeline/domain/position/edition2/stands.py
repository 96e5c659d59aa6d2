"""Where a person or a side stands, by own words, and what is said of them beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from timeline.domain.position.edition2.change import RULE
from timeline.domain.position.edition2.lanes import order
from timeline.domain.position.edition2.line import draw_line, in_sequence
from timeline.domain.position.edition2.record import is_old
from timeline.domain.position.edition2.words import in_order
from timeline.domain.position.standing import MIXED, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.words import Words

Reason: TypeAlias = Literal[
    "retracted",
    "second_hand",
    "no_position",
    "withdrawn",
    "voice",
    "superseded",
    "order_open",
    "joint_beside_own_words",
    "earlier_that_day",
]


class Ignored(msgspec.Struct, frozen=True):
    """A statement that does not count, and the first step of the rule that says so."""

    statement: int
    reason: Reason


class Voice(msgspec.Struct, frozen=True):
    """What somebody who does not decide last said on behalf of a side."""

    person: str
    direction: Stance
    terms: tuple[str, ...]
    statements: tuple[int, ...]


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person or a side stands on a topic, and why.

    ``stance`` is a direction, ``mixed`` for a day of two things, or ``None`` where no own words
    hold one; ``terms`` are the conditions that stand. ``held_by`` is who said it: the person, the
    body, or the side's decider. ``counted`` proves it; ``first`` and ``last`` are the first and
    the last statement of the run that said the same without a break. ``last_known`` says that
    it was not heard again within the topic's limit. ``order_open`` are words that may be later,
    ``according_to`` second-hand and ascribed ones, ``voices`` those who speak for the side and do
    not decide.
    """

    lane: str
    side: bool
    stance: Stance = None
    terms: tuple[str, ...] = ()
    uncoded: bool = False
    joint: bool = False
    held_by: str | None = None
    counted: tuple[int, ...] = ()
    first: int | None = None
    last: int | None = None
    last_known: bool = False
    order_open: tuple[int, ...] = ()
    according_to: tuple[int, ...] = ()
    voices: tuple[Voice, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    rule: int = RULE


def position_on(lanes: Lanes, lane: str, now: int | None) -> Position:
    """Return where the actor of a lane stands; ``now`` is the instant that ages are counted to."""
    is_side = lane in lanes.sides
    drawn = _of_side(lanes, lane) if is_side else _of_person(lanes, lane)
    ends, beside = _in_sequence(drawn)
    said = _said_on(lanes, lane, is_side=is_side)
    run = _run(ends)
    answer = Position(
        lane=lane,
        side=is_side,
        order_open=_numbers(beside),
        according_to=tuple(one.statement for one in said if one.rank and not one.retracted),
        voices=tuple(_voices(lanes, lane)) if is_side else (),
        ignored=_ignored(lanes, lane, said, (run[0] if run else None, beside)),
    )
    return _held(answer, run, is_last_known=_is_last_known(lanes, run, now)) if run else answer


def _held(answer: Position, run: Sequence[End], *, is_last_known: bool) -> Position:
    end = run[0]
    return msgspec.structs.replace(
        answer,
        stance=MIXED if end.mixed else end.direction,
        terms=() if end.mixed else tuple(sorted(end.terms)),
        uncoded=end.uncoded,
        joint=end.joint,
        held_by=end.speaker,
        counted=end.numbers,
        first=run[-1].numbers[0],
        last=end.numbers[-1],
        last_known=is_last_known,
    )


def _is_last_known(lanes: Lanes, run: Sequence[End], now: int | None) -> bool:
    return bool(run) and now is not None and is_old(lanes.topic, run[0].latest, now)


def _of_person(lanes: Lanes, lane: str) -> list[End]:
    line = lanes.lines.get(lane)
    return sorted((*line.ends, *line.beside), key=order) if line else []


def _of_side(lanes: Lanes, side: str) -> list[End]:
    """Return the days of the body itself and of those who decide for it, without what it took back.

    Where both spoke on one day, nobody knows in which order, and the body's words hold.
    """
    found = _of_person(lanes, side)
    gone = lanes.taken_back.keys() | {
        one.statement
        for one in lanes.for_side.get(side, ())
        if one.statement in lanes.taken_back_for_side
    }
    for speaker in lanes.speakers(side):
        own = [one for one in lanes.own.get(speaker, ()) if one.statement not in gone]
        line = draw_line(own if speaker != side else (), lanes.offices)
        found += [end for end in (*line.ends, *line.beside) if side in end.binds]
    return sorted(found, key=lambda end: (end.latest, end.speaker != side, order(end)))


def ends_of_side(lanes: Lanes, side: str) -> list[End]:
    """Return the ends on the lane of a side, in certain order."""
    return [end for end in _in_sequence(_of_side(lanes, side))[0] if not end.mixed]


def _in_sequence(drawn: Iterable[End]) -> tuple[list[End], list[End]]:
    """Return the days in certain order, and those later than the last that may not be later."""
    ends: list[End] = []
    beside: list[End] = []
    for end in drawn:
        if not ends or in_sequence(ends[-1], end) or _says_same(ends[-1], end):
            ends.append(end)
            beside.clear()
        else:
            beside.append(end)
    return ends, beside


def _says_same(one: End, other: End) -> bool:
    return not one.mixed and not other.mixed and one.state == other.state


def _run(ends: Sequence[End]) -> list[End]:
    """Return the last days, the latest first, on which the same was said."""
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


def _said_on(lanes: Lanes, lane: str, *, is_side: bool) -> list[Words]:
    """Return all words on a lane: of the person, or of the body and on behalf of the side."""
    here = [*lanes.said.get(lane, ()), *(lanes.for_side.get(lane, ()) if is_side else ())]
    return sorted(here, key=in_order)


def _ignored(
    lanes: Lanes, lane: str, said: Iterable[Words], shown: tuple[End | None, Sequence[End]]
) -> tuple[Ignored, ...]:
    end, beside = shown
    counted, is_open = set(end.numbers if end else ()), {*_numbers(beside)}
    return tuple(
        Ignored(
            one.statement, "order_open" if one.statement in is_open else _why(lanes, lane, one, end)
        )
        for one in sorted(said, key=lambda one: one.statement)
        if one.statement not in counted
    )


def _why(lanes: Lanes, lane: str, one: Words, end: End | None) -> Reason:
    reasons: list[tuple[Reason, bool]] = [
        ("retracted", one.retracted),
        ("second_hand", one.rank > 0),
        ("no_position", one.direction is None),
        ("withdrawn", one.statement in lanes.taken_back),
        ("voice", _is_voice(lanes, lane, one)),
        ("withdrawn", lane == one.side and one.statement in lanes.taken_back_for_side),
        ("superseded", end is None or one.day < end.day),
        ("joint_beside_own_words", one.joint),
    ]
    return next((reason for reason, holds in reasons if holds), "earlier_that_day")


def _is_voice(lanes: Lanes, lane: str, one: Words) -> bool:
    return lane == one.side != one.speaker and lane not in lanes.offices.decided_sides(one)


def _numbers(ends: Iterable[End]) -> tuple[int, ...]:
    return tuple(number for end in ends for number in end.numbers)
