from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interchange.desk import table
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.interchange.maps.date_parts import DateColumns, precision_of
from timeline.interchange.maps.map_file import checked_map
from timeline.interchange.maps.when import DateReading

if TYPE_CHECKING:
    from tests.interchange.desk import Desk

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
        ("%d %b %Y", "14 Dec. 2025", "2025-12-14"),
        ("%B %Y", "December 2025", "2025-12"),
        ("%Y--", "2025--", "2025"),
        ("%j/%Y", "348/2025", "2025-12-14"),
        ("%A %d.%m.%Y", "Sunday 14.12.2025", "2025-12-14"),
        ("ymd", "2025--", "2025"),
        ("ymd", "2025-12-", "2025-12"),
        ("ymd", "2025-00-00", "2025"),
        ("ymd", "20251200", "2025-12"),
        ("dmy", "00.12.2025", "2025-12"),
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
        ("dmy", "26.09.21"),
        ("dmy", "yesterday"),
        ("mdy", "26/09/2021"),
        ("ymd", "1963,8,9,1"),
        ("epoch_s", "soon"),
        ("epoch_s", "1e300"),
        ("rfc822", "soon"),
        ("%d.%m.%Y", "2021-09-26"),
        ("ymd", "2025-00-14"),
        ("ymd", "--"),
    ],
)
def test_what_is_no_such_date_is_refused(form: str, text: str) -> None:
    with pytest.raises(Refused, match="is not a date in the order"):
        DateReading((form,), BERLIN).edtf(text)


@pytest.mark.parametrize(
    ("form", "text", "told"),
    [
        ("dmy", "31.11.2026", "there is no date '31.11.2026'; check how many days that month has"),
        ("mdy", "2/30/2026", "there is no date '2/30/2026'; check how many days that month has"),
        ("%d.%m.%Y", "31.02.2021", "there is no date '31.02.2021'; check how many days"),
        ("dmy", "7.11.26", "did you mean 2026-11-07? write the year with four digits"),
        ("mdy", "7/11/26", "did you mean 2026-07-11? write the year with four digits"),
    ],
)
def test_a_refused_date_is_told_what_is_wrong_with_it(form: str, text: str, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        DateReading((form,)).edtf(text)
    assert told in str(refusal.value)


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


EXACT = {
    "day": ("%d %B %Y", "%Y%m%d", "%j %Y", "%d.%m.%Y", "dmy", "mdy", "ymd", "edtf"),
    "month": ("%B %Y", "%m/%Y", "%b, %Y", "dmy", "mdy", "ymd", "edtf"),
    "year": ("%Y", "(%Y)", "dmy", "mdy", "ymd", "edtf"),
}
WRITTEN = {
    ("dmy", "day"): "%d.%m.%Y",
    ("mdy", "day"): "%m/%d/%Y",
    ("ymd", "day"): "%Y-%m-%d",
    ("edtf", "day"): "%Y-%m-%d",
    ("dmy", "month"): "%m.%Y",
    ("mdy", "month"): "%m/%Y",
    ("ymd", "month"): "%Y/%m",
    ("edtf", "month"): "%Y-%m",
}
DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(9999, 12, 31))


@given(day=DAYS, exact=st.sampled_from([(part, form) for part in EXACT for form in EXACT[part]]))
def test_a_date_is_read_as_exact_as_it_is_written_and_no_more(
    day: date, exact: tuple[str, str]
) -> None:
    part, form = exact
    written = day.strftime(form if "%" in form else WRITTEN.get((form, part), "%Y"))
    told = DateReading((form,)).edtf(written)
    assert told == day.isoformat()[: {"year": 4, "month": 7, "day": 10}[part]]
    assert parse_date(told).precision == part


