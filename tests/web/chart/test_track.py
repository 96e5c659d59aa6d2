"""The rail of an opened side: pieces of a line that runs down beside rows of words."""

from __future__ import annotations

import pytest

from timeline.domain.scales import SCALES
from web.chart.model import MIXED
from web.chart.track import MIDDLE, TOP, WIDTH, RailPosition, rail, x

POSITION = SCALES["position"]
SUPPORTS, OPPOSES = RailPosition(2), RailPosition(-2)


def test_against_lies_left_and_for_lies_right_of_the_middle() -> None:
    places = [x(stance) for stance in (-2, -1, 0, 1, 2)]
    assert places == sorted(places)
    assert x(0) == x(None) == MIDDLE
    assert places[0] > 0
    assert places[-1] < WIDTH


def test_a_position_said_again_runs_through_its_row() -> None:
    drawn = rail(POSITION, SUPPORTS, SUPPORTS)
    (strand,) = drawn.strands
    assert (strand.x, strand.y1, strand.y2) == (x(2), 0, None)
    assert drawn.across is None


def test_a_change_goes_across_where_its_mark_is() -> None:
    drawn = rail(POSITION, OPPOSES, SUPPORTS)
    before, after = drawn.strands
    assert (before.x, before.y1, before.y2) == (x(-2), 0, TOP)
    assert (after.x, after.y1, after.y2) == (x(2), TOP, None)
    assert drawn.across == (x(-2), x(2), "")


def test_the_first_position_comes_from_the_middle_and_a_lost_one_ends() -> None:
    first = rail(POSITION, RailPosition(), SUPPORTS, kind="first")
    assert [strand.y1 for strand in first.strands] == [TOP]
    assert first.across == (MIDDLE, x(2), "first")
    lost = rail(POSITION, SUPPORTS, RailPosition())
    assert [strand.y2 for strand in lost.strands] == [TOP]
    assert lost.across is None


def test_a_mixed_position_is_a_band_from_the_lowest_to_the_highest() -> None:
    (strand,) = rail(POSITION, RailPosition(MIXED, -1, 2), RailPosition(MIXED, -1, 2)).strands
    assert not strand.line
    assert (strand.band_x, strand.band_x + strand.band_width) == (x(-1), x(2))


@pytest.mark.parametrize(
    ("held", "state"),
    [
        (RailPosition(1), ""),
        (RailPosition(1, stale=True), "stale"),
        (RailPosition(1, rank=1), "second"),
    ],
)
def test_silence_is_dotted_and_second_hand_words_are_dashed(held: RailPosition, state: str) -> None:
    assert [strand.state for strand in rail(POSITION, held, held).strands] == [state]


@pytest.mark.parametrize("stance", [-2, 0, 2])
def test_a_band_hangs_from_its_line_towards_the_middle(stance: int) -> None:
    (strand,) = rail(POSITION, RailPosition(stance), RailPosition(stance)).strands
    inner = (strand.band_x + strand.band_width / 2 - MIDDLE, strand.x - MIDDLE)
    assert abs(inner[0]) <= abs(inner[1])
