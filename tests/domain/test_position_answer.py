"""Position rule version 1: what an answer covers, reasons, first and last said."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import HOUR, Answer, answer, case, said, takes_back
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import RULE, Reading, Withdrawal, position

Lane = list[Reading]
Links = list[Withdrawal]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        case("before all words", 4, (None, (), {1: "later_than_as_of", 2: "later_than_as_of"})),
        case("on the day itself", 5, (2, (1,), {2: "later_than_as_of"})),
        case("between the words", 6, (2, (1,), {2: "later_than_as_of"})),
        case("on the last day", 7, (-2, (2,), {1: "superseded"})),
        case("long after", 7_000, (-2, (2,), {1: "superseded"})),
    ],
)
def test_as_of_a_day_only_words_that_count_by_its_end(as_of: int, expected: Answer) -> None:
    assert answer(position([said(1, 5, 2), said(2, 7, -2)], as_of=end_of_day(as_of))) == expected


def test_as_of_an_instant_within_a_day_only_words_that_count_by_then() -> None:
    lane = [said(1, 5, 2, at=9), said(2, 5, -2, at=15), said(3, 5, 0)]
    noon = 5 * DAY + 12 * HOUR
    assert answer(position(lane, as_of=noon)) == (
        2,
        (1,),
        {2: "later_than_as_of", 3: "later_than_as_of"},
    )


@pytest.mark.parametrize(
    ("reading", "as_of", "reason"),
    [
        case("retracted comes before later", said(1, 9, 2, retracted=True), 5, "retracted"),
        case(
            "retracted comes before no position", said(1, 5, None, retracted=True), 5, "retracted"
        ),
        case("no position comes before later", said(1, 9, None), 5, "no_position"),
        case("outranked comes before superseded", said(1, 3, 2, rank=1), 5, "outranked"),
        case("superseded comes before joint", said(1, 3, 2, joint=True), 5, "superseded"),
        case(
            "joint comes before earlier that day",
            said(1, 4, 2, joint=True, at=3),
            5,
            "joint_beside_own_words",
        ),
    ],
)
def test_an_ignored_statement_has_the_first_reason_of_the_rule(
    reading: Reading, as_of: int, reason: str
) -> None:
    stands = position([reading, said(2, 4, 1, at=12)], as_of=end_of_day(as_of))
    assert answer(stands) == (1, (2,), {1: reason})


@pytest.mark.parametrize(
    ("lane", "links", "run"),
    [
        case("silence has no run", [said(1, 5, None)], [], (None, None, 0)),
        case("one statement opens and ends its run", [said(1, 5, 2)], [], (1, 1, 1)),
        case(
            "words that say the same extend the run",
            [said(1, 5, 2), said(2, 6, 2), said(3, 7, 2)],
            [],
            (1, 3, 3),
        ),
        case(
            "the run goes by the days of the words, not by their numbers",
            [said(3, 5, 2), said(2, 6, 2), said(1, 7, 2)],
            [],
            (3, 1, 3),
        ),
        case(
            "another stance ends the run",
            [said(1, 5, 2), said(2, 6, -2), said(3, 7, 2), said(4, 8, 2)],
            [],
            (3, 4, 2),
        ),
        case(
            "a mixed day ends the run",
            [said(1, 5, 2), said(2, 6, -2), said(3, 6, 2), said(4, 8, 2)],
            [],
            (4, 4, 1),
        ),
        case(
            "all words of a day count",
            [said(1, 5, 2), said(2, 5, 2), said(3, 6, 2)],
            [],
            (1, 3, 3),
        ),
        case(
            "words that do not prove their day do not count",
            [said(1, 5, -2, at=9), said(2, 5, 2, at=10), said(3, 6, 2), said(4, 6, 0, joint=True)],
            [],
            (2, 3, 2),
        ),
        case(
            "withdrawn words are no part of a run",
            [said(1, 5, 2), said(2, 6, 2), said(3, 7, None)],
            [takes_back(3, 2)],
            (1, 1, 1),
        ),
        case(
            "taking back what stood between joins the run again",
            [said(1, 5, 2), said(2, 6, -2), said(3, 7, 2)],
            [takes_back(3, 2)],
            (1, 3, 2),
        ),
        case(
            "outranked words are no part of a run",
            [said(1, 5, 2, rank=1), said(2, 6, 2), said(3, 7, 2, rank=1)],
            [],
            (2, 2, 1),
        ),
    ],
)
def test_the_run_from_first_said_to_last_said(
    lane: Lane, links: Links, run: tuple[int | None, int | None, int]
) -> None:
    stands = position(lane, links)
    assert (stands.first, stands.last, stands.statements) == run


def test_an_answer_names_the_version_of_the_rule() -> None:
    assert position([]).rule == RULE == 1
