from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.dates import parse_as_of
from timeline.domain.naming import stable_id
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries.utterances import repeats, repeats_by_lane, repeats_of

if TYPE_CHECKING:
    from tests.projections.record import Record

RUSSIA = stable_id("actor", "russia")
UKRAINE = stable_id("actor", "ukraine")


@pytest.fixture
def desk(record: Record) -> Record:
    """One utterance on two topics, and a statement that stands alone."""
    record.talks()
    record.newsroom.topics.open(record.anna(), "Is there another one?", "position", slug="second")
    record.say(utterance="u1", said_at="2025-12-14")
    record.say(utterance="u1", said_at="2025-12-14", topic="second")
    record.say(said_at="2025-12-15")
    return record


def test_an_utterance_on_two_topics_is_one_too_many_in_their_sum(desk: Record) -> None:
    assert desk.ask(repeats) == 1
    assert desk.ask(repeats_by_lane, {RUSSIA, UKRAINE}) == {RUSSIA: 1}
    assert desk.ask(repeats_of, RUSSIA) == 1
    assert desk.ask(repeats_of, UKRAINE) == 0


def test_one_that_is_retracted_or_not_said_yet_is_not_counted_twice(desk: Record) -> None:
    before = desk.say(utterance="u2", said_at="2025-12-15").position
    second = desk.say(utterance="u2", said_at="2025-12-15", topic="second")
    assert desk.ask(repeats) == 2
    assert desk.ask(repeats_of, RUSSIA) == 2
    assert desk.ask(repeats_of, RUSSIA, TwoClocks(as_of=parse_as_of("2025-12-14"))) == 1
    assert desk.ask(repeats_of, RUSSIA, TwoClocks(known_at=before)) == 1
    desk.newsroom.statements.retract(desk.anna(), second.position, "It was not said.")
    assert desk.ask(repeats) == 1
    assert desk.ask(repeats_of, RUSSIA) == 1


def test_words_on_behalf_of_a_merged_actor_count_for_the_actor_it_is_now(desk: Record) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Muscovy", "state", slug="muscovy")
    for topic in ("eu-accession", "second"):
        desk.say(utterance="u3", said_at="2025-12-15", topic=topic, actor="muscovy")
    desk.newsroom.actors.merge(desk.anna(), "muscovy", "russia", "The same state.")
    assert desk.ask(repeats_by_lane, {RUSSIA, UKRAINE}) == {RUSSIA: 2}
