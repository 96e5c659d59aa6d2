"""Position rule version 1, within a lane: the latest day, its ties, its hours, joint words."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import HOUR, SECOND_HAND, Answer, answer, case, said
from timeline.domain.instants import DAY
from timeline.domain.position import MIXED, Reading, position

Lane = list[Reading]


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        case("an empty lane is no statement", [], (None, (), {})),
        case("a single statement holds", [said(1, 5, -1)], (-1, (1,), {})),
        case(
            "the latest day wins",
            [said(1, 5, -1), said(2, 6, 2)],
            (2, (2,), {1: "superseded"}),
        ),
        case(
            "the latest day wins, whichever was recorded first",
            [said(1, 6, 2), said(2, 5, -1)],
            (2, (1,), {2: "superseded"}),
        ),
        case(
            "the same said again on a later day is proved by the later words",
            [said(1, 5, 2), said(2, 6, 2)],
            (2, (2,), {1: "superseded"}),
        ),
        case(
            "a day before 1970 is a day like any other",
            [said(1, -5, -1), said(2, -4, 2), said(3, -4, 2, at=1)],
            (2, (3, 2), {1: "superseded"}),
        ),
        case(
            "silence after a statement leaves the position as it is",
            [said(1, -36_500, -2)],
            (-2, (1,), {}),
        ),
        case(
            "no position never moves a lane",
            [said(1, 5, -2), said(2, 6, None)],
            (-2, (1,), {2: "no_position"}),
        ),
        case(
            "no position alone is no statement", [said(1, 5, None)], (None, (), {1: "no_position"})
        ),
        case(
            "no position of the same day does not make the day mixed",
            [said(1, 5, -2), said(2, 5, None)],
            (-2, (1,), {2: "no_position"}),
        ),
    ],
)
def test_the_latest_day_holds_the_position(lane: Lane, expected: Answer) -> None:
    assert answer(position(lane)) == expected


@pytest.mark.parametrize(
    ("lane", "expected", "span"),
    [
        case(
            "equal stances agree and all of them prove it",
            [said(1, 5, 2), said(2, 5, 2)],
            (2, (1, 2), {}),
            (None, None),
        ),
        case(
            "differing stances are mixed and all of them prove it",
            [said(1, 5, 2), said(2, 5, -1)],
            (MIXED, (1, 2), {}),
            (-1, 2),
        ),
        case(
            "one dissent among many makes the day mixed",
            [said(1, 5, 2), said(2, 5, 2), said(3, 5, 1), said(4, 5, 2)],
            (MIXED, (1, 2, 3, 4), {}),
            (1, 2),
        ),
        case(
            "opposite stances do not cancel out to the middle",
            [said(1, 5, 2), said(2, 5, -2)],
            (MIXED, (1, 2), {}),
            (-2, 2),
        ),
        case(
            "ties do not go to the later record",
            [said(9, 5, -2), said(3, 5, 2)],
            (MIXED, (3, 9), {}),
            (-2, 2),
        ),
        case(
            "a clear day after a mixed one is clear",
            [said(1, 5, 2), said(2, 5, -2), said(3, 6, 0)],
            (0, (3,), {1: "superseded", 2: "superseded"}),
            (None, None),
        ),
        case(
            "two persons who speak for one actor tie like one",
            [said(1, 5, 2, speaker="A"), said(2, 5, -2, speaker="B")],
            (MIXED, (1, 2), {}),
            (-2, 2),
        ),
    ],
)
def test_ties_on_one_day(lane: Lane, expected: Answer, span: tuple[int | None, int | None]) -> None:
    stands = position(lane)
    assert answer(stands) == expected
    assert (stands.lowest, stands.highest) == span


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        case(
            "of two times only the later stays",
            [said(1, 5, 2, at=9), said(2, 5, -2, at=15)],
            (-2, (2,), {1: "earlier_that_day"}),
        ),
        case(
            "two statements at the same time tie",
            [said(1, 5, 2, at=9), said(2, 5, -2, at=9)],
            (MIXED, (1, 2), {}),
        ),
        case(
            "an untimed one ties with the latest time",
            [said(1, 5, 2), said(2, 5, -2, at=15)],
            (MIXED, (2, 1), {}),
        ),
        case(
            "an untimed one agrees with the latest time although an earlier time differed",
            [said(1, 5, 2, at=9), said(2, 5, -2, at=15), said(3, 5, -2)],
            (-2, (2, 3), {1: "earlier_that_day"}),
        ),
        case(
            "all untimed ones tie with the latest time",
            [said(1, 5, 0, at=9), said(2, 5, 1, at=15), said(3, 5, 1), said(4, 5, 2)],
            (MIXED, (2, 3, 4), {1: "earlier_that_day"}),
        ),
        case(
            "midnight begins the next day",
            [said(1, 5, 2, at=23), said(2, 6, -2, at=0)],
            (-2, (2,), {1: "superseded"}),
        ),
    ],
)
def test_timed_against_untimed_on_one_day(lane: Lane, expected: Answer) -> None:
    assert answer(position(lane)) == expected


def test_an_untimed_statement_capped_by_its_publication_still_ties_with_the_latest_time() -> None:
    published_at_noon = Reading(
        statement=1, speaker="A", counts_from=5 * DAY + 12 * HOUR, stance=2, known_from=1
    )
    spoken_at_three = said(2, 5, -2, at=15)
    assert position([published_at_noon, spoken_at_three]).stance == MIXED


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        case(
            "a joint statement holds where there are no own words",
            [said(1, 5, 1, joint=True)],
            (1, (1,), {}),
        ),
        case(
            "a joint statement drops out beside own words of that day",
            [said(1, 5, 1, joint=True), said(2, 5, -1)],
            (-1, (2,), {1: "joint_beside_own_words"}),
        ),
        case(
            "a later time does not save a joint statement from own words",
            [said(1, 5, 1, joint=True, at=18), said(2, 5, -1, at=9)],
            (-1, (2,), {1: "joint_beside_own_words"}),
        ),
        case(
            "a joint statement of a later day supersedes own words",
            [said(1, 6, 1, joint=True), said(2, 5, -1)],
            (1, (1,), {2: "superseded"}),
        ),
        case(
            "two joint statements of one day tie",
            [said(1, 5, 1, joint=True), said(2, 5, 2, joint=True)],
            (MIXED, (1, 2), {}),
        ),
        case(
            "of two timed joint statements only the later stays",
            [said(1, 5, 1, joint=True, at=9), said(2, 5, 2, joint=True, at=10)],
            (2, (2,), {1: "earlier_that_day"}),
        ),
        case(
            "second-hand words of that day are no own words",
            [said(1, 5, 1, joint=True), said(2, 5, -1, rank=SECOND_HAND)],
            (1, (1,), {2: "outranked"}),
        ),
        case(
            "a refusal to answer is no own word",
            [said(1, 5, 1, joint=True), said(2, 5, None)],
            (1, (1,), {2: "no_position"}),
        ),
        case(
            "retracted own words do not drop a joint statement",
            [said(1, 5, 1, joint=True), said(2, 5, -1, retracted=True)],
            (1, (1,), {2: "retracted"}),
        ),
    ],
)
def test_joint_statements_beside_own_words(lane: Lane, expected: Answer) -> None:
    assert answer(position(lane)) == expected


@pytest.mark.parametrize(
    ("lane", "stance"),
    [
        case("words of the actor only", [said(1, 5, 2, speaker="A")], 2),
        case(
            "somebody on behalf of the actor moves the lane",
            [said(1, 5, 2, speaker="A"), said(2, 6, -1, speaker="A's spokesperson")],
            -1,
        ),
        case(
            "a merged actor's words come in under one name",
            [said(1, 5, 2, speaker="A"), said(2, 6, 1, speaker="A"), said(3, 7, -2, speaker="A")],
            -2,
        ),
    ],
)
def test_every_word_that_the_caller_puts_on_the_lane_counts_alike(lane: Lane, stance: int) -> None:
    assert position(lane).stance == stance
