"""Lines of held positions, and the risers between them."""

from __future__ import annotations

import msgspec
import pytest

from tests.web.chart.histories import end_of, frame, instant, lane, said
from web.chart.axis import Window
from web.chart.held import risers, segments
from web.chart.levels import ROOMY
from web.chart.model import MIXED, Run

RING, TICK = 9.5, 4
"""Half of what the ring of a mark and the tick on a riser are high."""


def test_a_line_is_solid_for_ninety_days_after_each_statement_then_thin() -> None:
    runs = lane(said(1, "2025-06-10", 2)).runs
    solid, stale = segments(frame(), runs)
    assert (solid.state, stale.state) == ("", "stale")
    days = (solid.x2 - solid.x1) / 100 * frame().window.days
    assert 89 <= days <= 91


def test_saying_it_again_makes_the_line_solid_again() -> None:
    runs = lane(said(1, "2025-06-10", 2), said(2, "2025-11-10", 2)).runs
    assert [one.state for one in segments(frame(), runs)] == ["", "stale", ""]


def test_solid_stretches_too_short_to_be_seen_are_thin_but_for_the_last() -> None:
    days = [f"{year}-11-05" for year in range(1950, 2025)]
    runs = lane(*(said(at, day, 2) for at, day in enumerate(days))).runs
    century = frame(window=Window(instant("1925-01-01"), instant("2025-12-31")))
    assert [one.state for one in segments(century, runs)] == ["stale"]
    fresh = lane(said(1, "2025-06-10", 2), said(2, "2025-12-15", 2)).runs
    assert [one.state for one in segments(frame(), fresh)] == ["", "stale", ""]


def test_the_line_ends_at_the_moment_shown() -> None:
    edge = instant("2025-10-01")
    runs = lane(said(1, "2025-06-10", 2)).runs
    assert segments(frame(edge=edge), runs)[-1].x2 == frame().window.x(edge)


def test_a_position_from_before_the_window_enters_at_the_left_edge() -> None:
    runs = lane(said(1, "2022-02-28", 2)).runs
    (entering,) = segments(frame(), runs)
    assert (entering.x1, entering.state) == (0.0, "stale")
    assert risers(frame(), runs) == ()


def test_bands_are_equally_thick_for_every_stance() -> None:
    heights = {
        segments(frame(), lane(said(1, "2025-06-10", stance)).runs)[0].band_height
        for stance in (-2, -1, 0, 1, 2)
    }
    assert heights == {ROOMY.band}


def test_second_hand_words_hold_a_dashed_line() -> None:
    runs = lane(said(1, "2025-10-10", 1, rank=1)).runs
    assert segments(frame(), runs)[0].state == "second"


def test_a_mixed_day_is_a_band_from_the_lowest_to_the_highest_without_a_line() -> None:
    run = Run(start=end_of("2025-08-01"), end=None, level=MIXED, lowest=-1, highest=2)
    mixed = segments(frame(), (run,))[0]
    assert (mixed.step, mixed.line) == ("mixed", False)
    assert (mixed.band_y, mixed.band_y + mixed.band_height) == (ROOMY.y(2), ROOMY.y(-1))


def test_a_change_has_an_ink_riser_with_an_arrow_where_it_is_long() -> None:
    runs = lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 1), said(3, "2025-10-01", 2)).runs
    first, reversal, shift = risers(frame(), runs)
    assert (first.kind, first.y1) == ("first", ROOMY.middle)
    assert (reversal.kind, reversal.arrow) == ("", "up")
    assert (reversal.y1, reversal.y2) == (ROOMY.y(-2), ROOMY.y(1))
    assert (shift.kind, shift.arrow) == ("", "")


def test_a_change_to_mixed_has_a_thin_riser() -> None:
    opening = lane(said(1, "2025-07-01", 1)).runs[0]
    mixed = Run(start=end_of("2025-08-01"), end=None, level=MIXED, lowest=-1, highest=2)
    riser = risers(frame(), (opening, mixed))[-1]
    assert riser.kind == "thin"
    assert {riser.y1, riser.y2} == {ROOMY.y(2), ROOMY.y(-1)}


def test_a_change_that_only_second_hand_words_report_is_drawn_apart() -> None:
    runs = lane(said(1, "2025-07-01", 1, rank=1), said(2, "2025-08-01", -1, rank=1)).runs
    assert risers(frame(), runs)[-1].kind == "reported"


def test_a_position_lost_falls_back_to_the_middle() -> None:
    held = lane(said(1, "2025-07-01", 2)).runs[0]
    lost = Run(start=end_of("2025-08-01"), end=None, level=None)
    assert risers(frame(), (held, lost))[-1].kind == "lost"
    assert len(segments(frame(), (held, lost))) == 1


def test_another_person_at_a_change_has_a_tick_of_its_own() -> None:
    old, new = lane(said(1, "2025-07-01", -1), said(2, "2025-08-01", 1)).runs
    other = msgspec.structs.replace(new, other_speaker=True)
    assert risers(frame(), (old, new))[-1].other_y is None
    assert risers(frame(), (old, other))[-1].other_y is not None


@pytest.mark.parametrize(("before", "after"), [(0, 1), (0, -1), (0, 2), (-2, 2), (2, -1)])
def test_the_tick_of_another_speaker_is_clear_of_the_ring_and_the_arrow(
    before: int, after: int
) -> None:
    old, new = lane(said(1, "2025-07-01", before), said(2, "2025-08-01", after)).runs
    other = msgspec.structs.replace(new, other_speaker=True)
    riser = risers(frame(), (old, other))[-1]
    assert riser.other_y is not None
    assert abs(riser.other_y - riser.y2) >= RING + TICK
    assert not riser.arrow or abs(riser.other_y - riser.arrow_y) > TICK
