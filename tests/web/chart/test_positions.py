"""Lines of held positions, and the risers between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart.histories import end_of, frame, instant, lane, said
from web.chart.axis import Window
from web.chart.levels import ROOMY
from web.chart.model import MIXED, Run
from web.chart.positions import plot_positions, risers, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.chart.drawing import Riser, Segment
    from web.chart.frame import Frame


def segments_of(on: Frame, runs: Sequence[Run]) -> tuple[Segment, ...]:
    return segments(on, plot_positions(on, runs))


def risers_of(on: Frame, runs: Sequence[Run]) -> tuple[Riser, ...]:
    return risers(on, plot_positions(on, runs))


RING, TICK = 9.5, 4
"""Half of what the ring of a mark and the tick on a riser are high."""


def test_a_line_is_solid_for_ninety_days_after_each_statement_then_thin() -> None:
    runs = lane(said(1, "2025-06-10", 2)).runs
    solid, stale = segments_of(frame(), runs)
    assert (solid.state, stale.state) == ("", "stale")
    days = (solid.x2 - solid.x1) / 100 * frame().window.days
    assert 89 <= days <= 91


def test_saying_it_again_makes_the_line_solid_again() -> None:
    runs = lane(said(1, "2025-06-10", 2), said(2, "2025-11-10", 2)).runs
    assert [segment.state for segment in segments_of(frame(), runs)] == ["", "stale", ""]


def test_solid_stretches_too_short_to_be_seen_are_thin_but_for_the_last() -> None:
    days = [f"{year}-11-05" for year in range(1950, 2025)]
    runs = lane(*(said(at, day, 2) for at, day in enumerate(days))).runs
    century = frame(window=Window(instant("1925-01-01"), instant("2025-12-31")))
    assert [segment.state for segment in segments_of(century, runs)] == ["stale"]
    fresh = lane(said(1, "2025-06-10", 2), said(2, "2025-12-15", 2)).runs
    assert [segment.state for segment in segments_of(frame(), fresh)] == ["", "stale", ""]


def test_a_line_stays_solid_while_it_is_said_again_every_week() -> None:
    weeks = [f"{month}-{day:02}" for month in ("2025-01", "2025-02") for day in range(1, 29, 7)]
    runs = lane(*(said(at, day, 2) for at, day in enumerate(weeks))).runs
    decade = frame(window=Window(instant("2015-01-01"), instant("2025-12-31")))
    solid, stale = segments_of(decade, runs)
    assert (solid.state, stale.state) == ("", "stale")
    days = (solid.x2 - solid.x1) / 100 * decade.window.days
    assert days == pytest.approx(52 + 90, abs=1)


def test_the_line_ends_at_the_moment_shown() -> None:
    edge = instant("2025-10-01")
    runs = lane(said(1, "2025-06-10", 2)).runs
    assert segments_of(frame(edge=edge), runs)[-1].x2 == frame().window.x(edge)


def test_a_position_from_before_the_window_enters_at_the_left_edge() -> None:
    runs = lane(said(1, "2022-02-28", 2)).runs
    (entering,) = segments_of(frame(), runs)
    assert (entering.x1, entering.state) == (0.0, "stale")
    assert risers_of(frame(), runs) == ()


def test_bands_are_equally_thick_for_every_stance() -> None:
    heights = {
        segments_of(frame(), lane(said(1, "2025-06-10", stance)).runs)[0].band_height
        for stance in (-2, -1, 0, 1, 2)
    }
    assert heights == {ROOMY.band}


def test_second_hand_words_hold_a_dashed_line() -> None:
    runs = lane(said(1, "2025-10-10", 1, rank=1)).runs
    assert segments_of(frame(), runs)[0].state == "second"


def test_a_mixed_day_is_a_band_from_the_lowest_to_the_highest_without_a_line() -> None:
    run = Run(start=end_of("2025-08-01"), end=None, level=MIXED, lowest=-1, highest=2)
    mixed = segments_of(frame(), (run,))[0]
    assert (mixed.step, mixed.line) == ("mixed", False)
    assert (mixed.band_y, mixed.band_y + mixed.band_height) == (ROOMY.y(2), ROOMY.y(-1))


def test_a_change_has_an_ink_riser_with_an_arrow_where_it_is_long() -> None:
    runs = lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 1), said(3, "2025-10-01", 2)).runs
    first, reversal, shift = risers_of(frame(), runs)
    assert (first.kind, first.y1) == ("first", ROOMY.middle)
    assert (reversal.kind, reversal.arrow) == ("", "up")
    assert (reversal.y1, reversal.y2) == (ROOMY.y(-2), ROOMY.y(1))
    assert (shift.kind, shift.arrow) == ("", "")


def test_a_change_to_mixed_has_a_thin_riser() -> None:
    opening = lane(said(1, "2025-07-01", 1)).runs[0]
    mixed = Run(start=end_of("2025-08-01"), end=None, level=MIXED, lowest=-1, highest=2)
    riser = risers_of(frame(), (opening, mixed))[-1]
    assert riser.kind == "thin"
    assert {riser.y1, riser.y2} == {ROOMY.y(2), ROOMY.y(-1)}


def test_a_change_that_only_second_hand_words_report_is_drawn_apart() -> None:
    runs = lane(said(1, "2025-07-01", 1, rank=1), said(2, "2025-08-01", -1, rank=1)).runs
    assert risers_of(frame(), runs)[-1].kind == "reported"


def test_a_position_lost_falls_back_to_the_middle() -> None:
    held = lane(said(1, "2025-07-01", 2)).runs[0]
    lost = Run(start=end_of("2025-08-01"), end=None, level=None)
    assert risers_of(frame(), (held, lost))[-1].kind == "lost"
    assert len(segments_of(frame(), (held, lost))) == 1


def test_another_person_at_a_change_has_a_tick_of_its_own() -> None:
    old, new = lane(said(1, "2025-07-01", -1), said(2, "2025-08-01", 1)).runs
    other = msgspec.structs.replace(new, other_speaker=True)
    assert risers_of(frame(), (old, new))[-1].other_y is None
    assert risers_of(frame(), (old, other))[-1].other_y is not None


@pytest.mark.parametrize(("before", "after"), [(0, 1), (0, -1), (0, 2), (-2, 2), (2, -1)])
def test_the_tick_of_another_speaker_is_clear_of_the_ring_and_the_arrow(
    before: int, after: int
) -> None:
    old, new = lane(said(1, "2025-07-01", before), said(2, "2025-08-01", after)).runs
    other = msgspec.structs.replace(new, other_speaker=True)
    riser = risers_of(frame(), (old, other))[-1]
    assert riser.other_y is not None
    assert abs(riser.other_y - riser.y2) >= RING + TICK
    assert not riser.arrow or abs(riser.other_y - riser.arrow_y) > TICK


def test_a_line_begins_where_its_sign_was_moved_to() -> None:
    runs = lane(said(1, "2025-07-01", -1), said(2, "2025-08-01", 1)).runs
    moved = plot_positions(frame(), runs, {1: 40.0})
    assert [riser.x for riser in risers(frame(), moved)][-1] == 40
    before, after = segments(frame(), moved)[0], segments(frame(), moved)[-1]
    assert (before.x2, segments(frame(), moved[1:])[0].x1) == (40, 40)
    assert after.x2 == frame().window.x(frame().edge)


def test_positions_in_a_knot_have_no_riser_and_no_line_within_it() -> None:
    days = ("2025-07-01", "2025-08-01", "2025-08-02", "2025-08-03")
    runs = lane(*(said(n, day, n % 2) for n, day in enumerate(days))).runs
    knotted = plot_positions(frame(), runs, dict.fromkeys((1, 2, 3), 40.0), {1, 2, 3})
    assert [riser.kind for riser in risers(frame(), knotted)] == ["first"]
    drawn = segments(frame(), knotted)
    assert all(segment.x2 <= 40 or segment.x1 >= 40 for segment in drawn)
    assert {segment.step for segment in drawn if segment.x1 >= 40} == {"4"}
