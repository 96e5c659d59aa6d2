"""Position rule version 1: own words hold before what others say."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import ASCRIBED, SECOND_HAND, answer, case, said
from timeline.domain.position import MIXED, LaterHearsay, Reading, position

Lane = list[Reading]


RANKS = [
    case("first-hand above second-hand", 0, 1),
    case("first-hand above ascribed", 0, 2),
    case("second-hand above ascribed", 1, 2),
]


@pytest.mark.parametrize(("higher", "lower"), RANKS)
def test_a_higher_rank_holds_against_an_earlier_lower_one(higher: int, lower: int) -> None:
    stands = position([said(1, 5, -2, rank=lower), said(2, 6, 2, rank=higher)])
    assert answer(stands) == (2, (2,), {1: "outranked"})
    assert stands.rank == higher
    assert stands.reported is None


@pytest.mark.parametrize(("higher", "lower"), RANKS)
def test_a_higher_rank_holds_and_later_lower_words_stand_beside_it(higher: int, lower: int) -> None:
    stands = position([said(1, 5, 2, rank=higher), said(2, 6, -2, rank=lower)])
    assert answer(stands) == (2, (1,), {2: "outranked"})
    assert stands.reported == LaterHearsay(stance=-2, rank=lower, statements=(2,))


@pytest.mark.parametrize(("higher", "lower"), RANKS)
def test_ranks_never_tie_on_one_day(higher: int, lower: int) -> None:
    stands = position([said(1, 5, -2, rank=lower), said(2, 5, 2, rank=higher)])
    assert answer(stands) == (2, (2,), {1: "outranked"})


@pytest.mark.parametrize("rank", [0, SECOND_HAND, ASCRIBED])
def test_each_rank_holds_while_there_is_no_higher_one(rank: int) -> None:
    stands = position([said(1, 5, -2, rank=rank), said(2, 6, 1, rank=rank)])
    assert answer(stands) == (1, (2,), {1: "superseded"})
    assert stands.rank == rank


@pytest.mark.parametrize(
    ("lane", "beside"),
    [
        case("nothing stands beside words without rivals", [said(1, 5, 2)], None),
        case("nothing stands beside silence", [said(1, 5, None)], None),
        case(
            "lower words of an earlier day do not stand beside",
            [said(1, 5, 2), said(2, 4, -2, rank=1)],
            None,
        ),
        case(
            "lower words of the same day without times are not later",
            [said(1, 5, 2), said(2, 5, -2, rank=1)],
            None,
        ),
        case(
            "lower words of a later hour stand beside",
            [said(1, 5, 2, at=9), said(2, 5, -2, rank=1, at=15)],
            LaterHearsay(-2, 1, (2,)),
        ),
        case(
            "of the lower words of that day only those of a later hour stand beside",
            [said(1, 5, 2, at=9), said(2, 5, 1, rank=1, at=8), said(3, 5, -2, rank=1, at=15)],
            LaterHearsay(-2, 1, (3,)),
        ),
        case(
            "the latest day of the lower words stands beside",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 7, -1, rank=1)],
            LaterHearsay(-1, 1, (3,)),
        ),
        case(
            "differing lower words of one day stand beside as mixed",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 6, -1, rank=1)],
            LaterHearsay(MIXED, 1, (2, 3)),
        ),
        case(
            "second-hand words stand beside before ascribed ones, even later ones",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 7, 0, rank=2)],
            LaterHearsay(-2, 1, (2,)),
        ),
        case(
            "ascribed words stand beside where the second-hand ones are earlier",
            [said(1, 5, 2), said(2, 4, -2, rank=1), said(3, 7, 0, rank=2)],
            LaterHearsay(0, 2, (3,)),
        ),
        case(
            "retracted lower words do not stand beside",
            [said(1, 5, 2), said(2, 6, -2, rank=1, retracted=True)],
            None,
        ),
    ],
)
def test_later_words_of_a_lower_rank_stand_beside(lane: Lane, beside: LaterHearsay | None) -> None:
    assert position(lane).reported == beside
