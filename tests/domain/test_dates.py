"""The dates that people give: which are read, as which interval, and which are refused."""

from __future__ import annotations

import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from timeline.domain.dates import (
    check_dates,
    counting_instant,
    iso,
    iso_us,
    parse_as_of,
    parse_date,
    parse_instant_us,
    said_or_published,
    with_offset,
)
from timeline.domain.errors import Refused
from timeline.domain.written_dates import as_edtf


def seconds(text: str) -> int:
    return parse_instant_us(text) // 1_000_000


def microseconds(text: str) -> int:
    return parse_instant_us(text)


@pytest.mark.parametrize(
    ("text", "first_day", "last_day", "precision"),
    [
        ("2025-12-15", "2025-12-15", "2025-12-15", "day"),
        ("2025-12", "2025-12-01", "2025-12-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("2025-12-XX", "2025-12-01", "2025-12-31", "month"),
        ("2025-XX", "2025-01-01", "2025-12-31", "year"),
        ("2025-XX-XX", "2025-01-01", "2025-12-31", "year"),
        ("2025-1X", "2025-10-01", "2025-12-31", "interval"),
        ("2025-12-1X", "2025-12-10", "2025-12-19", "interval"),
        ("2025-XX-31", "2025-01-31", "2025-12-31", "interval"),
        ("202X", "2020-01-01", "2029-12-31", "interval"),
        ("19XX", "1900-01-01", "1999-12-31", "interval"),
        ("20XX-02-29", "2000-02-29", "2096-02-29", "interval"),
        ("-00XX", "-0099-01-01", "0000-12-31", "interval"),
        ("2025-12-14/2025-12-16", "2025-12-14", "2025-12-16", "interval"),
        ("2025-11/2025-12-05", "2025-11-01", "2025-12-05", "interval"),
        ("2025-12-15~", "2025-12-15", "2025-12-15", "day"),
        ("2025-12?", "2025-12-01", "2025-12-31", "month"),
        ("2025%", "2025-01-01", "2025-12-31", "year"),
        ("2025-12-XX~", "2025-12-01", "2025-12-31", "month"),
        ("2025-12~-15", "2025-12-15", "2025-12-15", "day"),
        ("?2025-12-~15", "2025-12-15", "2025-12-15", "day"),
        ("2025-12-14~/2025-12-16?", "2025-12-14", "2025-12-16", "interval"),
        ("0000", "0000-01-01", "0000-12-31", "year"),
        ("-0044-03-15", "-0044-03-15", "-0044-03-15", "day"),
        ("Y-13800000000", "-13800000000-01-01", "-13800000000-12-31", "year"),
        ("Y12025", "12025-01-01", "12025-12-31", "year"),
    ],
)
def test_a_date_is_read_as_the_days_it_covers(
    text: str, first_day: str, last_day: str, precision: str
) -> None:
    said = parse_date(text)
    assert said.earliest is not None
    assert (iso(said.earliest), iso(said.latest)) == (
        f"{first_day}T00:00:00Z",
        f"{last_day}T23:59:59Z",
    )
    assert (said.precision, said.timed) == (precision, False)
    assert said.text == text


def test_a_date_time_is_one_instant() -> None:
    said = parse_date("2025-12-15T14:30:00+01:00")
    assert (said.earliest, said.latest) == (seconds("2025-12-15T13:30:00Z"),) * 2
    assert (said.precision, said.timed) == ("time", True)


def test_by_a_day_is_open_at_its_start_and_ends_with_that_day() -> None:
    said = parse_date("../2025-12-15")
    assert (said.earliest, said.latest) == (None, seconds("2025-12-15T23:59:59Z"))
    assert (said.precision, said.timed) == ("before", False)


def test_an_interval_between_two_times_does_not_say_when_in_between() -> None:
    said = parse_date("2025-12-15T10:00Z/2025-12-15T12:00Z")
    assert (said.earliest, said.latest) == (
        seconds("2025-12-15T10:00Z"),
        seconds("2025-12-15T12:00Z"),
    )
    assert not said.timed


def test_space_around_a_date_is_no_part_of_it() -> None:
    assert parse_date(" 2025-12-15\n").text == "2025-12-15"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "the date is empty; write it like 15 Dec 2025"),
        ("gestern", "'gestern' is not a date that we can read; write it like 15 Dec 2025"),
        ("15.12.2025", "'15.12.2025' is not a date that we can read; write 2025-12-15"),
        ("1. 6. 1963", "'1. 6. 1963' is not a date that we can read; write 1963-06-01"),
        ("15/12/2025", "'15/12/2025' is not a date that we can read; write 2025-12-15"),
        ("3/3/2026", "'3/3/2026' is not a date that we can read; write 2026-03-03"),
        (
            "3/11/2026",
            "'3/11/2026' is not a date that we can read; it may be 2026-11-03 or 2026-03-11",
        ),
        ("7.11.26", "'7.11.26' is not a date that we can read; did you mean 2026-11-07? write"),
        ("31.11.2026", "there is no date '31.11.2026'; check how many days that month has"),
        ("20251215", "'20251215' is not a date that we can read; write 2025-12-15"),
        ("2025/12/15", "'2025/12/15' is not a date that we can read; write 2025-12-15"),
        ("12/15/2025", "'12/15/2025' is not a date that we can read; write 2025-12-15"),
        ("31.02.2025", "there is no date '31.02.2025'; check how many days that month has"),
        (
            "2025-12-15 14:30",
            (
                "'2025-12-15 14:30' is not a date that we can read; "
                "write day and time with a T and an offset, like 2025-12-15T14:30:00+01:00"
            ),
        ),
        ("2025-12-15T14:30", "the time in '2025-12-15T14:30' has no offset from UTC; put Z"),
        ("2025-02-30", "there is no date '2025-02-30'; check how many days that month has"),
        ("2025-02-3X", "there is no date '2025-02-3X'; check how many days that month has"),
        ("2025-13", "there is no date '2025-13'; months run from 01 to 12"),
        ("2025-00-01", "there is no date '2025-00-01'; months run from 01 to 12"),
        ("2025-21", "there is no date '2025-21'; a season has no fixed days, write its months"),
        ("-0000", "'-0000' is not a date that we can read"),
        ("2025-12-15/..", "'2025-12-15/..' has no end, so nothing can count from it"),
        ("2025-12-15/", "'2025-12-15/' has no end, so nothing can count from it"),
        ("../..", "'../..' has no end, so nothing can count from it"),
        ("/2025-12-15", "'/2025-12-15' has no start; write .. before the /"),
        ("2025-12-16/2025-12-15", "'2025-12-16/2025-12-15' ends before it begins; exchange"),
        ("[2025,2026]", "'[2025,2026]' is not a date that we can read"),
        ("2025-12-15?~", "'2025-12-15?~' is not a date that we can read"),
        ("1950S2", "'1950S2' is not a date that we can read"),
        ("Y999999999999", "Y999999999999 is further away than the clock reaches; use a year"),
        ("2025\u202e", "'2025\\u202e' is not a date that we can read"),
        ("٢٠٢٥", "'٢٠٢٥' is not a date that we can read"),
        ("2025-12-15" * 9, "'2025-12-152025-12-15…' is not a date that we can read"),
    ],
)
def test_what_is_no_date_is_refused_in_one_line_that_helps(text: str, error: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_date(text, "happened_at")
    assert str(refusal.value).startswith(f"happened_at: {error}")
    assert refusal.value.fix


def test_everyday_dates_never_load_the_grammar() -> None:
    dates = ("2025-12-15", "2025-12-XX", "../2025-12~", "2025-12-15T14:30+01:00", "2025/2026?")
    program = (
        "import sys; from timeline.domain.dates import parse_date; "
        f"[parse_date(text) for text in {dates}]; sys.exit('edtf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


RECORDED = microseconds("2025-12-20T09:00:00Z")


@pytest.mark.parametrize(
    ("said", "published", "instant"),
    [
        ("2025-12-15", None, "2025-12-15T23:59:59Z"),
        ("2025-12-15", "2025-12-15T18:00:00+01:00", "2025-12-15T17:00:00Z"),
        ("2025-12-15", "2025-12-16", "2025-12-15T23:59:59Z"),
        ("2025-12", "2025-12-16", "2025-12-16T23:59:59Z"),
        ("2025-12", None, "2025-12-20T09:00:00Z"),
        ("2025-12", "2025-12-24", "2025-12-24T23:59:59Z"),
        ("../2025-12-15", "2025-12-18", "2025-12-15T23:59:59Z"),
        ("2025-12-15T14:30Z", "2025-12-15", "2025-12-15T14:30:00Z"),
    ],
)
def test_a_statement_counts_from_when_it_had_certainly_been_said(
    said: str, published: str | None, instant: str
) -> None:
    source = parse_date(published) if published else None
    assert iso(counting_instant(parse_date(said), source, RECORDED)) == instant


def test_no_said_date_means_by_the_day_of_publication() -> None:
    assert said_or_published(None, "2025-12-15").text == "../2025-12-15"
    assert said_or_published(" ", "2025-12-15~").text == "../2025-12-15~"
    assert said_or_published("", "2025-12-14/2025-12-15").text == "../2025-12-15"
    assert said_or_published("", "../2025-12-15").text == "../2025-12-15"
    by_then = said_or_published(None, "2025-12-15T18:00:00+01:00")
    assert (by_then.earliest, iso(by_then.latest)) == (None, "2025-12-15T17:00:00Z")


def test_a_said_date_stands_whatever_the_publication_date() -> None:
    assert said_or_published("2025-12", "2025-12-15").text == "2025-12"


def test_a_statement_without_any_date_is_refused() -> None:
    with pytest.raises(Refused, match="neither the day it was said nor") as refusal:
        said_or_published(None, "")
    assert refusal.value.field == "said_at"


def test_an_unreadable_publication_date_is_named_as_such() -> None:
    with pytest.raises(Refused) as refusal:
        said_or_published(None, "gestern")
    assert refusal.value.field == "source.published_at"


def test_a_source_older_than_what_it_tells_of_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        check_dates(parse_date("2025-12-15"), parse_date("2025-12-14"), RECORDED)
    assert str(refusal.value) == (
        "said_at: the source is of 2025-12-14, before what it tells of (2025-12-15); "
        "check both dates, days are counted in UTC"
    )


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("2025-12-15", "2025-12-15"),
        ("2025-12-15T18:00Z", "2025-12-15"),
        ("2025-12", "2025-12-01"),
        ("../2025-12-15", "2025-12-01"),
        ("2025-12-15", "2025-12"),
        ("2025-12-15", None),
    ],
)
def test_a_source_that_may_be_younger_is_taken(said: str, published: str | None) -> None:
    check_dates(parse_date(said), parse_date(published) if published else None, RECORDED)


