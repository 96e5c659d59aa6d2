from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.interchange.maps.when import DateReading

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("form", "text", "edtf"),
    [
        ("edtf", "2025-12-14", "2025-12-14"),
        ("edtf", "../2025-12-15", "../2025-12-15"),
        ("edtf", "2025-12~", "2025-12~"),
        ("dmy", "26.09.2021", "2021-09-26"),
        ("dmy", "6. 9. 2021", "2021-09-06"),
        ("dmy", "26/09/2021", "2021-09-26"),
        ("dmy", "26092021", "2021-09-26"),
        ("dmy", "09.2021", "2021-09"),
        ("dmy", "2021", "2021"),
        ("mdy", "09/26/2021", "2021-09-26"),
        ("ymd", "20150113", "2015-01-13"),
        ("ymd", "1963,8,9", "1963-08-09"),
        ("ymd", "1963,8", "1963-08"),
        ("ymd", "1963", "1963"),
        ("ymd", "0963-08-09", "0963-08-09"),
        ("dmy", "26.09.2021 9:05", "2021-09-26T07:05:00Z"),
        ("dmy", "26.09.2021, 09:05:30 +0000", "2021-09-26T09:05:30Z"),
        ("epoch_s", "1106697600", "2005-01-26T00:00:00Z"),
        ("epoch_s", "-86400", "1969-12-31T00:00:00Z"),
        ("epoch_ms", "1106697600123", "2005-01-26T00:00:00Z"),
        ("rfc822", "Sun, 14 Dec 2025 10:30:00 +0100", "2025-12-14T09:30:00Z"),
        ("rfc822", "14 Dec 2025 10:30:00 -0000", "2025-12-14T10:30:00Z"),
        ("edtf", "2005-01-26 00:00:00", "2005-01-25T23:00:00Z"),
        ("%d %B %Y", "14 December 2025", "2025-12-14"),
        ("%Y/%m/%d %H:%M", "2025/12/14 10:30", "2025-12-14T09:30:00Z"),
    ],
)
def test_a_foreign_date_becomes_edtf(form: str, text: str, edtf: str) -> None:
    read = DateReading((form,), BERLIN).edtf(text)
    assert read == edtf
    parse_date(read)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dmy", "31.02.2021"),
        ("dmy", "26.09.21"),
        ("dmy", "yesterday"),
        ("mdy", "26/09/2021"),
        ("ymd", "1963,8,9,1"),
        ("epoch_s", "soon"),
        ("epoch_s", "1e300"),
        ("rfc822", "soon"),
        ("%d.%m.%Y", "2021-09-26"),
    ],
)
def test_what_is_no_such_date_is_refused(form: str, text: str) -> None:
    with pytest.raises(Refused, match="is not a date in the order"):
        DateReading((form,), BERLIN).edtf(text)


def test_orders_are_tried_one_after_the_other() -> None:
    reading = DateReading(("dmy", "epoch_s"))
    assert [reading.edtf(text) for text in ("26.09.2021", "0")] == [
        "2021-09-26",
        "1970-01-01T00:00:00Z",
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Refused, match=r"the time 09:05 has no zone; declare it in the map"):
        DateReading(("dmy",)).edtf("26.09.2021 09:05")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("edtf", "2005-01-26 00:00:00"),
        ("dmy", "26.1.2005 23:59"),
        ("epoch_ms", "1106697600000"),
        ("rfc822", "Wed, 26 Jan 2005 23:59:00 -1000"),
    ],
)
def test_times_can_be_dropped(form: str, text: str) -> None:
    assert DateReading((form,), drop_time=True).edtf(text) == "2005-01-26"
