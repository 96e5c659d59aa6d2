"""All that is on record above a chart: bars, and the stretch that the chart shows."""

from __future__ import annotations

import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from tests.web.chart.histories import DAY, given, instant, lane, said
from web.chart.layout import draw
from web.chart.model import Whole
from web.chart.overview import MOST_BARS, MOST_UNITS, Units, units

FIRST, NOW = instant("2022-03-07"), instant("2026-11-26")


def day(text: str) -> int:
    return instant(text) // DAY


def test_the_overview_counts_statements_and_those_that_changed_something() -> None:
    whole = Whole(
        FIRST,
        NOW,
        said=((day("2022-03-07"), 1), (day("2025-08-03"), 2), (day("2025-08-30"), 2)),
        moved=((day("2025-08-30"), 2),),
    )
    drawn = draw(given(lane(said(1, "2025-08-03", 2)), whole=whole)).overview
    assert drawn is not None
    assert drawn.counted == "statements by month"
    early, late = drawn.bars
    assert (early.changed, late.changed) == (0, late.height / 2)
    assert early.height < late.height


def test_the_frame_stands_around_what_the_chart_shows() -> None:
    chart = draw(
        given(start=instant("2025-01-01"), end=instant("2026-01-01"), whole=Whole(FIRST, NOW))
    )
    drawn = chart.overview
    assert drawn is not None
    assert (drawn.count, drawn.left, drawn.right) == (57, 34, 46)
    assert (drawn.begin, drawn.end) == ("Jan 2025", "Dec 2025")
    assert (drawn.x, drawn.width) == (round(34 / 57 * 100, 3), round(12 / 57 * 100, 3))


@pytest.mark.parametrize(
    ("first", "last", "unit"),
    [
        ("2025-12-01", "2026-01-20", "day"),
        ("2022-03-07", "2026-11-26", "month"),
        ("1950-01-01", "2026-11-26", "quarter"),
        ("1701-01-01", "2026-11-26", "year"),
    ],
)
def test_its_places_are_days_months_or_longer_as_the_whole_asks(
    first: str, last: str, unit: str
) -> None:
    assert units(instant(first), instant(last)).unit == unit


def test_a_stretch_between_two_places_is_said_in_whole_units() -> None:
    places = units(FIRST, NOW)
    assert places.stretch(34, 46) == ("2025-01", "2025-12")
    assert places.stretch(46, 34) == ("2025-01", "2025-12")
    assert places.stretch(10, 10) == ("2023-01", "2023-01")
    assert places.stretch(-5, 999) == ("2022-03", "2026-11")
    assert Units("quarter", 2025 * 4, 8).stretch(1, 3) == ("2025-04", "2025-09")
    assert Units("day", day("2025-12-01"), 30).stretch(0, 2) == ("2025-12-01", "2025-12-02")
    assert Units("aeon", -14, 15).stretch(0, 3) == ("", "")


@every(
    st.integers(-13_800_000_000 * 366 * DAY, 9_000 * 366 * DAY),
    st.integers(0, 13_800_000_000 * 366 * DAY),
    st.lists(st.floats(0, 1), max_size=150),
)
def test_whatever_there_is_its_bars_are_few_and_stay_inside(
    first: int, span: int, parts: list[float]
) -> None:
    last = first + span
    days = tuple((int(first + part * span) // DAY, 1 + at % 3) for at, part in enumerate(parts))
    whole = Whole(first, last, days, days[::2])
    drawn = draw(given(whole=whole, start=first, end=last + DAY, now=last)).overview
    assert drawn is not None
    assert drawn.count <= MOST_UNITS
    assert len(drawn.bars) <= MOST_BARS
    assert 0 <= drawn.left < drawn.right <= drawn.count
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert 0 <= bar.changed <= bar.height <= 40
