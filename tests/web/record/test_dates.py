from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.dates import parse_instant_us
from timeline.domain.errors import Refused
from web.record.fields.dates import moment_in_field, precision_of, read_date, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.record.desk import Desk


@pytest.fixture(autouse=True)
def _inside_a_request(desk: Desk) -> Iterator[None]:
    with desk.client.application.test_request_context():
        yield


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2025-12-15", "2025-12-15"),
        (" 15 Dec 2025 ", "2025-12-15"),
        ("15. Dezember 2025", "2025-12-15"),
        ("5 Sept 2025", "2025-09-05"),
        ("Dec 15, 2025", "2025-12-15"),
        ("December 2025", "2025-12"),
        ("Mär 2025", "2025-03"),
        ("15.12.2025", "2025-12-15"),
        ("2025", "2025"),
        ("2025-12-15T14:30", "2025-12-15T14:30:00+00:00"),
        ("2025-12-15T14:30+01:00", "2025-12-15T14:30+01:00"),
        ("2025-12-01/2025-12-05", "2025-12-01/2025-12-05"),
        ("Y-13800000000", "Y-13800000000"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, edtf: str) -> None:
    assert read_date(written) == edtf


@pytest.mark.parametrize("written", ["15 Foo 2025", "15/12/2025", "tomorrow", "2025-13-01"])
def test_what_is_no_date_is_refused_at_its_field(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read_date(written, field="said_at")
    assert refused.value.field == "said_at"


@pytest.mark.parametrize(
    ("written", "precision", "edtf"),
    [
        ("2025-12-15?", "month", "2025-12?"),
        ("2025-12-15T10:00Z", "year", "2025"),
        ("2025", "month", "2025"),
        ("2025-12", "day", "2025-12"),
        ("../2025-12-15", "before", "../2025-12-15"),
        ("2025-12-01/2025-12-05", "before", "../2025-12-05"),
    ],
)
def test_precision_makes_a_date_coarser_and_never_finer(
    written: str, precision: str, edtf: str
) -> None:
    assert read_date(written, precision) == edtf


@pytest.mark.parametrize(
    ("edtf", "precision"),
    [("2025-12-15", "day"), ("2025-12", "month"), ("2025", "year"), ("../2025", "before")],
)
def test_how_exact_a_date_is_can_be_read_from_it(edtf: str, precision: str) -> None:
    assert precision_of(edtf) == precision


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("28 Nov 2099 9:00", "2099-11-28T09:00:00Z"),
        ("2099-11-28T09:00:30Z", "2099-11-28T09:00:30Z"),
        ("2099-11-28 9:00 +01:00", "2099-11-28T08:00:00Z"),
        ("28.11.2099, 9.30 Uhr", "2099-11-28T09:30:00Z"),
        ("28. November 2099 um 9 Uhr MEZ", "2099-11-28T08:00:00Z"),
        ("28. Aug. 2099 18:00 MESZ", "2099-08-28T16:00:00Z"),
        ("Nov 28, 2099, 9 pm", "2099-11-28T21:00:00Z"),
        ("28 November 2099 at 12:15 a.m. CET", "2099-11-27T23:15:00Z"),
        ("28 Nov 2099 9h UTC+1", "2099-11-28T08:00:00Z"),
        ("28 Nov 2099 9:00 -0530", "2099-11-28T14:30:00Z"),
    ],
)
def test_a_moment_is_read_as_people_write_it_in_both_languages(written: str, instant: str) -> None:
    assert read_moment(written, "deadline") == instant


@pytest.mark.parametrize(
    "written",
    [
        "28 Nov 2099",
        "28 Nov 2099 9",
        "28 Nov 2099 13 pm",
        "9:00",
        "soon",
        "28 Nov 2099 9:00 +1:2:3",
    ],
)
def test_what_is_no_moment_is_refused_at_its_field(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read_moment(written, "deadline")
    assert refused.value.field == "deadline"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_moment_shown_in_a_field_means_the_same_in_every_language(
    desk: Desk, language: str
) -> None:
    months = [read_moment(f"2099-{month:02}-28 9:05", "deadline") for month in range(1, 13)]
    moments = [parse_instant_us(one) for one in (*months, "2099-11-28T09:00:30Z")]
    with desk.client.application.test_request_context(headers={"Accept-Language": language}):
        shown = [moment_in_field(moment) for moment in moments]
    assert all(one.endswith(" UTC") for one in shown)
    assert [parse_instant_us(read_moment(one, "deadline")) for one in shown] == moments
