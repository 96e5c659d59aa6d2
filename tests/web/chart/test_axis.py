"""Ticks and labels on the axis, from hours to aeons."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.web.chart.histories import DAY, END, START, instant
from web.chart.axis import NARROW, PHONE, SPACIOUS, WIDTH, Window, ticks, year
from web.chart.text import width
from web.chart.wording import Wording

YEAR = 365 * DAY


def labels(start: int, end: int, *, dated: bool = True) -> list[str]:
    return [tick.label for tick in ticks(Window(start, end), Wording(), dated=dated)]


def test_half_a_year_is_told_in_months() -> None:
    months = ["Jun 2025", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert labels(instant(START), instant(END)) == months


def test_a_new_year_stands_in_the_place_of_its_january() -> None:
    told = labels(instant("2025-10-01"), instant("2026-04-01"))
    assert told[:5] == ["Oct 2025", "Nov", "Dec", "2026", "Feb"]


def test_lines_keep_the_stride_of_the_dates_that_a_plot_has_room_for() -> None:
    drawn = ticks(Window(instant("1993-01-01"), instant("2020-06-01")), Wording(), dated=False)
    narrow = [year for year, tick in zip(range(1994, 2021, 2), drawn, strict=True) if not tick.line]
    assert narrow == list(range(1994, 2021, 4))


def test_a_year_beside_the_axis_leaves_every_day_its_label() -> None:
    start, end = instant("2025-12-08"), instant("2025-12-23") - 1
    assert year(Window(start, end), Wording()) == "2025"
    assert labels(start, end, dated=False) == [f"{day} Dec" for day in range(8, 23)]
    assert labels(start, end)[:3] == ["8 Dec 2025", "10 Dec", "11 Dec"]
    at_hand = [tick.tier for tick in ticks(Window(start, end - DAY), Wording(), dated=False)]
    assert "if-spacious" not in at_hand


def test_the_year_beside_the_axis_is_the_one_in_which_it_begins() -> None:
    window = Window(instant("2025-12-31"), instant("2026-01-08"))
    assert year(window, Wording()) == "2025"
    told = [tick.label for tick in ticks(window, Wording(), dated=False)]
    assert told[:2] == ["31 Dec", "1 Jan 2026"]


def test_an_axis_of_years_has_no_year_beside_it() -> None:
    assert year(Window(instant("2023-06-01"), instant("2025-12-01")), Wording()) == ""


def test_above_eighteen_months_only_years_are_told() -> None:
    assert labels(instant("2023-06-01"), instant("2025-12-01")) == ["2024", "2025"]


def test_a_day_is_told_in_hours() -> None:
    assert labels(instant("2025-12-14"), instant("2025-12-15"))[:3] == ["14 Dec", "02:00", "04:00"]


def test_a_fortnight_is_told_in_days() -> None:
    told = labels(instant("2025-12-01"), instant("2025-12-15"))
    assert told[:2] == ["1 Dec 2025", "3 Dec"]


def test_thirteen_billion_years_fit() -> None:
    told = labels(-13_800_000_000 * YEAR, 2_000 * YEAR)
    assert any("billion BC" in label for label in told)
    assert len(told) <= 15


@given(
    st.integers(-13_800_000_000 * YEAR, 9_000 * YEAR),
    st.one_of(st.integers(3_600, 400 * YEAR), st.integers(3_600, 13_800_000_000 * YEAR)),
    st.booleans(),
)
def test_no_date_covers_another_or_a_line_at_any_width_that_shows_them(
    start: int,
    span: int,
    dated: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    drawn = ticks(Window(start, start + span), Wording(), dated=dated)
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
