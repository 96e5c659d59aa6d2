from __future__ import annotations

from timeline.domain.instants import DAY, day_number
from web.lanes.rhythm import LEAST_SILENCE, silence_after, usual_start


def test_where_little_was_said_all_of_it_is_shown() -> None:
    assert usual_start(dict.fromkeys(range(10), 1)) is None
    assert usual_start({}) is None


def test_the_usual_stretch_holds_three_quarters_up_to_the_last_words() -> None:
    early = {day_number(2004, 12, 10): 1, day_number(2022, 6, 17): 3}
    late = {day_number(2026, 3, day): 1 for day in range(10, 22)}
    assert usual_start(early | late) == day_number(2026, 3, 1)


def test_a_long_stretch_begins_with_a_quarter_of_a_year() -> None:
    yearly = {day_number(year, 11, 2): 1 for year in range(1990, 2020)}
    early = {day_number(1930, 1, 1): 1}
    assert usual_start(early | yearly) == day_number(1996, 10, 1)


def test_what_was_said_as_much_early_as_late_is_shown_whole() -> None:
    assert usual_start({day_number(year, 11, 2): 1 for year in range(1990, 2020)}) is None


def test_words_count_as_not_said_again_after_ninety_days_or_the_topics_own_rhythm() -> None:
    weekly = {7 * week: 1 for week in range(20)}
    yearly = {365 * year: 1 for year in range(20)}
    assert silence_after(weekly) == silence_after({}) == LEAST_SILENCE
    assert silence_after(yearly) == int(547.5 * DAY)
