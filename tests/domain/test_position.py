"""Position rule version 1, as of a day: every case of the rule, in tables."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import (
    ASCRIBED,
    HOUR,
    SECOND_HAND,
    Answer,
    answer,
    end_of,
    said,
    takes_back,
)
from timeline.domain.position import MIXED, RULE, Beside, Reading, Withdrawal, position

Lane = list[Reading]
Links = list[Withdrawal]


def case(sentence: str, *values: object) -> object:
    return pytest.param(*values, id=sentence)


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
        case("no position alone is no statement", [said(1, 5, None)], (None, (), {1: "no_position"})),
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
def test_ties_on_one_day(
    lane: Lane, expected: Answer, span: tuple[int | None, int | None]
) -> None:
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
        statement=1, speaker="A", counts_from=5 * 86_400 + 12 * HOUR, stance=2, known_from=1
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
    assert stands.reported == Beside(stance=-2, rank=lower, statements=(2,))


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
            Beside(-2, 1, (2,)),
        ),
        case(
            "of the lower words of that day only those of a later hour stand beside",
            [said(1, 5, 2, at=9), said(2, 5, 1, rank=1, at=8), said(3, 5, -2, rank=1, at=15)],
            Beside(-2, 1, (3,)),
        ),
        case(
            "the latest day of the lower words stands beside",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 7, -1, rank=1)],
            Beside(-1, 1, (3,)),
        ),
        case(
            "differing lower words of one day stand beside as mixed",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 6, -1, rank=1)],
            Beside(MIXED, 1, (2, 3)),
        ),
        case(
            "second-hand words stand beside before ascribed ones, even later ones",
            [said(1, 5, 2), said(2, 6, -2, rank=1), said(3, 7, 0, rank=2)],
            Beside(-2, 1, (2,)),
        ),
        case(
            "ascribed words stand beside where the second-hand ones are earlier",
            [said(1, 5, 2), said(2, 4, -2, rank=1), said(3, 7, 0, rank=2)],
            Beside(0, 2, (3,)),
        ),
        case(
            "retracted lower words do not stand beside",
            [said(1, 5, 2), said(2, 6, -2, rank=1, retracted=True)],
            None,
        ),
    ],
)
def test_later_words_of_a_lower_rank_stand_beside(lane: Lane, beside: Beside | None) -> None:
    assert position(lane).reported == beside


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
    assert answer(position(lane, links, as_of=end_of(as_of))) == expected


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
    assert answer(position([said(1, 5, 2), said(2, 7, -2)], as_of=end_of(as_of))) == expected


def test_as_of_an_instant_within_a_day_only_words_that_count_by_then() -> None:
    lane = [said(1, 5, 2, at=9), said(2, 5, -2, at=15), said(3, 5, 0)]
    noon = 5 * 86_400 + 12 * HOUR
    assert answer(position(lane, as_of=noon)) == (
        2,
        (1,),
        {2: "later_than_as_of", 3: "later_than_as_of"},
    )


@pytest.mark.parametrize(
    ("reading", "as_of", "reason"),
    [
        case("retracted comes before later", said(1, 9, 2, retracted=True), 5, "retracted"),
        case("retracted comes before no position", said(1, 5, None, retracted=True), 5, "retracted"),
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
    stands = position([reading, said(2, 4, 1, at=12)], as_of=end_of(as_of))
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


def test_an_answer_names_the_version_of_the_rule() -> None:
    assert position([]).rule == RULE == 1
