"""The editions of the position rule, and the changes in which they differ, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.nature import VOTE
from timeline.domain.position import change as edition1
from timeline.domain.position import edition2
from timeline.domain.position.edition2.lanes import lanes_at
from timeline.domain.position.edition2.votes import readings_by_lane, withdrawals_among
from timeline.domain.position.edition2.words import StatementVersion, sign
from timeline.domain.position.reading import RULE
from timeline.domain.position.standing import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.record import Record

EDITIONS = {
    RULE: "The latest words of the highest rank hold the position, whoever spoke for the lane.",
    edition2.RULE: "A person is compared with the same person, a side moves with who decides for"
    " it, conditions stand apart from the direction, and an editor signs what is printed.",
}
"""Each edition in a sentence, by number."""

WHY = {
    "two_people": "the ends are of two people",
    "does_not_decide": "who spoke does not decide for the side",
    "second_hand": "an end is what others say",
    "joint_before": "the earlier end is a joint text",
    "two_things": "an end is a day of two things",
    "order_open": "the dates of both ends touch",
    "shade": "a shade of one class",
    "rhythm": "one of recurring decisions, without a turn",
    "there_and_back": "the way back of an entry that was left again at once",
    "same_again": "the words say what stood before, conditions included",
    "another_end": "it is compared with other words",
    "conditions": "the conditions differ",
    "new_decider": "another decides for the side",
    "taken_back": "words were taken back",
}
"""Why only one edition finds a change, in words."""


class Difference(msgspec.Struct, frozen=True):
    """A change on a lane that only one of two editions finds, and why.

    ``first`` is of edition 1, ``second`` of edition 2; both are set if edition 2 compares the same
    words with another end. ``why`` are keys of `WHY`.
    """

    lane: str
    day: int
    first: edition1.Change | None
    second: edition2.Change | None
    why: tuple[str, ...]


def differences(
    record: Record, *, as_of: int | None = None, known_at: int | None = None
) -> tuple[Difference, ...]:
    """Return the differences of editions 1 and 2 on a topic, in order of time; none for votes.

    First positions are left out: edition 2 does not call them a change.
    """
    if record.topic.asks == VOTE:
        return ()
    live = record.known(known_at)
    lanes = lanes_at(live, as_of)
    second = edition2.changes(live, as_of=as_of)
    every = [*_of_first(live, lanes, second, as_of), *_of_second(live, second, as_of)]
    return tuple(
        sorted(
            every,
            key=lambda difference: (difference.day, difference.lane, difference.first is None),
        )
    )


def first_edition(
    record: Record, as_of: int | None = None
) -> Iterator[tuple[str, edition1.Change]]:
    """Yield the changes of edition 1 with their lanes, first positions left out."""
    for lane, readings in readings_by_lane(record.words).items():
        said = [reading for reading in readings if as_of is None or reading.counts_from <= as_of]
        for change in edition1.changes(said, withdrawals_among(said, record.withdrawals)):
            if change.kind != "first":
                yield lane, change


def _of_first(
    record: Record, lanes: Lanes, second: Sequence[edition2.Change], as_of: int | None
) -> Iterator[Difference]:
    """Yield the changes of edition 1 that edition 2 lacks between the same ends."""
    said = {version.statement: version for version in record.words}
    for lane, move in first_edition(record, as_of):
        here = [change for change in second if lane in change.lanes]
        if not any(_same_ends(move, change) for change in here):
            other = next((change for change in here if {*change.after} & {*move.after}), None)
            why = _why(move, lane, [said[number] for number in move.after], lanes, said, here)
            yield Difference(lane, move.day, move, other, why or _last_reason(other))


def _last_reason(other: edition2.Change | None) -> tuple[str, ...]:
    return ("another_end",) if other else ("same_again",)


def _of_second(
    record: Record, second: Sequence[edition2.Change], as_of: int | None
) -> Iterator[Difference]:
    """Yield the changes of edition 2 to words at which edition 1 finds none."""
    first = list(first_edition(record, as_of))
    for change in second:
        for lane in change.lanes:
            if not any(lane == whose and {*change.after} & {*move.after} for whose, move in first):
                yield Difference(lane, change.day, None, change, (_reason(change),))


def _reason(change: edition2.Change) -> str:
    kinds = {"terms": "conditions", "succession": "new_decider", "withdrawn": "taken_back"}
    return kinds.get(change.kind, "another_end")


def _same_ends(first: edition1.Change, second: edition2.Change) -> bool:
    after = {*second.after, *second.back}
    return bool({*first.before} & {*second.before}) and bool({*first.after} & after)


def _why(
    move: edition1.Change,
    lane: str,
    after: Sequence[StatementVersion],
    lanes: Lanes,
    said: dict[int, StatementVersion],
    here: Sequence[edition2.Change],
) -> tuple[str, ...]:
    """Return all reasons why edition 2 finds no change between these ends."""
    before = [said[number] for number in move.before]
    both = (*before, *after)
    tests = {
        "two_people": len({version.speaker for version in both}) > 1,
        "does_not_decide": not all(_is_own(lanes, lane, version) for version in both),
        "second_hand": any(version.rank for version in both),
        "joint_before": bool(before) and all(version.joint for version in before),
        "two_things": MIXED in (move.from_, move.to),
        "order_open": _touch(before, after),
        "rhythm": lanes.topic.recurring,
        "shade": _is_shade(move),
        "there_and_back": any({*change.back} & {*move.after} for change in here),
    }
    return tuple(reason for reason, holds in tests.items() if holds)


def _is_own(lanes: Lanes, lane: str, version: StatementVersion) -> bool:
    return lane == version.speaker or lane in lanes.offices.decided_sides(version)


def _touch(before: Sequence[StatementVersion], after: Sequence[StatementVersion]) -> bool:
    latest = max((version.counts_from for version in before), default=None)
    return latest is not None and any(
        version.earliest is None or version.earliest <= latest for version in after
    )


def _is_shade(move: edition1.Change) -> bool:
    steps = [step for step in (move.from_, move.to) if isinstance(step, int)]
    return len(steps) == len((move.from_, move.to)) and len({*map(sign, steps)}) == 1
