"""Many statements: counted, stacked, and read for where they lean."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart import page
from tests.web.chart.histories import END, START, given, instant, lane, said
from web.chart.axis import Window
from web.chart.bins import base_unit, leans, tally
from web.chart.layout import draw
from web.chart.model import DayCount

if TYPE_CHECKING:
    from web.chart.drawing import LaneDrawing
    from web.chart.model import ChartInput, Lane, Statement


def crowd(number: int, stance: int = 2, **more: object) -> Lane:
    """Return a lane of one statement a day."""
    first = date.fromisoformat(START)
    days = [str(first + timedelta(days=at % 190)) for at in range(number)]
    return lane(*(said(at + 1, day, stance) for at, day in enumerate(days)), counted=True, **more)


def only(chart: ChartInput) -> LaneDrawing:
    (drawn,) = draw(chart).lanes
    return drawn


def test_four_hundred_statements_are_marks_and_one_more_are_bins() -> None:
    first = date.fromisoformat(START)
    spoken = [said(at, str(first + timedelta(days=at % 190)), 2) for at in range(401)]
    assert only(given(lane(*spoken[:400]))).detail == "marks"
    assert only(given(lane(*spoken))).detail == "bins"


def test_units_follow_the_length_of_the_window() -> None:
    day = 86_400
    units = [base_unit(Window(0, days * day)) for days in (59, 60, 730, 731)]
    assert units == ["day", "week", "week", "month"]


def test_weak_stances_stand_next_to_the_middle_and_strong_ones_outside() -> None:
    mixed = lane(*(said(n, "2025-07-01", n % 5 - 2) for n in range(1, 51)), counted=True)
    drawn = only(given(mixed))
    (one,) = drawn.bins
    by_step = {block.step: block for block in one.blocks}
    assert by_step["5"].y < by_step["4"].y < by_step["3"].y < by_step["2"].y < by_step["1"].y
    neither = by_step["3"]
    assert round(neither.y + neither.height / 2, 1) == drawn.middle


def test_stacks_touch_without_overlap() -> None:
    mixed = lane(*(said(n, "2025-07-01", n % 5 - 2) for n in range(1, 51)), counted=True)
    blocks = sorted(only(given(mixed)).bins[0].blocks, key=lambda block: block.y)
    for upper, lower in pairwise(blocks):
        assert abs(upper.y + upper.height - lower.y) < 0.02


def test_all_lanes_share_one_linear_scale() -> None:
    many = lane(*(said(n, "2025-07-01", 2) for n in range(100)), slug="b", counted=True)
    half = lane(*(said(n, "2025-07-01", 2) for n in range(50)), counted=True)
    tall, short = (drawing.bins[0].blocks[0].height for drawing in draw(given(many, half)).lanes)
    assert abs(tall - 2 * short) < 0.05


def test_a_bin_opens_the_list_behind_it_and_says_how_many() -> None:
    _, one, *_ = only(given(crowd(41))).bins
    assert one.href == "/t/x?actor=a&from=2025-06-02&to=2025-06-08"
    assert one.sentence == "2 Jun 2025 to 8 Jun 2025: 7 statements, 7 supports."


def test_counts_by_day_do_as_well_as_statements() -> None:
    days = tuple(
        DayCount(day=instant("2025-07-01") // 86_400 + n, counts=(0, 0, 0, 0, 9)) for n in range(60)
    )
    drawn = only(given(lane(daily=days)))
    assert drawn.detail == "bins"
    assert drawn.note == "540 statements, by week"


def test_retracted_and_filtered_statements_are_not_counted() -> None:
    counted = tally(
        lane(
            said(1, "2025-07-01", 2),
            said(2, "2025-07-01", 2, retracted=True),
            said(3, "2025-07-01", 2, hidden=True),
            said(4, "2025-07-01", None),
        )
    )
    assert counted.counts == ((0, 0, 0, 0, 1),)


def test_every_riser_of_a_lean_is_named_where_there_is_no_room_by_the_new_one_alone() -> None:
    first = date.fromisoformat(START)
    stances = (-2, 2, -2, 2, -2, 2)
    days = [(str(first + timedelta(days=n)), stances[n // 34]) for n in range(190)]
    full = lane(
        *(said(n, day, stance) for n, (day, stance) in enumerate(days)), counted=True, untold=50
    )
    drawn = only(given(full, now=instant(END)))
    told = [label.text for label in drawn.labels]
    assert len(drawn.risers) == len(told) == 6
    assert "lean: opposes → split" in told
    assert {"→ split", "→ supports", "→ opposes"} <= {*told}


def test_a_riser_stands_where_the_lean_of_four_weeks_changes() -> None:
    first = date.fromisoformat(START)
    days = [str(first + timedelta(days=n)) for n in range(190)]
    spoken = (said(n, day, -2 if n < 90 else 2) for n, day in enumerate(days))
    turn = lane(*spoken, counted=True, untold=50)
    drawn = only(given(turn))
    assert [riser.kind for riser in drawn.risers] == ["lean", "lean"]
    assert drawn.labels[0].text == "lean: split → supports"
    turned = [one for one in drawn.bins if one.changed]
    assert [one.x for one in turned] == [riser.x for riser in drawn.risers]
    assert turned[0].sentence.endswith(". lean: opposes → split.")
    counted = tally(turn)
    units = sorted(counted.by("week", Window(instant(START), instant(END))))
    assert [lean for _, lean in leans(counted, units, "week")] == [-1, 0, 1]


def test_many_years_are_counted_by_the_shortest_unit_whose_bins_fit() -> None:
    """Of twelve lanes a bin a year would be too many, and a bin a decade says next to nothing."""
    first = instant("1980-01-01") // 86_400
    months = tuple(DayCount(day=first + 30 * n, counts=(n % 3, 0, 0, 0, 2)) for n in range(12 * 40))
    lanes = [lane(slug=f"a{n}", daily=months) for n in range(12)]
    chart = draw(given(*lanes, start=instant("1980-01-01"), end=instant("2020-01-01")))
    assert chart.elements <= 1_500
    assert {drawing.note.partition(", ")[2] for drawing in chart.lanes} == {"by two years"}
    (one, *_) = chart.lanes
    assert len(one.bins) == 20
    assert one.bins[0].sentence.startswith("1 Jan 1980 to 31 Dec 1981: ")


def test_the_first_bin_begins_with_the_window_and_says_so() -> None:
    days = tuple(
        DayCount(day=instant("2024-05-20") // 86_400 + 10 * n, counts=(0, 0, 0, 0, 9))
        for n in range(80)
    )
    drawn = only(given(lane(daily=days), start=instant("2024-05-15"), end=instant("2026-07-30")))
    first, second, *_ = drawn.bins
    assert first.x == 0
    assert first.sentence.startswith("15 May 2024 to 31 May 2024: 18 statements")
    assert "from=2024-05-15&to=2024-05-31" in first.href
    assert second.sentence.startswith("Jun 2024: ")


TURNS = (said(1, "2025-06-10", 2), said(2, "2025-08-20", -1), said(3, "2025-11-03", 1))
"""What a lane said first, and by which it changed twice."""

DAYS = tuple(DayCount(day=instant(START) // 86_400 + n, counts=(5, 0, 0, 0, 4)) for n in range(190))


def counted(*openings: Statement, **more: object) -> Lane:
    """Return a lane of nine statements a day, of which those are given that open positions."""
    opened = lane(*openings)
    return lane(openings=opened.statements, runs=opened.runs, daily=DAYS, **more)


def test_every_change_wears_its_sign_with_its_words_and_leads_to_its_proof() -> None:
    drawn = only(given(counted(*TURNS)))
    assert drawn.detail == "bins"
    assert [mark.numbers for mark in drawn.marks] == [(1,), (2,), (3,)]
    assert [mark.changed for mark in drawn.marks] == [False, True, True]
    assert drawn.marks[1].sentence.startswith("20")
    assert "Before: supports." in drawn.marks[1].sentence
    assert [mark.proof for mark in drawn.marks] == ["/t/x?s=1", "/t/x?s=2", "/t/x?s=3"]


def test_its_words_stand_above_the_counts_in_place_of_where_these_lean() -> None:
    drawn = only(given(counted(*TURNS)))
    assert {label.text for label in drawn.labels} == {"supports → doubts", "doubts → accepts"}
    assert {riser.kind for riser in drawn.risers} == {"turn"}
    assert [riser.x for riser in drawn.risers] == [mark.x for mark in drawn.marks[1:]]


def test_signs_and_line_lie_below_the_stacks() -> None:
    drawn = only(given(counted(*TURNS)))
    lowest = max(block.y + block.height for one in drawn.bins for block in one.blocks)
    assert drawn.segments
    assert min(segment.band_y for segment in drawn.segments) > lowest
    assert lowest < min(mark.y for mark in drawn.marks) < drawn.height
    assert len({mark.y for mark in drawn.marks}) == 1
    assert only(given(lane(daily=DAYS))).height == drawn.height


def test_the_line_has_the_colours_of_what_stood_and_is_thin_where_it_was_not_said_again() -> None:
    drawn = only(given(counted(*TURNS[:2])))
    assert [(segment.step, segment.state) for segment in drawn.segments] == [
        ("5", ""),
        ("2", ""),
        ("2", "stale"),
    ]


def test_changes_without_room_share_a_knot() -> None:
    first = date.fromisoformat("2025-08-01")
    turns = (said(n, str(first + timedelta(days=n)), 2 - n % 2 * 4) for n in range(1, 21))
    (chart,) = [draw(given(counted(*turns)))]
    (drawn,) = chart.lanes
    assert sum(mark.knot or mark.changed for mark in drawn.marks) == 19
    assert any(mark.knot for mark in drawn.marks)
    assert not [riser for riser in drawn.risers for mark in drawn.marks if riser.x == mark.x]


def test_where_not_every_change_is_known_the_counts_lean_and_their_number_is_given() -> None:
    drawn = only(given(counted(*TURNS, untold=77)))
    assert drawn.note == "1710 statements, by week; 77 changes"
    assert not drawn.marks
    assert {riser.kind for riser in drawn.risers} <= {"lean"}


def test_a_filtered_word_leaves_no_sign_and_its_change_is_drawn() -> None:
    hidden = msgspec.structs.replace(TURNS[1], hidden=True)
    drawn = only(given(counted(TURNS[0], hidden, TURNS[2])))
    assert [mark.numbers for mark in drawn.marks] == [(1,), (3,)]
    assert {label.text for label in drawn.labels} == {"supports → doubts", "doubts → accepts"}


@pytest.mark.parametrize("count", [1, 12, 24])
def test_the_page_holds_as_many_elements_as_are_counted_however_many_lanes_change(
    count: int,
) -> None:
    first = date.fromisoformat("2025-06-03")
    turns = [said(n, str(first + timedelta(days=n * 4)), n % 5 - 2) for n in range(1, 41)]
    chart = draw(given(*(counted(*turns, slug=f"a{n}") for n in range(count))))
    assert len(page.chart(chart).in_svg()) == chart.elements <= 1_500
    assert {sum(mark.knot or mark.changed for mark in of.marks) for of in chart.lanes} == {39}
    assert {of.detail for of in chart.lanes} == {"bins"}
