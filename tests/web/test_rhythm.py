from __future__ import annotations

from collections import Counter

from timeline.domain.instants import DAY, day_number
from web.lanes.address import TopicAddress
from web.lanes.rhythm import LEAST_SILENCE, late_words, silence_after, usual_start
from web.lanes.window import window


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


def test_a_topic_that_is_silent_for_longer_than_usual_is_shown_up_to_its_last_words() -> None:
    yearly = {day_number(year, 12, 18): 20 for year in range(1998, 2020)}
    first, last = (min(yearly) * DAY, max(yearly) * DAY)
    soon, late = (day_number(year, 11, 26) * DAY for year in (2020, 2026))
    assert window(TopicAddress(), first, last, soon, yearly).silent_since is None
    shown = window(TopicAddress(), first, last, late, yearly)
    assert shown.silent_since == last < shown.end < last + 400 * DAY
    asked = window(TopicAddress(end="2026"), first, last, late, yearly)
    assert (asked.silent_since, asked.end) == (last, shown.end)


def test_a_stretch_that_ends_before_the_last_words_is_followed_by_no_break() -> None:
    days = {day_number(2025, month, 1): 3 for month in range(1, 10)}
    first, last = (min(days) * DAY, max(days) * DAY)
    now = day_number(2026, 11, 26) * DAY
    for asked in (TopicAddress(begin="2025-02", end="2025-04"), TopicAddress(begin="2025-10")):
        assert window(asked, first, last, now, days).silent_since is None


def votes_and_talks(*talked_in: int) -> list[dict[int, int]]:
    """Return lanes of yearly votes from 1985 on, and of talks that began in these years."""
    votes = [{day_number(year, 12, 18): 1 for year in range(1985, 2020)} for _ in range(4)]
    return votes + [{day_number(year, 3, day): 1 for day in (2, 9, 30)} for year in talked_in]


def test_where_most_lanes_begin_late_what_lies_before_has_a_scale_of_its_own() -> None:
    late = late_words(votes_and_talks(2022, 2024, 2024, 2025, 2026, 2026))
    assert late is not None
    assert (late.day, round(late.before, 2)) == (day_number(2022, 1, 1), 0.4)


def test_one_scale_does_for_few_lanes_and_for_words_that_are_spread_over_the_time() -> None:
    assert late_words(votes_and_talks(2026)) is None
    assert late_words(votes_and_talks()) is None
    assert late_words(votes_and_talks(2022, 2025)[-2:]) is None
    assert late_words([]) is None


def test_a_usual_stretch_that_begins_late_tells_the_time_before_it_as_fully() -> None:
    lanes = votes_and_talks(2022, 2024, 2025, 2026)
    days = sum(map(Counter, lanes), Counter())
    ends = min(days) * DAY, max(days) * DAY, max(days) * DAY
    shown = window(TopicAddress(), *ends, days, lanes)
    assert (shown.start, shown.earlier_share) == (day_number(2022, 1, 1) * DAY, 50)
    assert shown.earlier is not None
    assert shown.earlier < ends[0]
    asked = window(TopicAddress(begin="2022-01"), *ends, days, lanes)
    assert (asked.earlier, asked.earlier_share) == (ends[0], 0)
