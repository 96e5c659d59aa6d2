"""Days far outside a calendar's reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.chart.calendar import UNITS, civil, day_of, first_day, noon, unit_of

EPOCH = date(1970, 1, 1)


@given(st.dates())
def test_every_day_of_a_real_calendar_is_named_alike(day: date) -> None:
    number = (day - EPOCH).days
    assert civil(number) == (day.year, day.month, day.day)
    assert day_of(day.year, day.month, day.day) == number


@given(st.integers(-6_000_000_000_000, 6_000_000_000_000))
def test_a_day_and_its_name_are_one_and_the_same_as_far_back_as_the_big_bang(day: int) -> None:
    assert day_of(*civil(day)) == day


@given(st.integers(-6_000_000_000_000, 6_000_000_000_000), st.sampled_from(UNITS[:-1]))
def test_a_day_lies_in_its_unit(day: int, unit: str) -> None:
    number = unit_of(day, unit)
    assert first_day(number, unit) <= day < first_day(number + 1, unit)


def test_weeks_begin_on_monday() -> None:
    first = EPOCH + timedelta(days=first_day(unit_of(day_of(2025, 12, 17), "week"), "week"))
    assert first == date(2025, 12, 15)


@pytest.mark.parametrize("instant", [0, 86_399, -1, 1_765_756_800])
def test_noon_is_on_the_same_day(instant: int) -> None:
    assert noon(instant) // 86_400 == instant // 86_400
    assert noon(instant) % 86_400 == 43_200
