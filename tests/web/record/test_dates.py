from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.errors import Refused
from web.record.fields.dates import precision_of, read_date

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
