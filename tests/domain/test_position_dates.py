"""The position rule over dates as people give them: months, ends and what a source caps."""

from __future__ import annotations

import pytest

from tests.domain.lane_words import Answer, answer
from timeline.domain.dates import counting_instant, parse_as_of, parse_date
from timeline.domain.position import MIXED, Reading, position

RECORDED_AT = parse_as_of("2026-02-01T00:00:00Z") * 1_000_000

Given = tuple[int, str, str | None, int]


def reading(given: Given) -> Reading:
    number, said_at, published_at, stance = given
    said = parse_date(said_at)
    published = parse_date(published_at) if published_at else None
    return Reading(
        statement=number,
        speaker="A",
        counts_from=counting_instant(said, published, RECORDED_AT),
        timed=said.timed,
        stance=stance,
        known_from=number,
    )


@pytest.mark.parametrize(
    ("given", "as_of", "expected"),
    [
        pytest.param(given, as_of, expected, id=sentence)
        for sentence, given, as_of, expected in [
            (
                "a month does not count before it has ended",
                [(1, "2025-12", None, 2)],
                "2025-12-30",
                (None, (), {1: "later_than_as_of"}),
            ),
            (
                "a month counts from its last day",
                [(1, "2025-12", None, 2)],
                "2025-12-31",
                (2, (1,), {}),
            ),
            (
                "a month that an article of the 12th tells of counts from the 12th",
                [(1, "2025-12", "2025-12-12", 2)],
                "2025-12-12",
                (2, (1,), {}),
            ),
            (
                "a month supersedes a day within it",
                [(1, "2025-12", None, 2), (2, "2025-12-20", None, -2)],
                None,
                (2, (1,), {2: "superseded"}),
            ),
            (
                "a month capped by its source is superseded by a later day",
                [(1, "2025-12", "2025-12-12", 2), (2, "2025-12-20", None, -2)],
                None,
                (-2, (2,), {1: "superseded"}),
            ),
            (
                "a month ties with its last day",
                [(1, "2025-12", None, 2), (2, "2025-12-31", None, -2)],
                None,
                (MIXED, (1, 2), {}),
            ),
            (
                "a month ties with the latest time of its last day",
                [(1, "2025-12", None, 2), (2, "2025-12-31T09:00:00Z", None, -2)],
                None,
                (MIXED, (2, 1), {}),
            ),
            (
                "by a day counts from that day",
                [(1, "../2025-12-15", None, 2), (2, "2025-12-14", None, -2)],
                None,
                (2, (1,), {2: "superseded"}),
            ),
            (
                "an interval counts from its end",
                [(1, "2025-12-01/2025-12-10", None, 2), (2, "2025-12-09", None, -2)],
                None,
                (2, (1,), {2: "superseded"}),
            ),
            (
                "a day about which somebody is unsure is that day",
                [(1, "2025-12-15?", None, 2), (2, "2025-12-15", None, 2)],
                "2025-12-15",
                (2, (1, 2), {}),
            ),
            (
                "an evening far to the west is the next day",
                [(1, "2025-12-15T20:00:00-08:00", None, 2), (2, "2025-12-15", None, -2)],
                None,
                (2, (1,), {2: "superseded"}),
            ),
            (
                "a month that is not over counts from the day it was recorded",
                [(1, "2026-02", None, 2)],
                "2026-02-01",
                (2, (1,), {}),
            ),
        ]
    ],
)
def test_dates_as_given(given: list[Given], as_of: str | None, expected: Answer) -> None:
    instant = parse_as_of(as_of) if as_of else None
    assert answer(position([reading(one) for one in given], as_of=instant)) == expected
