"""A few words in which a test writes down what was said on a lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import Position, Reading, Withdrawal

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

HOUR = 3_600
SECOND_HAND = 1
ASCRIBED = 2

Answer = tuple[object, tuple[int, ...], dict[int, str]]


def case(sentence: str, *values: object) -> ParameterSet:
    """One row of a table of cases."""
    return pytest.param(*values, id=sentence)


def said(  # noqa: PLR0913 - the fields of one reading
    number: int,
    day: int,
    stance: int | None,
    *,
    at: int | None = None,
    speaker: str = "A",
    rank: int = 0,
    joint: bool = False,
    retracted: bool = False,
    wording: int = 1,
    known: tuple[int, int | None] | None = None,
) -> Reading:
    """Statement `number`, said on a day, at an hour where one is given."""
    known_from, known_until = known or (number, None)
    return Reading(
        statement=number,
        speaker=speaker,
        counts_from=end_of_day(day) if at is None else day * DAY + at * HOUR,
        timed=at is not None,
        rank=rank,
        joint=joint,
        stance=stance,
        wording=wording,
        retracted=retracted,
        known_from=known_from,
        known_until=known_until,
    )


def takes_back(by: int, target: int, known: tuple[int, int | None] | None = None) -> Withdrawal:
    """Statement `by` withdraws `target`; linked as soon as both are on record."""
    known_from, known_until = known or (max(by, target), None)
    return Withdrawal(by=by, target=target, known_from=known_from, known_until=known_until)


def answer(position: Position) -> Answer:
    """The stance, the statements that prove it, and why each other one does not count."""
    why = {ignored.statement: ignored.reason for ignored in position.ignored}
    return position.stance, position.counted, dict(why)
