"""From one stretch of time to others: closer, wider, earlier, later, and all of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.domain.instants import DAY, day_number
from web.lanes.address import TopicAddress
from web.lanes.window import Stretch, Zoom, brushed, window, zoom

FIRST, LAST = (day_number(2022, 3, 7) * DAY, day_number(2026, 3, 3) * DAY)
NOW = day_number(2026, 11, 26) * DAY
DAYS = {day_number(2022, 3, 7): 3} | {day_number(2025, month, 3): 3 for month in range(1, 13)}


def ways(begin: str = "", end: str = "") -> Zoom:
    address = TopicAddress(begin=begin, end=end)
    shown = window(address, FIRST, LAST, NOW, DAYS)
    return zoom(address, shown, FIRST, LAST, NOW, DAYS)


def test_the_usual_stretch_leads_to_all_there_is_and_from_there_back() -> None:
    usual = ways()
    assert usual.whole == Stretch("2022-03")
    assert (usual.usual, usual.later) == (None, None)
    assert usual.earlier is not None
    everything = ways("2022-03")
    assert (everything.whole, everything.wider, everything.earlier) == (None, None, None)
    assert everything.usual == Stretch()
    assert everything.usual_label.startswith("Mar 2025")


def test_closer_is_half_as_long_and_wider_twice() -> None:
    month = ways("2025-05", "2025-06")
    assert month.closer == Stretch("2025-05-16", "2025-06-15")
    assert month.wider == Stretch("2025-03-31", "2025-07-31")
    assert month.earlier == Stretch("2025-03-31", "2025-05-31")
    assert month.later == Stretch("2025-05-31", "2025-07-31")


def test_what_is_long_begins_and_ends_with_a_month() -> None:
    assert ways("2022", "2025").closer == Stretch("2023-01", "2024-12")


def test_a_few_days_are_not_halved() -> None:
    assert ways("2025-05-01", "2025-05-10").closer is None


def test_where_all_is_shown_as_it_is_there_is_nowhere_to_go_but_closer() -> None:
    address = TopicAddress()
    few = {day_number(2025, 5, day): 1 for day in range(1, 9)}
    first, last, now = (day_number(2025, 5, day) * DAY for day in (1, 8, 9))
    shown = window(address, first, last, now, few)
    found = zoom(address, shown, first, last, now, few)
    assert (found.whole, found.wider, found.earlier, found.later, found.usual) == (None,) * 5


def test_before_the_years_of_a_calendar_there_is_no_way() -> None:
    address = TopicAddress()
    first, last = -13_800_000_000 * 366 * DAY, NOW
    shown = window(address, first, last, NOW, {0: 1})
    assert zoom(address, shown, first, last, NOW, {0: 1}).closer is None


@given(st.integers(0, 1_500), st.integers(0, 1_500))
def test_every_way_leads_to_somewhere_else_that_can_be_shown(begin: int, length: int) -> None:
    begun = date(2022, 3, 7) + timedelta(begin)
    here = Stretch(str(begun), str(begun + timedelta(length)))
    found = ways(here.begin, here.end)
    for way in (found.closer, found.wider, found.earlier, found.later, found.whole, found.usual):
        if way is not None:
            assert way != here
            shown = window(TopicAddress(begin=way.begin, end=way.end), FIRST, LAST, NOW, DAYS)
            assert shown.start < shown.end


@pytest.mark.parametrize(
    ("ends", "begin", "end"),
    [
        ((34, 46), "2025-01", "2025-12"),
        ((46, 34), "2025-01", "2025-12"),
        ((0, 57), "2022-03", ""),
        ((-3, 999), "2022-03", ""),
        ((5, 5), "2022-08", "2022-08"),
    ],
)
def test_a_brush_chooses_whole_months(ends: tuple[int, int], begin: str, end: str) -> None:
    assert brushed(FIRST, NOW, ends) == Stretch(begin, end)
