"""Instants and days: counted in whole seconds, written in UTC, at any distance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.domain.errors import Refused
from timeline.domain.instants import (
    MICROSECONDS,
    NEWEST,
    OLDEST,
    calendar_date,
    day_number,
    day_of,
    end_of_day,
    iso,
    iso_day,
    iso_us,
    parse_moment,
)

instants = st.integers(OLDEST, NEWEST)
moments = st.datetimes(timezones=st.just(UTC))


@given(st.dates())
def test_days_are_counted_as_the_standard_library_counts_them(day: date) -> None:
    number = (day - date(1970, 1, 1)).days
    assert day_number(day.year, day.month, day.day) == number
    assert calendar_date(number) == (day.year, day.month, day.day)
    assert iso_day(number) == day.isoformat()


@given(instants)
def test_a_day_of_any_age_can_be_named_and_found_again(instant: int) -> None:
    assert day_number(*calendar_date(day_of(instant))) == day_of(instant)


@given(instants)
def test_an_instant_lies_in_its_day(instant: int) -> None:
    last = end_of_day(day_of(instant))
    assert last - 86_400 < instant <= last
    assert day_of(last) == day_of(instant)
    assert day_of(last + 1) == day_of(instant) + 1


@given(moments)
def test_what_is_written_is_read_again(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_moment(iso_us(microseconds), "known_at") == microseconds
    seconds = microseconds // MICROSECONDS
    assert parse_moment(iso(seconds), "known_at") == seconds * MICROSECONDS
    assert iso(seconds) == moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


@given(st.lists(moments, min_size=2, max_size=2))
def test_written_microseconds_sort_as_they_follow_each_other(pair: list[datetime]) -> None:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    counted = sorted((moment - start) // timedelta(microseconds=1) for moment in pair)
    assert sorted(map(iso_us, counted)) == [iso_us(one) for one in counted]


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (day_number(0, 2, 29) * 86_400, "0000-02-29T00:00:00Z"),
        (day_number(-44, 3, 15) * 86_400, "-0044-03-15T00:00:00Z"),
        (day_number(-13_800_000_000, 1, 1) * 86_400, "-13800000000-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc(instant: int, written: str) -> None:
    assert iso(instant) == written


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-12-15T14:30:00+01:00", "2025-12-15T13:30:00.000000Z"),
        ("2025-12-15T14:30+01:00", "2025-12-15T13:30:00.000000Z"),
        ("2025-12-15T14:30-0330", "2025-12-15T18:00:00.000000Z"),
        ("2025-12-15T00:30+01", "2025-12-14T23:30:00.000000Z"),
        ("2025-12-15T14:30:00.5Z", "2025-12-15T14:30:00.500000Z"),
        ("2025-12-15T14:30:00.123456789Z", "2025-12-15T14:30:00.123456Z"),
        ("1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.900000Z"),
    ],
)
def test_a_time_is_read_with_its_offset(text: str, utc: str) -> None:
    assert iso_us(parse_moment(text, "known_at")) == utc


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "2025-12-15T14:30",
            (
                "at: the time in '2025-12-15T14:30' has no offset from UTC; "
                "put Z or an offset such as +01:00 behind it"
            ),
        ),
        ("2025-02-30T14:30Z", "at: there is no day 2025-02-30; check month and day"),
        (
            "2025-12-15T24:00Z",
            "at: there is no time 24:00Z; write hours up to 23, minutes and seconds up to 59",
        ),
        (
            "2025-12-15T23:59:60Z",
            "at: there is no time 23:59:60Z; write hours up to 23, minutes and seconds up to 59",
        ),
        (
            "2025-12-15T14:30+23:00",
            "at: no place on earth has the offset +23:00; write one between -14:00 and +14:00",
        ),
        (
            "2025-12-15t14:30z",
            (
                "at: '2025-12-15t14:30z' is not a date with a time; "
                "write it like 2025-12-15T14:30:00+01:00"
            ),
        ),
    ],
)
def test_a_time_that_cannot_be_placed_is_refused_in_one_line(text: str, error: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_moment(text, "at")
    assert str(refusal.value) == error
