"""What an archive keeps of changes: at the end of any day it is what the rule says of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.domain.position.test_edition2_properties import WITHOUT_VOTES, known_ats
from tests.domain.position.topic_words import said, takes_back, topic
from tests.support.tiers import scaled
from timeline.domain.instants import end_of_day
from timeline.domain.position.edition2 import Record
from timeline.domain.position.edition2.track import number_in_day, tracks
from timeline.projections.queries.archived import moves_in_time

if TYPE_CHECKING:
    from collections.abc import Iterable


@settings(max_examples=scaled(50))
@given(WITHOUT_VOTES, known_ats)
def test_at_the_end_of_each_day_the_kept_changes_are_those_of_the_rule(
    record: Record, known_at: int | None
) -> None:
    known = record.known(known_at)
    check(known, {version.day + more for version in known.words for more in (0, 1)})


def test_before_a_position_came_back_only_the_way_there_is_told() -> None:
    there_and_back = said(1, 1, 2), said(2, 20, -2), said(3, 34, 2)
    check(topic(*there_and_back, said(4, 60, -1)), range(70))


def test_before_words_were_taken_back_they_changed_something() -> None:
    check(topic(said(1, 1, 2), said(2, 9, -2), said(3, 12, None), takes_back(3, 2)), range(20))


def test_before_words_were_taken_back_those_of_their_day_changed_nothing() -> None:
    two_things = said(2, 9, -2), said(3, 9, 2)
    check(topic(said(1, 1, 0), *two_things, said(4, 12, None), takes_back(4, 2)), range(20))


def check(record: Record, days: Iterable[int]) -> None:
    every = {lane: [*number_in_day(track.changes)] for lane, track in tracks(record).items()}
    kept = moves_in_time(record, every)
    for day in days:
        then = {
            lane: sorted(number_in_day(track.changes), key=repr)
            for lane, track in tracks(record, as_of=end_of_day(day)).items()
            if track.changes
        }
        told = {
            lane: sorted((one for one, spans in moves.items() if holds(spans, day)), key=repr)
            for lane, moves in kept.items()
        }
        assert {lane: moves for lane, moves in told.items() if moves} == then


def holds(spans: Iterable[tuple[int, int | None]], day: int) -> bool:
    return any(begins <= day and (ends is None or day < ends) for begins, ends in spans)
