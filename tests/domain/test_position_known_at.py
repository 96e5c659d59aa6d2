"""Position rule version 1, as known at a position of the log: what we learn changes the past."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import Answer, answer, said, takes_back
from timeline.domain.instants import end_of_day
from timeline.domain.position import MIXED, Reading, Withdrawal, changes, position

CORRECTED_STANCE = [said(1, 5, 2, known=(1, 8)), said(1, 5, -2, known=(8, None))]
CORRECTED_DATE = [
    said(1, 5, 2, known=(1, 8)),
    said(1, 3, 2, known=(8, None)),
    said(2, 4, -1, known=(2, None)),
]
CORRECTED_AWAY = [said(1, 5, 2, known=(1, None)), said(2, 6, -2, known=(2, 8))]
CORRECTED_RANK = [
    said(1, 5, 2, known=(1, None)),
    said(2, 6, -2, known=(2, 8)),
    said(2, 6, -2, rank=1, known=(8, None)),
]
RETRACTED = [
    said(1, 5, 2, known=(1, None)),
    said(2, 6, -2, known=(2, 8)),
    said(2, 6, -2, retracted=True, known=(8, 12)),
    said(2, 6, -2, known=(12, None)),
]
FOUND_LATER = [said(1, 5, 2), said(2, 7, 2), said(30, 6, -2)]


@pytest.mark.parametrize(
    ("lane", "known_at", "expected"),
    [
        pytest.param(lane, known_at, expected, id=sentence)
        for sentence, lane, known_at, expected in [
            (
                "before anything is known",
                FOUND_LATER,
                0,
                (None, (), dict.fromkeys((1, 2, 30), "x")),
            ),
            ("with the first record", FOUND_LATER, 1, (2, (1,), dict.fromkeys((2, 30), "x"))),
            ("a stance before its correction", CORRECTED_STANCE, 7, (2, (1,), {})),
            ("a stance from its correction on", CORRECTED_STANCE, 8, (-2, (1,), {})),
            ("a date before its correction", CORRECTED_DATE, 7, (2, (1,), {2: "superseded"})),
            ("a date from its correction on", CORRECTED_DATE, 8, (-1, (2,), {1: "superseded"})),
            (
                "a record before it was filed elsewhere",
                CORRECTED_AWAY,
                7,
                (-2, (2,), {1: "superseded"}),
            ),
            ("a record filed elsewhere is gone", CORRECTED_AWAY, 8, (2, (1,), {})),
            ("a rank before its correction", CORRECTED_RANK, 7, (-2, (2,), {1: "superseded"})),
            ("a rank from its correction on", CORRECTED_RANK, 8, (2, (1,), {2: "outranked"})),
            ("before a retraction", RETRACTED, 7, (-2, (2,), {1: "superseded"})),
            ("from a retraction on", RETRACTED, 8, (2, (1,), {2: "retracted"})),
            ("until it is reinstated", RETRACTED, 11, (2, (1,), {2: "retracted"})),
            ("from the reinstatement on", RETRACTED, 12, (-2, (2,), {1: "superseded"})),
            ("at the head of the log", RETRACTED, None, (-2, (2,), {1: "superseded"})),
        ]
    ],
)
def test_only_what_was_known_by_then_counts(
    lane: list[Reading], known_at: int | None, expected: Answer
) -> None:
    stance, counted, why = expected
    why = {number: "not_known_yet" if reason == "x" else reason for number, reason in why.items()}
    assert answer(position(lane, known_at=known_at)) == (stance, counted, why)


def test_a_later_find_changes_the_past_and_not_the_present() -> None:
    day_six = end_of_day(6)
    assert position(FOUND_LATER, as_of=day_six, known_at=29).stance == 2
    assert position(FOUND_LATER, as_of=day_six, known_at=30).stance == -2
    assert position(FOUND_LATER, known_at=29).stance == position(FOUND_LATER, known_at=30).stance
    assert [change.to for change in changes(FOUND_LATER, known_at=29)] == [2]
    assert [change.to for change in changes(FOUND_LATER, known_at=30)] == [2, -2, 2]


def test_a_later_find_on_a_day_already_told_makes_it_mixed() -> None:
    lane = [said(1, 5, 2), said(30, 5, -2)]
    assert position(lane, known_at=29).stance == 2
    assert position(lane, known_at=30).stance == MIXED


WITHDRAWN = [said(1, 5, 2), said(3, 7, None)]


@pytest.mark.parametrize(
    ("lane", "links", "known_at", "stance"),
    [
        pytest.param(lane, links, known_at, stance, id=sentence)
        for sentence, lane, links, known_at, stance in [
            ("before the link is known", WITHDRAWN, [takes_back(3, 1, (6, None))], 5, 2),
            ("from the link on", WITHDRAWN, [takes_back(3, 1, (6, None))], 6, None),
            ("until it is unlinked", WITHDRAWN, [takes_back(3, 1, (6, 9))], 8, None),
            ("from the unlinking on", WITHDRAWN, [takes_back(3, 1, (6, 9))], 9, 2),
            ("at the head after an unlinking", WITHDRAWN, [takes_back(3, 1, (6, 9))], None, 2),
            (
                "linked again",
                WITHDRAWN,
                [takes_back(3, 1, (6, 9)), takes_back(3, 1, (11, None))],
                11,
                None,
            ),
            (
                "before the walk-back is retracted",
                [
                    said(1, 5, 2),
                    said(3, 7, None, known=(3, 9)),
                    said(3, 7, None, retracted=True, known=(9, None)),
                ],
                [takes_back(3, 1)],
                8,
                None,
            ),
            (
                "from the retraction of the walk-back on",
                [
                    said(1, 5, 2),
                    said(3, 7, None, known=(3, 9)),
                    said(3, 7, None, retracted=True, known=(9, None)),
                ],
                [takes_back(3, 1)],
                9,
                2,
            ),
            (
                "from the correction of the walk-back to second-hand on",
                [
                    said(1, 5, 2),
                    said(3, 7, None, known=(3, 9)),
                    said(3, 7, None, rank=1, known=(9, None)),
                ],
                [takes_back(3, 1)],
                9,
                2,
            ),
        ]
    ],
)
def test_a_walk_back_counts_while_its_link_and_its_words_are_known(
    lane: list[Reading], links: list[Withdrawal], known_at: int | None, stance: int | None
) -> None:
    assert position(lane, links, known_at=known_at).stance == stance


MERGED_UNTIL_UNDONE = [
    said(1, 5, 2, speaker="A"),
    said(2, 6, -2, speaker="A", known=(10, 20)),
]


@pytest.mark.parametrize(
    ("known_at", "stance"),
    [
        pytest.param(9, 2, id="before the merge the other name's words are not on the lane"),
        pytest.param(10, -2, id="from the merge on they are, wherever they were recorded"),
        pytest.param(20, 2, id="once the merge is undone they are not"),
        pytest.param(None, 2, id="nor at the head of the log"),
    ],
)
def test_a_merge_brings_words_onto_the_lane_while_it_is_known(
    known_at: int | None, stance: int
) -> None:
    assert position(MERGED_UNTIL_UNDONE, known_at=known_at).stance == stance