@given(day=DAYS, told=st.sampled_from([1, 2, 3]), zeros=st.booleans())
def test_columns_tell_a_date_as_exact_as_they_are_filled(
    day: date, told: int, *, zeros: bool
) -> None:
    blank = "0" if zeros else ""
    cells = {"y": str(day.year), "m": str(day.month), "d": str(day.day)}
    cells |= dict.fromkeys(list(cells)[told:], blank)
    read = DateColumns({"year": "y", "month": "m", "day": "d"}).edtf(cells)
    assert read == day.isoformat()[: (4, 7, 10)[told - 1]]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (("2025", "", "14"), "d: the day '14' stands without a month"),
        (("", "12", ""), "m: the month '12' stands without a year"),
        (("25", "", ""), "y: '25' is not a year"),
        (("2025", "13", ""), "m: '13' is not a month"),
        (("2025", "2", "30"), "d: '30' is not a day"),
        (("2025", "Dezember", ""), "m: 'Dezember' is not a month"),
    ],
)
def test_columns_that_tell_no_date_are_refused_by_column(
    cells: tuple[str, str, str], line: str
) -> None:
    columns = DateColumns({"year": "y", "month": "m", "day": "d"})
    with pytest.raises(Refused) as refused:
        columns.edtf(dict(zip("ymd", cells, strict=True)))
    assert str(refused.value).startswith(line)


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        ("%d %B", "year"),
        ("%Y %d", "month"),
        ("%H:%M", "year"),
        ("%B %Y %H", "day"),
        ("%W %Y", "day of the week"),
    ],
)
def test_a_pattern_that_leaves_a_greater_part_out_is_refused(pattern: str, missing: str) -> None:
    with pytest.raises(Refused, match=f"tells no date: it has no {missing}"):
        precision_of(pattern)


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        (("edtf", "dmy"), ["2021-09-26", "2021-09", "2021-09-26", "2021~"]),
        (("dmy", "edtf"), ["2021-09-26", "2021-09", "2021-09-26", "2021~"]),
    ],
)
def test_every_order_is_reached(formats: tuple[str, ...], told: list[str]) -> None:
    texts = ("26.09.2021", "09.2021", "2021-09-26", "2021~")
    assert [DateReading(formats).edtf(text) for text in texts] == told


def test_months_have_the_names_of_the_language_that_the_map_names() -> None:
    reading = DateReading(("%d. %B %Y", "%B %Y"), lang="de")
    assert [reading.edtf(text) for text in ("3. März 2015", "Dez. 2015")] == [
        "2015-03-03",
        "2015-12",
    ]
    assert (
        DateColumns({"year": "y", "month": "m"}, "de").edtf({"y": "2015", "m": "Mai"}) == "2015-05"
    )


def test_a_map_takes_a_date_from_three_columns(desk: Desk) -> None:
    rows = [{"y": "2015", "m": "3", "d": "", "who": "Ann", "how": "for"}]
    mapping = {
        "columns": {"actor": "who", "stance": "how"},
        "constants": {"topic": "tax", "scale": "vote", "actor_kind": "person"},
        "dates": {"said_at": {"year": "y", "month": "m", "day": "d"}},
    }
    assert desk.take(desk.file(table(*rows)), mapping=mapping).recorded == 1
    assert desk.event("statement.recorded").said_at == "2015-03"
    (rejection,) = desk.take(desk.file(table(rows[0] | {"m": "x"})), mapping=mapping).rejections
    assert (rejection.column, rejection.reason) == (
        "m",
        "'x' is not a month; mend the cell, or leave it blank",
    )


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        ({"said_at": {"month": "m"}}, "said_at.*has no column for its year"),
        ({"said_at": "%d %B"}, "tells no date"),
        ({"lang": "xx-unheard"}, "there is no language 'xx-unheard'"),
        ({"said_at": {"hour": "h"}}, "'said_at.hour' is not a date"),
    ],
)
def test_a_map_that_reads_no_date_is_refused(dates: dict[str, object], line: str) -> None:
    with pytest.raises(Refused, match=line):
        checked_map({"dates": dates})
