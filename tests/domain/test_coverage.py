"""Coverage: where was watched from when to when, and what lies in between."""

from __future__ import annotations

import pytest

from timeline.domain.coverage import Watch, span_of, unwatched_spans
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.event import Byline
from timeline.domain.topic import Topic, TopicWatched

AT = 1_767_225_600_000_000  # 1 January 2026
BY = Byline(AT, "anna", "form")
SINCE_MAY = Watch(since="2025-05-06", outlets=("Invented Post",))


def day(text: str) -> int:
    earliest = parse_date(text).earliest
    assert earliest is not None
    return earliest


@pytest.fixture
def topic() -> Topic:
    opened = Topic.open(BY, "a-union", "Should A join the union?", "position")
    opened.collect_events()
    return opened


def test_said_again_nothing_changes_and_a_number_says_it_anew(topic: Topic) -> None:
    topic.watch(BY, SINCE_MAY)
    topic.watch(BY, SINCE_MAY)
    ended = Watch(since="2025-05-06", until="2025-06", outlets=("Invented Post",))
    topic.watch(BY, ended, 1)
    first, second = topic.collect_events()
    assert isinstance(first, TopicWatched)
    assert isinstance(second, TopicWatched)
    assert (first.watch, second.watch, second.until) == (1, 1, "2025-06")
    assert topic.watches == {1: ended}
    topic.watch(BY, SINCE_MAY)
    assert [*topic.watches] == [1, 2]


def test_what_is_taken_back_keeps_its_number(topic: Topic) -> None:
    topic.watch(BY, SINCE_MAY)
    topic.withdraw_watch(BY, 1, "Nobody had the time.")
    assert topic.watches == {}
    topic.watch(BY, SINCE_MAY)
    assert [*topic.watches] == [2]
    for number in (1, 3):
        with pytest.raises(Refused, match=f"has no number {number}"):
            topic.withdraw_watch(BY, number, "x")
        with pytest.raises(Refused, match=f"has no number {number}"):
            topic.watch(BY, SINCE_MAY, number)
    with pytest.raises(Refused, match="reason"):
        topic.withdraw_watch(BY, 2, "")


@pytest.mark.parametrize(
    ("watch", "why"),
    [
        (Watch(since="2025-05-06"), "not said where"),
        (Watch(since="2025-05-06", how="dreamt", outlets=("x",)), "no way in which"),
        (Watch(since="2025-05-06", until="2025-05-05", outlets=("x",)), "before it begins"),
        (Watch(since="../2025-05-06", outlets=("x",)), "is no day"),
        (Watch(since="2025-05-06T10:00Z", outlets=("x",)), "is no day"),
        (Watch(since="2027-01-01", outlets=("x",)), "still to come"),
        (Watch(since="2025-01-01", until="2027", outlets=("x",)), "still to come"),
    ],
)
def test_what_cannot_be_is_refused(topic: Topic, watch: Watch, why: str) -> None:
    with pytest.raises(Refused, match=why):
        topic.watch(BY, watch)
    assert topic.collect_events() == []


def test_what_no_span_covers_was_not_watched() -> None:
    spans = [
        span_of(Watch(since="2025-07-14", outlets=("x",))),
        span_of(Watch(since="2025-01", until="2025-06", outlets=("x",))),
        span_of(Watch(since="2025-03-05", until="2025-04-01", outlets=("y",))),
    ]
    found = unwatched_spans(spans, day("2024-12-01"), day("2026-01-01"))
    assert found == [
        (day("2024-12-01"), day("2025-01-01")),
        (day("2025-07-01"), day("2025-07-14")),
    ]
    assert unwatched_spans([(0, 9)], 0, 10) == []
    assert unwatched_spans([], 0, 10) == [(0, 10)]
    assert unwatched_spans([(20, 30)], 0, 10) == [(0, 10)]
    assert unwatched_spans([(-5, 3)], 0, 10) == [(4, 10)]
