"""Position rule version 1: what an actor takes back, and who may take it back."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import Answer, answer, case, said, takes_back
from timeline.domain.instants import end_of_day
from timeline.domain.position import Reading, Withdrawal, position

Lane = list[Reading]
Links = list[Withdrawal]


@pytest.mark.parametrize(
    ("lane", "links", "as_of", "expected"),
    [
        case(
            "withdrawn words no longer hold and those before them do again",
            [said(1, 5, 2), said(2, 6, -2), said(3, 7, None)],
            [takes_back(3, 2)],
            9,
            (2, (1,), {2: "withdrawn", 3: "no_position"}),
        ),
        case(
            "withdrawing the only words leaves no statement",
            [said(1, 5, 2), said(3, 7, None)],
            [takes_back(3, 1)],
            9,
            (None, (), {1: "withdrawn", 3: "no_position"}),
        ),
        case(
            "a walk-back with a stance of its own holds the position",
            [said(1, 5, 2), said(2, 6, -2), said(3, 7, 0)],
            [takes_back(3, 2)],
            9,
            (0, (3,), {1: "superseded", 2: "withdrawn"}),
        ),
        case(
            "before the walk-back counts the words stand",
            [said(1, 5, 2), said(3, 7, None)],
            [takes_back(3, 1)],
            6,
            (2, (1,), {3: "no_position"}),
        ),
        case(
            "a walk-back of the same day takes effect that day",
            [said(1, 5, 2, at=9), said(3, 5, None, at=15)],
            [takes_back(3, 1)],
            5,
            (None, (), {1: "withdrawn", 3: "no_position"}),
        ),
        case(
            "a withdrawn walk-back still withdraws",
            [said(1, 5, 2), said(2, 6, -1), said(3, 7, None)],
            [takes_back(2, 1), takes_back(3, 2)],
            9,
            (None, (), {1: "withdrawn", 2: "withdrawn", 3: "no_position"}),
        ),
        case(
            "a retracted walk-back withdraws nothing",
            [said(1, 5, 2), said(3, 7, None, retracted=True)],
            [takes_back(3, 1)],
            9,
            (2, (1,), {3: "retracted"}),
        ),
        case(
            "retracted words cannot be withdrawn on top",
            [said(1, 5, 2, retracted=True), said(3, 7, None)],
            [takes_back(3, 1)],
            9,
            (None, (), {1: "retracted", 3: "no_position"}),
        ),
        case(
            "one of several walk-backs is enough, even if another one is retracted",
            [said(1, 5, 2), said(2, 6, None, retracted=True), said(3, 7, None)],
            [takes_back(2, 1), takes_back(3, 1)],
            9,
            (None, (), {1: "withdrawn", 2: "retracted", 3: "no_position"}),
        ),
        case(
            "the earliest of several walk-backs takes effect",
            [said(1, 5, 2), said(2, 6, None), said(3, 8, None)],
            [takes_back(3, 1), takes_back(2, 1)],
            7,
            (None, (), {1: "withdrawn", 2: "no_position", 3: "no_position"}),
        ),
        case(
            "a walk-back on another lane takes nothing back here",
            [said(1, 5, 2)],
            [takes_back(3, 1)],
            9,
            (2, (1,), {}),
        ),
        case(
            "a walk-back of words on another lane changes nothing here",
            [said(1, 5, 2), said(3, 7, None)],
            [takes_back(3, 2)],
            9,
            (2, (1,), {3: "no_position"}),
        ),
        case(
            "withdrawn own words bring a joint statement of that day back",
            [said(1, 5, 1, joint=True), said(2, 5, -1), said(3, 7, None)],
            [takes_back(3, 2)],
            9,
            (1, (1,), {2: "withdrawn", 3: "no_position"}),
        ),
        case(
            "withdrawing one side of a mixed day leaves the other",
            [said(1, 5, 2), said(2, 5, -1), said(3, 7, None)],
            [takes_back(3, 2)],
            9,
            (2, (1,), {2: "withdrawn", 3: "no_position"}),
        ),
        case(
            "withdrawn first-hand words leave the lane to second-hand ones",
            [said(1, 5, 2), said(2, 4, -1, rank=1), said(3, 7, None)],
            [takes_back(3, 1)],
            9,
            (-1, (2,), {1: "withdrawn", 3: "no_position"}),
        ),
    ],
)
def test_walk_backs(lane: Lane, links: Links, as_of: int, expected: Answer) -> None:
    assert answer(position(lane, links, as_of=end_of_day(as_of))) == expected


@pytest.mark.parametrize(
    ("rank_of_walk_back", "rank_of_words", "stance"),
    [
        case("first-hand words take first-hand ones back", 0, 0, None),
        case("first-hand words take second-hand ones back", 0, 1, None),
        case("first-hand words take ascribed ones back", 0, 2, None),
        case("second-hand words do not take first-hand ones back", 1, 0, 2),
        case("second-hand words take second-hand ones back", 1, 1, None),
        case("second-hand words take ascribed ones back", 1, 2, None),
        case("ascribed words do not take first-hand ones back", 2, 0, 2),
        case("ascribed words do not take second-hand ones back", 2, 1, 2),
        case("ascribed words take ascribed ones back", 2, 2, None),
    ],
)
def test_only_an_equal_or_higher_rank_takes_words_back(
    rank_of_walk_back: int, rank_of_words: int, stance: int | None
) -> None:
    lane = [said(1, 5, 2, rank=rank_of_words), said(2, 6, None, rank=rank_of_walk_back)]
    assert position(lane, [takes_back(2, 1)]).stance == stance
