"""Ticks and labels on the axis, from hours to aeons, and days outside a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.chart.histories import DAY, END, START, instant
from web.chart.axis import NARROW, PHONE, SPACIOUS, WIDTH, Window, rows, ticks
from web.chart.calendar import UNITS, civil, day_of, first_day, noon, unit_of
from web.chart.text import width
from web.chart.wording import Wording

YEAR = 365 * DAY


def labels(start: int, end: int) -> list[str]:
    return [tick.label for tick in ticks(Window(start, end), Wording())]


def told(start: int, end: int) -> tuple[list[str], list[str]]:
    """Return the two rows of an axis."""
    upper, lower = rows(Window(start, end), Wording())
    return [tick.label for tick in upper], [tick.label for tick in lower]


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [
        (START, END, ["Jun 2025", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
        ("2025-10-01", "2026-04-01", ["Oct 2025", "Nov", "Dec", "2026", "Feb"]),
        ("2023-06-01", "2025-12-01", ["2024", "2025"]),
        ("2025-12-14", "2025-12-15", ["14 Dec", "02:00", "04:00"]),
        ("2025-12-01", "2025-12-15", ["1 Dec 2025", "3 Dec"]),
    ],
)
def test_a_time_is_told_in_years_months_days_or_hours_as_its_length_asks(
    start: str, end: str, first: list[str]
) -> None:
    told = labels(instant(start), instant(end))
    assert told[: len(first)] == first
    assert len(told) <= 15


def test_lines_keep_the_stride_of_the_dates_that_a_plot_has_room_for() -> None:
    _, drawn = rows(Window(instant("1993-01-01"), instant("2020-06-01")), Wording())
    narrow = [year for year, tick in zip(range(1994, 2021, 2), drawn, strict=True) if not tick.line]
    assert narrow == list(range(1994, 2021, 4))


def test_of_two_rows_the_upper_one_always_says_the_year() -> None:
    months = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May"]
    assert told(instant("2025-10-01"), instant("2026-05-20")) == (["2025", "2026"], months)
    days = [f"{day} Dec" for day in range(8, 23)]
    assert told(instant("2025-12-08"), instant("2025-12-23") - 1) == (["Dec 2025"], days)
    hours = [f"{hour:02d}:00" for hour in range(0, 24, 2)]
    assert told(instant("2025-12-14"), instant("2025-12-15") - 1) == (["14 Dec 2025"], hours)


def test_above_years_nothing_has_to_be_said() -> None:
    assert told(instant("2003-06-01"), instant("2025-12-01"))[0] == []


def test_the_year_in_which_an_axis_begins_gives_way_to_the_next_if_that_is_near() -> None:
    assert told(instant("2024-12-28"), instant("2025-06-01"))[0] == ["2025"]


def test_each_date_leads_to_the_time_that_it_stands_for() -> None:
    asked = "/t/x?from={from}&to={to}"
    upper, lower = rows(Window(instant("2025-11-01"), instant("2026-05-20")), Wording(), asked)
    assert [tick.href for tick in upper] == ["/t/x?from=2025&to=2025", "/t/x?from=2026&to=2026"]
    assert lower[0].href == "/t/x?from=2025-11&to=2025-11"
    assert (lower[0].hint, upper[1].hint) == ("Nov 2025", "2026")
    _, quarters = rows(Window(instant("2023-04-01"), instant("2026-06-01")), Wording(), asked)
    assert quarters[0].href == "/t/x?from=2023-04&to=2023-06"
    assert quarters[0].hint == "Apr 2023 – Jun 2023"
    _, days = rows(Window(instant("2025-12-08"), instant("2025-12-20")), Wording(), asked)
    assert days[0].href == "/t/x?from=2025-12-08&to=2025-12-08"


def test_what_no_calendar_reaches_leads_nowhere() -> None:
    window = Window(-13_800_000_000 * YEAR, 2_000 * YEAR)
    _, lower = rows(window, Wording(), "/t/x?from={from}&to={to}")
    assert {tick.href for tick in lower if "BC" in tick.label} == {""}


def test_before_the_time_shown_there_may_be_a_small_column() -> None:
    start, end = instant("2025-01-01"), instant("2026-01-01")
    window = Window(start, end, earlier=instant("2022-01-01"))
    assert window.x(instant("2022-01-01")) == 0
    assert 0 < window.x(instant("2024-06-01")) < window.x(start - 1) < window.left
    assert window.x(start) == window.left
    assert window.x(end) == window.right == 100


def test_thirteen_billion_years_fit() -> None:
    told = labels(-13_800_000_000 * YEAR, 2_000 * YEAR)
    assert any("billion BC" in label for label in told)
    assert len(told) <= 15


@given(
    st.integers(-13_800_000_000 * YEAR, 9_000 * YEAR),
    st.one_of(st.integers(3_600, 400 * YEAR), st.integers(3_600, 13_800_000_000 * YEAR)),
    st.sampled_from([0, 1, None]),
)
def test_no_date_covers_another_or_a_line_at_any_width_that_shows_them(
    start: int, span: int, row: int | None
) -> None:
    window = Window(start, start + span)
    drawn = ticks(window, Wording()) if row is None else rows(window, Wording())[row]
    assert len(drawn) <= 32
    shown: set[str] = set()
    for plot, tier in (
        (PHONE, ""),
        (NARROW, "if-narrow"),
        (WIDTH, "if-wide"),
        (SPACIOUS, "if-spacious"),
    ):
        shown.add(tier)
        end = 0.0
        for tick in drawn:
            line = tick.x / 100 * plot
            assert tick.line not in shown or line >= end - 0.01
            if tick.label and tick.tier in shown:
                assert tick.line in shown
                assert line >= end - 0.01
                end = line + 6 + width(tick.label, 12)
        assert end <= plot + 12


def test_an_instant_outside_the_window_is_held_inside_the_plot() -> None:
    window = Window(0, 100)
    assert (window.x(-5), window.x(25), window.x(500)) == (0.0, 25.0, 100.0)


def test_a_day_precise_date_is_drawn_at_noon() -> None:
    assert Window(0, DAY).at(DAY - 1, timed=False) == 50.0
    assert Window(0, DAY).at(0, timed=True) == 0.0


def test_of_two_scales_the_earlier_is_told_in_years_that_end_before_the_later() -> None:
    window = Window(
        instant("2022-01-01"), instant("2026-06-01"), earlier=instant("1985-06-01"), column=40
    )
    upper, lower = rows(window, Wording())
    assert [tick.label for tick in upper] == ["2022", "2023", "2024", "2025", "2026"]
    assert [tick.label for tick in lower if tick.x < window.left] == ["1990", "2000", "2010", ""]
    assert window.x(instant("2022-01-01") - 1) < window.left == window.x(instant("2022-01-01"))


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