def test_a_date_may_lie_a_day_ahead_of_its_record_and_no_more() -> None:
    check_dates(parse_date("2025-12-21T09:00:00Z"), None, RECORDED)
    with pytest.raises(Refused, match="2025-12-21T09:00:01Z is still to come"):
        check_dates(parse_date("2025-12-21T09:00:01Z"), None, RECORDED)


def test_a_month_that_has_begun_is_not_still_to_come() -> None:
    check_dates(parse_date("2025-12"), None, RECORDED)


def test_an_announced_development_may_lie_ahead_of_record_and_source() -> None:
    check_dates(parse_date("2026-06-01"), parse_date("2025-12-15"), RECORDED, announced=True)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-12-15", "2025-12-15T23:59:59Z"),
        ("2025-12", "2025-12-31T23:59:59Z"),
        ("2025-12-14T23:59Z", "2025-12-14T23:59:00Z"),
        ("2025-12-15T00:30:00+01:00", "2025-12-14T23:30:00Z"),
        ("2025-12-15T00:30:00 01:00", "2025-12-14T23:30:00Z"),
    ],
)
def test_an_as_of_reaches_to_the_end_of_what_it_names(text: str, instant: str) -> None:
    assert iso(parse_as_of(text)) == instant


@pytest.mark.parametrize("text", ["../2025-12-15", "2025-12-14/2025-12-15", "202X", "@1042"])
def test_an_as_of_is_one_date(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_as_of(text)
    assert refusal.value.field == "as_of"


def test_an_instant_keeps_its_microseconds_and_a_day_means_its_end() -> None:
    assert iso_us(parse_instant_us("2025-12-15T10:00:00.25+01:00")) == "2025-12-15T09:00:00.250000Z"
    assert iso_us(parse_instant_us("2025-12-15")) == "2025-12-15T23:59:59.999999Z"


@pytest.mark.parametrize("text", ["2025-12-1X", "../2025-12-15", "2025-12-15T10:00", ""])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_instant_us(text)
    assert refusal.value.field == "known_at"


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("2025-12-15T14:30", "2025-12-15T14:30:00+01:00"),
        ("2025-07-15T14:30:05", "2025-07-15T14:30:05+02:00"),
        ("2025-12-15T14:30Z", "2025-12-15T14:30Z"),
        ("2025-12-15", "2025-12-15"),
        ("../2025-12-15", "../2025-12-15"),
        ("Tuesday", "Tuesday"),
    ],
)
def test_a_time_typed_into_a_form_is_placed_in_its_zone(text: str, placed: str) -> None:
    assert with_offset(text, BERLIN) == placed


