"""A lane whose statements are counted tells every change of position on a line below them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart import page
from tests.web.chart.histories import START, given, instant, lane, said
from web.chart.layout import draw
from web.chart.model import DayCount

if TYPE_CHECKING:
    from web.chart.drawing import LaneDrawing
    from web.chart.model import ChartInput, Lane, Statement

TURNS = (said(1, "2025-06-10", 2), said(2, "2025-08-20", -1), said(3, "2025-11-03", 1))
"""What a lane said first, and by which it changed twice."""

DAYS = tuple(DayCount(day=instant(START) // 86_400 + n, counts=(5, 0, 0, 0, 4)) for n in range(190))


def counted(*openings: Statement, **more: object) -> Lane:
    """Return a lane of nine statements a day, of which those are given that open positions."""
    opened = lane(*openings)
    return lane(openings=opened.statements, runs=opened.runs, daily=DAYS, **more)


def only(chart: ChartInput) -> LaneDrawing:
    (drawn,) = draw(chart).lanes
    return drawn


def test_every_change_wears_its_sign_with_its_words_and_leads_to_its_proof() -> None:
    drawn = only(given(counted(*TURNS)))
    assert drawn.detail == "bins"
    assert [mark.numbers for mark in drawn.marks] == [(1,), (2,), (3,)]
    assert [mark.changed for mark in drawn.marks] == [False, True, True]
    assert drawn.marks[1].sentence.startswith("20")
    assert "Changed from supports." in drawn.marks[1].sentence
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
    assert min(one.band_y for one in drawn.segments) > lowest
    assert lowest < min(mark.y for mark in drawn.marks) < drawn.height
    assert len({mark.y for mark in drawn.marks}) == 1
    assert only(given(lane(daily=DAYS))).height == drawn.height


def test_the_line_has_the_colours_of_what_stood_and_is_thin_where_it_was_not_said_again() -> None:
    drawn = only(given(counted(*TURNS[:2])))
    assert [(one.step, one.state) for one in drawn.segments] == [
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
    assert len(page.chart(chart).in_svg) == chart.elements <= 1_500
    assert {sum(one.knot or one.changed for one in of.marks) for of in chart.lanes} == {39}
    assert {of.detail for of in chart.lanes} == {"bins"}
