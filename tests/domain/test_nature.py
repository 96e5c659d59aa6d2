"""What a topic asks for, and when words on it are old."""

from __future__ import annotations

import pytest

from timeline.domain.errors import Refused
from timeline.domain.event import Byline
from timeline.domain.nature import Nature, usual_limit, usual_nature
from timeline.domain.topic import Topic

ANNA = Byline(at=1_765_800_000_000_000, by="anna", via="form")


def topic(scale: str = "position") -> Topic:
    return Topic.open(ANNA, "rates", "Should the rate rise?", scale)


@pytest.mark.parametrize(
    ("scale", "asks", "limit"),
    [
        ("position", "position", 24),
        ("direction", "position", 24),
        ("expectation", "forecast", 24),
        ("claim", "fact", 24),
        ("vote", "vote", None),
    ],
)
def test_where_nobody_said_a_topic_asks_for_what_its_scale_is_for(
    scale: str, asks: str, limit: int | None
) -> None:
    assert topic(scale).nature == usual_nature(scale) == Nature(asks, limit_months=limit)


def test_what_is_decided_again_and_again_stays_in_force() -> None:
    assert usual_limit("decision", recurring=True) is None
    assert usual_limit("decision", recurring=False) == 24


def test_what_it_asks_for_is_said_once_and_otherwise_with_a_reason() -> None:
    rates, decided = topic("direction"), Nature("decision", recurring=True)
    rates.classify(ANNA, decided)
    rates.classify(ANNA, decided)
    assert rates.nature == decided
    with pytest.raises(Refused, match="reason is missing"):
        rates.classify(ANNA, Nature("position", limit_months=6))
    rates.classify(ANNA, Nature("position", limit_months=6), "They only spoke.")
    assert [event.TOPIC for event in rates.collect_events()[1:]] == ["topic.classified"] * 2


def test_a_topic_prints_what_is_signed_until_somebody_says_otherwise() -> None:
    rates = topic()
    assert rates.nature.prints == "signed"
    rates.classify(ANNA, Nature("position", limit_months=24, prints="derived"))
    assert rates.nature.prints == "derived"


@pytest.mark.parametrize(
    ("nature", "why"),
    [
        (Nature("wish"), "does not ask for 'wish'"),
        (Nature("fact", prints="all"), "does not print 'all' changes"),
        (Nature("fact", limit_months=0), "no number of months"),
        (Nature("fact", limit_months=1201), "no number of months"),
    ],
)
def test_nonsense_is_refused(nature: Nature, why: str) -> None:
    with pytest.raises(Refused, match=why):
        topic().classify(ANNA, nature)