@pytest.mark.parametrize("text", ["2025-03-30T02:30", "2025-10-26T02:30"])
def test_a_time_that_the_clocks_skip_or_repeat_needs_its_offset(text: str) -> None:
    with pytest.raises(Refused, match="the clocks in Europe/Berlin skip or repeat"):
        with_offset(text, BERLIN)


def test_an_instant_that_is_too_far_away_to_be_counted_is_as_far_as_can_be_counted() -> None:
    assert parse_instant_us("Y-170000002") == -(2**63) + 1
    assert parse_instant_us("Y170000002") == 2**63 - 1


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("10.12.2025", "2025-12-10"),
        ("10. 12. 2025", "2025-12-10"),
        ("10. Dez. 2025", "2025-12-10"),
        ("10 Dec 2025", "2025-12-10"),
        ("December 10, 2025", "2025-12-10"),
        ("Dezember 2025", "2025-12"),
        ("März 2025", "2025-03"),
        ("12.2025", "2025-12"),
        ("2025/12/10", "2025-12-10"),
        (" 2025-12 ", "2025-12"),
        ("2025", "2025"),
        ("2025-12-15~", "2025-12-15~"),
        ("../2025-12-15", "../2025-12-15"),
        ("2025-12-01/2025-12-15", "2025-12-01/2025-12-15"),
        ("31.02.2025", "2025-02-31"),
        ("10 12 2025", "10 12 2025"),
        ("10 Foo 2025", "10 Foo 2025"),
        ("neulich", "neulich"),
    ],
)
def test_a_date_as_people_write_it_is_read_as_edtf(written: str, edtf: str) -> None:
    assert as_edtf(written) == edtf
