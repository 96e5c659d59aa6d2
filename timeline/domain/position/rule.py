"""The position of an actor on a topic as of a day, as known at a log position, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from timeline.domain.position.lane import Lane
from timeline.domain.position.reading import RULE, Reading, Withdrawal, known, walk_backs
from timeline.domain.position.standing import ProvenStance, Stance, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

Reason: TypeAlias = Literal[
    "not_known_yet",
    "retracted",
    "no_position",
    "later_than_as_of",
    "withdrawn",
    "outranked",
    "superseded",
    "joint_beside_own_words",
    "earlier_that_day",
    "second_hand",
    "voice",
    "order_open",
]


class Ignored(msgspec.Struct, frozen=True):
    """A statement that does not count, and the first step of the rule that excludes it."""

    statement: int
    reason: Reason


class LaterHearsay(msgspec.Struct, frozen=True):
    """Later words of a lower rank; they are shown with a position and do not move it."""

    stance: Stance
    rank: int
    statements: tuple[int, ...]


class Voice(msgspec.Struct, frozen=True):
    """The last words on behalf of a side by somebody who does not decide."""

    person: str
    direction: Stance
    terms: tuple[str, ...]
    statements: tuple[int, ...]


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where an actor stands on a topic, and why.

    ``stance`` is −2 … +2, ``mixed``, or ``None`` if no statement counts. ``counted`` are the
    statements that prove it, earliest first; ``ignored`` all others, by number. The run is the
    last days on which words of the same rank said the same: ``first`` and ``last`` are its first
    and last statement, ``statements`` is their number. ``lowest`` and ``highest`` are set for
    ``mixed`` only.

    All other fields are of edition 2 alone. ``terms`` are the conditions in force, ``held_by`` is
    the speaker: the person, the body, or the side's decider. ``last_known`` says that it was not
    repeated within the topic's limit. ``order_open`` are words that may be later, ``according_to``
    second-hand and ascribed ones, ``voices`` those of speakers who do not decide.
    """

    stance: Stance
    rank: int | None
    counted: tuple[int, ...]
    ignored: tuple[Ignored, ...]
    reported: LaterHearsay | None
    first: int | None
    last: int | None
    statements: int
    lowest: int | None
    highest: int | None
    lane: str = ""
    side: bool = False
    terms: tuple[str, ...] = ()
    uncoded: bool = False
    joint: bool = False
    held_by: str | None = None
    last_known: bool = False
    order_open: tuple[int, ...] = ()
    according_to: tuple[int, ...] = ()
    voices: tuple[Voice, ...] = ()
    rule: int = RULE


def position(
    readings: Iterable[Reading],
    withdrawals: Iterable[Withdrawal] = (),
    *,
    as_of: int | None = None,
    known_at: int | None = None,
) -> Position:
    """Return the position on this lane, and why.

    ``as_of`` is an instant in seconds (the end of a day for a day), ``known_at`` a position of
    the log; ``None`` bounds neither. The order of the readings does not matter.
    """
    versions = tuple(readings)
    live = known(versions, known_at)
    ignored = _not_known_yet(versions, live, known_at)
    candidates = _sift(live, _withdrawn(live, known(withdrawals, known_at), as_of), as_of, ignored)
    lane = Lane()
    for reading in sorted(candidates, key=in_order):
        lane.put(reading)
    standing = lane.standing()
    ignored.update(_not_counted(candidates, standing))
    return _answer(lane, standing, ignored)


def _not_known_yet(
    versions: Iterable[Reading], live: Iterable[Reading], known_at: int | None
) -> dict[int, Reason]:
    if known_at is None:
        return {}
    coming = {version.statement for version in versions if version.known_from > known_at}
    return dict.fromkeys(coming - {reading.statement for reading in live}, "not_known_yet")


def _withdrawn(live: Iterable[Reading], links: Iterable[Withdrawal], as_of: int | None) -> set[int]:
    return {
        target
        for target, taken_back in walk_backs(live, links).items()
        if as_of is None or any(by.words.counts_from <= as_of for by in taken_back)
    }


def _sift(
    live: Iterable[Reading], withdrawn: set[int], as_of: int | None, ignored: dict[int, Reason]
) -> list[Reading]:
    """Return the statements that may count, and record why each of the others does not."""
    candidates = []
    for reading in live:
        if reading.retracted:
            ignored[reading.statement] = "retracted"
        elif reading.stance is None:
            ignored[reading.statement] = "no_position"
        elif as_of is not None and reading.counts_from > as_of:
            ignored[reading.statement] = "later_than_as_of"
        elif reading.statement in withdrawn:
            ignored[reading.statement] = "withdrawn"
        else:
            candidates.append(reading)
    return candidates


def _not_counted(candidates: Iterable[Reading], standing: ProvenStance) -> dict[int, Reason]:
    counted = set(standing.numbers)
    return {
        reading.statement: _why_not(reading, standing)
        for reading in candidates
        if reading.statement not in counted
    }


def _why_not(reading: Reading, standing: ProvenStance) -> Reason:
    holding = standing.counted[0]
    if reading.rank > holding.rank:
        return "outranked"
    if reading.day < holding.day:
        return "superseded"
    if reading.joint and not holding.joint:
        return "joint_beside_own_words"
    return "earlier_that_day"


def _answer(lane: Lane, standing: ProvenStance, ignored: dict[int, Reason]) -> Position:
    run = lane.run(standing)
    beside = lane.beside(standing)
    lowest, highest = standing.span
    return Position(
        stance=standing.stance,
        rank=standing.rank,
        counted=standing.numbers,
        ignored=tuple(Ignored(number, reason) for number, reason in sorted(ignored.items())),
        reported=LaterHearsay(beside.stance, beside.rank, beside.numbers)
        if beside.rank is not None
        else None,
        first=run[-1].numbers[0] if run else None,
        last=run[0].numbers[-1] if run else None,
        statements=sum(len(day.counted) for day in run),
        lowest=lowest,
        highest=highest,
    )
