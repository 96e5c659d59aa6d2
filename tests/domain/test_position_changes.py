"""Changes of position: their kinds, the proof on both sides, and who spoke."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import HOUR, said, takes_back
from tests.support.counted_steps import steps_of
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import MIXED, RULE, Change, Reading, Withdrawal, changes, steps

Told = tuple[str, object, object]


def told(found: tuple[Change, ...]) -> list[Told]:
    return [(change.kind, change.from_, change.to) for change in found]


@pytest.mark.parametrize(
    ("lane", "links", "expected"),
    [
        pytest.param(lane, links, expected, id=sentence)
        for sentence, lane, links, expected in [
            ("nothing said, nothing changed", [], [], []),
            ("no position changes nothing", [said(1, 5, None)], [], []),
            ("the first position is the first change", [said(1, 5, 2)], [], [("first", None, 2)]),
            (
                "the same said again changes nothing",
                [said(1, 5, 2), said(2, 6, 2)],
                [],
                [("first", None, 2)],
            ),
            (
                "from one side to the other is a reversal",
                [said(1, 5, 2), said(2, 6, -1)],
                [],
                [("first", None, 2), ("reversal", 2, -1)],
            ),
            (
                "back again is a reversal too",
                [said(1, 5, -2), said(2, 6, 1)],
                [],
                [("first", None, -2), ("reversal", -2, 1)],
            ),
            (
                "a step on the same side is a shift",
                [said(1, 5, 2), said(2, 6, 1)],
                [],
                [("first", None, 2), ("shift", 2, 1)],
            ),
            (
                "to the middle and on is two shifts",
                [said(1, 5, 2), said(2, 6, 0), said(3, 7, -2)],
                [],
                [("first", None, 2), ("shift", 2, 0), ("shift", 0, -2)],
            ),
            (
                "to and from mixed are shifts",
                [said(1, 5, 2), said(2, 6, -2), said(3, 6, 2), said(4, 7, -2)],
                [],
                [("first", None, 2), ("shift", 2, MIXED), ("shift", MIXED, -2)],
            ),
            (
                "mixed and mixed again is no change",
                [said(1, 5, 2), said(2, 5, -2), said(3, 6, 0), said(4, 6, 1)],
                [],
                [("first", None, MIXED)],
            ),
            (
                "no position between two words changes nothing",
                [said(1, 5, 2), said(2, 6, None), said(3, 7, 2)],
                [],
                [("first", None, 2)],
            ),
            (
                "a first position on second-hand words is first",
                [said(1, 5, 2, rank=1)],
                [],
                [("first", None, 2)],
            ),
            (
                "second-hand words that move a second-hand position are reported, even across",
                [said(1, 5, 2, rank=1), said(2, 6, -2, rank=1)],
                [],
                [("first", None, 2), ("reported", 2, -2)],
            ),
            (
                "ascribed words that move an ascribed position are reported",
                [said(1, 5, 2, rank=2), said(2, 6, 1, rank=2)],
                [],
                [("first", None, 2), ("reported", 2, 1)],
            ),
            (
                "second-hand words that differ on one day are reported, even though mixed",
                [said(1, 5, 2, rank=1), said(2, 6, 2, rank=1), said(3, 6, 1, rank=1)],
                [],
                [("first", None, 2), ("reported", 2, MIXED)],
            ),
            (
                "second-hand words move an ascribed position",
                [said(1, 5, 2, rank=2), said(2, 4, -2, rank=2), said(3, 6, -1, rank=1)],
                [],
                [("first", None, -2), ("reported", -2, 2), ("reported", 2, -1)],
            ),
            (
                "own words against what was reported are a reversal",
                [said(1, 5, -2, rank=1), said(2, 6, 2)],
                [],
                [("first", None, -2), ("reversal", -2, 2)],
            ),
            (
                "own words that say what was reported change nothing",
                [said(1, 5, 2, rank=1), said(2, 6, 2)],
                [],
                [("first", None, 2)],
            ),
            (
                "second-hand words do not move own words",
                [said(1, 5, 2), said(2, 6, -2, rank=1)],
                [],
                [("first", None, 2)],
            ),
            (
                "a position lost goes to null",
                [said(1, 5, 2), said(2, 6, None)],
                [takes_back(2, 1)],
                [("first", None, 2), ("shift", 2, None)],
            ),
            (
                "a second-hand position lost by second-hand words is reported lost",
                [said(1, 5, 2, rank=1), said(2, 6, None, rank=1)],
                [takes_back(2, 1)],
                [("first", None, 2), ("reported", 2, None)],
            ),
            (
                "a second-hand position lost by the actor's own words is a shift",
                [said(1, 5, 2, rank=1), said(2, 6, None)],
                [takes_back(2, 1)],
                [("first", None, 2), ("shift", 2, None)],
            ),
            (
                "after a loss the next position is not the first one again",
                [said(1, 5, 2), said(2, 6, None), said(3, 7, -2)],
                [takes_back(2, 1)],
                [("first", None, 2), ("shift", 2, None), ("shift", None, -2)],
            ),
            (
                "after a loss a second-hand position is reported",
                [said(1, 5, 2), said(2, 6, None), said(3, 7, -2, rank=1)],
                [takes_back(2, 1)],
                [("first", None, 2), ("shift", 2, None), ("reported", None, -2)],
            ),
            (
                "a walk-back gives the older position back, across the middle",
                [said(1, 5, 2), said(2, 6, -2), said(3, 7, None)],
                [takes_back(3, 2)],
                [("first", None, 2), ("reversal", 2, -2), ("reversal", -2, 2)],
            ),
            (
                "a walk-back of one side of a mixed day settles it",
                [said(1, 5, 2), said(2, 5, -2), said(3, 7, None)],
                [takes_back(3, 2)],
                [("first", None, MIXED), ("shift", MIXED, 2)],
            ),
            (
                "a walk-back that leaves only reported words is reported",
                [said(1, 5, -2, rank=1), said(2, 6, 2), said(3, 7, None)],
                [takes_back(3, 2)],
                [("first", None, -2), ("reversal", -2, 2), ("reported", 2, -2)],
            ),
            (
                "words taken back on the day they were said leave no trace",
                [said(1, 5, 2), said(2, 6, -2, at=9), said(3, 6, None, at=15)],
                [takes_back(3, 2)],
                [("first", None, 2)],
            ),
            (
                "a day is told by its end: an earlier hour is no change of its own",
                [said(1, 5, 2), said(2, 6, -2, at=9), said(3, 6, 2, at=15)],
                [],
                [("first", None, 2)],
            ),
        ]
    ],
)
def test_a_change_is_of_exactly_one_kind(
    lane: list[Reading], links: list[Withdrawal], expected: list[Told]
) -> None:
    assert told(changes(lane, links)) == expected


def test_a_change_names_the_proof_on_both_sides() -> None:
    lane = [said(1, 4, 2), said(2, 5, 2), said(3, 5, 2), said(4, 6, -1), said(5, 6, -1)]
    first, reversal = changes(lane)
    assert (first.before, first.after) == ((), (1,))
    assert (reversal.before, reversal.after) == ((2, 3), (4, 5))
    assert reversal.withdrawn_by == ()
    assert (first.rule, reversal.rule) == (RULE, RULE)


def test_the_walk_back_proves_a_position_lost_and_stands_before_the_next_one() -> None:
    lane = [said(1, 5, 2), said(2, 6, None), said(3, 7, -2)]
    _, lost, regained = changes(lane, [takes_back(2, 1)])
    assert (lost.before, lost.after, lost.withdrawn_by) == ((1,), (2,), (2,))
    assert (regained.before, regained.after, regained.withdrawn_by) == ((2,), (3,), ())


def test_the_older_words_prove_the_position_that_a_walk_back_gives_back() -> None:
    lane = [said(1, 5, 2), said(2, 6, -2), said(3, 7, None)]
    back = changes(lane, [takes_back(3, 2)])[-1]
    assert (back.before, back.after, back.withdrawn_by) == ((2,), (1,), (3,))
    assert (back.day, back.counts_from) == (7, end_of_day(7))


def test_only_the_walk_backs_of_the_day_of_the_change_are_named() -> None:
    lane = [said(1, 5, 2), said(2, 6, None), said(3, 6, None), said(4, 7, None)]
    links = [takes_back(4, 1), takes_back(3, 1), takes_back(2, 1)]
    assert changes(lane, links)[-1].withdrawn_by == (2, 3)


def test_a_walk_back_beside_new_words_is_not_what_moved_the_position() -> None:
    lane = [said(1, 5, 2), said(2, 6, None), said(3, 6, -2)]
    moved = changes(lane, [takes_back(2, 1, (40, None))])[-1]
    assert (moved.after, moved.withdrawn_by, moved.known_at) == ((3,), (), 3)


def test_a_walk_back_beside_new_words_of_a_lower_rank_is_what_moved_the_position() -> None:
    lane = [said(1, 5, 2), said(2, 6, None), said(3, 6, -2, rank=1)]
    moved = changes(lane, [takes_back(2, 1, (40, None))])[-1]
    assert (moved.kind, moved.after, moved.withdrawn_by) == ("reported", (3,), (2,))
    assert moved.known_at == 40


def test_a_change_counts_from_when_all_its_words_had_certainly_been_said() -> None:
    first, mixed = changes([said(1, 5, 2, at=9), said(2, 6, -2, at=9), said(3, 6, 1)])
    assert (first.day, first.counts_from) == (5, 5 * DAY + 9 * HOUR)
    assert (mixed.day, mixed.counts_from) == (6, end_of_day(6))
    assert (mixed.lowest, mixed.highest) == (-2, 1)
    assert (first.lowest, first.highest) == (None, None)


def test_a_change_is_known_from_the_last_record_that_proves_it() -> None:
    lane = [said(20, 5, 2), said(7, 6, -2), said(9, 6, -2)]
    first, reversal = changes(lane)
    assert (first.known_at, reversal.known_at) == (20, 20)


def test_a_corrected_record_proves_a_change_from_its_correction_on() -> None:
    lane = [said(1, 5, 2), said(2, 6, 2, known=(2, 8)), said(2, 6, -2, known=(8, None))]
    assert changes(lane, known_at=7)[-1].kind == "first"
    assert changes(lane)[-1].known_at == 8


def test_a_position_lost_is_known_from_its_link_on() -> None:
    lane = [said(1, 5, 2), said(2, 6, None)]
    assert changes(lane, [takes_back(2, 1, (6, None))])[-1].known_at == 6


def test_a_position_of_two_statements_is_lost_when_both_are_known_to_be_taken_back() -> None:
    lane = [said(1, 5, 2), said(2, 5, 2), said(3, 6, None)]
    links = [takes_back(3, 1, (10, None)), takes_back(3, 2, (8, None))]
    assert changes(lane, links, known_at=9)[-1].kind == "first"
    for order in (links, links[::-1]):
        lost = changes(lane, order)[-1]
        assert (lost.to, lost.withdrawn_by, lost.known_at) == (None, (3,), 10)


def test_of_two_walk_backs_of_the_same_words_the_first_known_is_enough() -> None:
    lane = [said(1, 5, 2), said(2, 6, None), said(3, 6, None)]
    links = [takes_back(2, 1, (10, None)), takes_back(3, 1, (8, None))]
    assert changes(lane, links, known_at=8)[-1].to is None
    for order in (links, links[::-1]):
        lost = changes(lane, order)[-1]
        assert (lost.to, lost.withdrawn_by, lost.known_at) == (None, (2, 3), 8)


@pytest.mark.parametrize(
    ("lane", "links", "other"),
    [
        pytest.param(lane, links, other, id=sentence)
        for sentence, lane, links, other in [
            ("the same person spoke", [said(1, 5, 2), said(2, 6, -2)], [], False),
            ("another person spoke", [said(1, 5, 2), said(2, 6, -2, speaker="B")], [], True),
            (
                "another person joined in",
                [said(1, 5, 2), said(2, 6, -2), said(3, 6, -2, speaker="B")],
                [],
                True,
            ),
            (
                "one of those who had spoken spoke again",
                [said(1, 5, 2), said(2, 5, 2, speaker="B"), said(3, 6, -2, speaker="B")],
                [],
                False,
            ),
            ("nobody had spoken before", [said(1, 5, 2, speaker="B")], [], False),
            (
                "another person took the words back",
                [said(1, 5, 2), said(2, 6, None, speaker="B")],
                [takes_back(2, 1)],
                True,
            ),
        ]
    ],
)
def test_a_change_says_whether_another_person_spoke(
    lane: list[Reading], links: list[Withdrawal], *, other: bool
) -> None:
    assert changes(lane, links)[-1].other_speaker is other


@pytest.mark.parametrize(
    ("lane", "other"),
    [
        ([said(1, 5, 2), said(2, 6, -2)], False),
        ([said(1, 5, 2), said(2, 6, -2, wording=2)], True),
        ([said(1, 5, 2), said(2, 5, 2, wording=2), said(3, 6, -2, wording=2)], False),
        ([said(1, 5, 2), said(2, 6, 2, wording=2), said(3, 7, -2, wording=2)], False),
        ([said(1, 5, 2, wording=2)], False),
    ],
)
def test_a_change_says_whether_the_question_had_another_wording(
    lane: list[Reading], *, other: bool
) -> None:
    assert changes(lane)[-1].other_wording is other


def test_the_steps_show_a_mixed_band_that_widens_without_a_change() -> None:
    lane = [said(1, 5, 0), said(2, 5, 1), said(3, 6, -2), said(4, 6, 2)]
    assert [step.standing.span for step in steps(lane)] == [(0, 1), (-2, 2)]
    assert len(changes(lane)) == 1


def test_twice_as_many_readings_take_twice_as_much_work() -> None:
    def long_lane(size: int) -> tuple[list[Reading], list[Withdrawal]]:
        lane = [
            said(number, number * 7 % (size // 5), number % 5 - 2, at=number % 24, rank=rank)
            for number, rank in ((number, number % 11 // 9) for number in range(size))
        ]
        return lane, [takes_back(number + 900, number) for number in range(0, size - 900, 30)]

    once, twice = (long_lane(size) for size in (2_000, 4_000))
    assert len(changes(*twice)) > 100
    assert steps_of(changes, *twice) < 2.3 * steps_of(changes, *once)
