"""Edition 2 as it is drawn, and beside its page, read and written down a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.position.random_topics import FIRST_DAY, MOST, history
from tests.domain.position.second_writing import disagreements
from tests.domain.position.test_edition2_properties import MANY, WITHOUT_VOTES, known_ats
from tests.support.tiers import scaled
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2 import Record, changes, findings, positions
from timeline.domain.position.edition2.track import Track, tracks

if TYPE_CHECKING:
    from random import Random


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_a_step_is_the_position_of_its_day_until_the_next(
    record: Record, known_at: int | None
) -> None:
    found = tracks(record, known_at=known_at)
    for day in {version.day + more for version in record.words for more in (0, 1)}:
        for stood in positions(record, as_of=end_of_day(day), known_at=known_at):
            steps = [step for step in found[stood.lane].steps if step.day <= day]
            standing = steps[-1].standing if steps else None
            assert stood.stance == (standing.stance if standing else None)
            assert stood.counted == (standing.numbers if standing else ())


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_what_is_told_of_a_lane_ends_where_its_line_does(
    record: Record, known_at: int | None
) -> None:
    for track in tracks(record, known_at=known_at).values():
        last = {change.day: change.to for change in track.changes}
        for step in track.steps:
            told = [change for change in track.changes if change.day <= step.day]
            assert step.standing.stance == (told[-1].to if told else None)
        assert [*last] == sorted(last)


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_every_change_and_shade_stands_in_its_lanes_once(
    record: Record, known_at: int | None
) -> None:
    found = tracks(record, known_at=known_at)
    told = (*changes(record, known_at=known_at), *findings(record, known_at=known_at).shades)
    for change in told:
        for lane in change.lanes:
            assert found[lane].changes.count(change) == told.count(change)
    listed = [one for track in found.values() for one in track.changes if one.lanes]
    assert len(listed) == sum(len(one.lanes) for one in told)


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_first_words_stand_at_most_once_on_a_lane_and_before_all_else(
    record: Record, known_at: int | None
) -> None:
    for track in tracks(record, known_at=known_at).values():
        assert all(_is_first(track, place) for place in range(len(track.changes)))


def _is_first(track: Track, place: int) -> bool:
    return (track.changes[place].kind == "first") is (place == 0)


@settings(max_examples=scaled(500))
@given(st.randoms(use_true_random=True), st.integers(1, 2 * MOST))
def test_both_writings_agree_on_any_history_at_both_clocks(random: Random, known_at: int) -> None:
    record = history(random)
    as_of = random.choice(record.words).counts_from + random.choice((-1, 0, DAY))
    now = (FIRST_DAY + 900) * DAY
    for said in (None, as_of):
        for known in (None, known_at):
            assert disagreements(record, said, known, now) == {}
