"""Words in the lanes: right of the riser, in the free half, or not at all."""

from __future__ import annotations

import pytest

from tests.web.chart.histories import end_of, given, lane, said
from web.chart.axis import NARROW, WIDTH
from web.chart.drawing import InexactBar, Label
from web.chart.layout import draw
from web.chart.model import MIXED, Lane, Run
from web.chart.room import Obstacles, extent, fit


def texts(history: Lane) -> dict[str, str]:
    (drawn,) = draw(given(history)).lanes
    return {label.text: label.note for label in drawn.labels}


def test_a_change_says_who_says_what_now_and_what_was_said_before() -> None:
    history = lane(said(1, "2025-07-02", -2), said(2, "2025-09-02", 1))
    assert texts(history)["Arlen: now accepts"] == "before: opposes, 2025-07-02"


@pytest.mark.parametrize("rank", [0, 1])
def test_a_change_whose_mark_is_filtered_out_is_told_like_any_other(rank: int) -> None:
    before = said(1, "2025-07-02", -2, rank=rank)
    seen = lane(before, said(2, "2025-09-02", 1, rank=rank))
    unseen = lane(before, said(2, "2025-09-02", 1, rank=rank, hidden=True))
    told = "reported: now accepts" if rank else "Arlen: now accepts"
    assert texts(unseen)[told] == texts(seen)[told] == "before: opposes, 2025-07-02"


def test_what_came_before_the_latest_change_is_not_told_as_now() -> None:
    told = texts(
        lane(
            said(1, "2025-06-10", -2),
            said(2, "2025-08-01", 1),
            said(3, "2025-11-01", 2, speaker="Bo"),
        )
    )
    assert "Bo: now supports" in told
    assert told["Arlen: accepts"] == "before: opposes, 2025-06-10"


def test_reported_words_that_others_followed_are_not_told_as_now() -> None:
    words = [said(n, f"2025-{6 + 2 * n:02}-01", n - 2, rank=1) for n in (0, 1, 2)]
    told = texts(lane(*words))
    assert "reported: now undecided" in told
    assert told["reported: doubts"] == "before: opposes, 2025-06-01"


def test_a_lane_does_not_repeat_its_own_name() -> None:
    history = lane(said(1, "2025-06-10", -2), said(2, "2025-09-02", 1), name="Anna Arlen")
    assert set(texts(history)) == {"opposes", "now accepts"}


def test_no_label_stands_above_or_below_the_ring_of_another_change() -> None:
    changes = [said(1, "2025-06-10", -2), said(2, "2025-11-20", 0), said(3, "2025-12-01", -2)]
    (drawn,) = draw(given(lane(*changes, name="Anna Arlen"))).lanes
    assert [mark.changed for mark in drawn.marks] == [False, True, True]
    assert not any("now" in label.text for label in drawn.labels)
    (apart,) = draw(given(lane(changes[0], said(2, "2025-09-01", 0), changes[2]))).lanes
    assert any("now" in label.text for label in apart.labels)


def test_no_label_says_since() -> None:
    history = lane(said(1, "2022-02-28", 2), said(2, "2025-09-02", 1))
    assert not any("since" in text + note for text, note in texts(history).items())


def test_a_lane_enters_the_window_with_what_was_first_said() -> None:
    history = lane(said(1, "2022-02-28", 2, said="Feb 2022"))
    assert "supports, first said Feb 2022" in texts(history)


def test_a_label_stands_in_the_half_that_its_band_leaves_free() -> None:
    up = draw(given(lane(said(1, "2025-07-02", -2), said(2, "2025-09-02", 2)))).lanes[0]
    down = draw(given(lane(said(1, "2025-07-02", 2), said(2, "2025-09-02", -2)))).lanes[0]
    assert next(label for label in up.labels if "now" in label.text).y > up.middle
    assert next(label for label in down.labels if "now" in label.text).y < down.middle


def test_a_label_at_the_right_edge_stands_left_of_its_riser() -> None:
    history = lane(said(1, "2025-07-02", -2), said(2, "2025-12-15", 2))
    label = next(one for one in draw(given(history)).lanes[0].labels if "now" in one.text)
    assert label.anchor == "end"


def test_a_label_that_fits_nowhere_is_left_out() -> None:
    long = "Anna " + "Arlen-" * 30
    history = lane(said(1, "2025-07-02", -2), said(2, "2025-09-02", 2, speaker=long))
    assert not any(long in text for text in texts(history))


def test_a_narrow_plot_hides_the_labels_that_have_no_room_there() -> None:
    history = lane(
        *(said(n, f"2025-{6 + n:02d}-10", 2 if n % 2 else -2) for n in range(1, 6)),
    )
    drawn = draw(given(history)).lanes[0].labels
    narrow = [label for label in drawn if label.tier == "if-narrow"]
    boxes = [extent(label, NARROW) for label in narrow]
    assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(box.left >= 0 and box.right <= NARROW for box in boxes)
    assert all(extent(label, WIDTH).right <= WIDTH for label in drawn)


def test_reported_words_beside_a_position_are_named_as_such() -> None:
    beside = Run(start=end_of("2025-09-01"), end=None, level=-2, rank=1)
    history = lane(said(1, "2025-06-10", 2), said(2, "2025-09-01", -2, rank=1), reported=(beside,))
    assert "reported: opposes" in texts(history)


def test_a_mixed_day_is_named_by_both_ends() -> None:
    statement, other = said(1, "2025-08-01", 2), said(2, "2025-08-01", -1)
    run = Run(
        start=statement.at, end=None, level=MIXED, lowest=-1, highest=2, kind="first", opened_by=1
    )
    assert "mixed: doubts and supports" in texts(lane(statement, other, runs=(run,)))


def test_words_keep_clear_of_tails_and_bars_over_inexact_dates() -> None:
    label = Label(50.0, 9, 40.0, "Arlen: now accepts")
    free = fit([[label]], Obstacles((), (), (), (), (0, 100)))
    assert [one.text for one in free] == ["Arlen: now accepts"]
    assert fit([[label]], Obstacles((), (), (), (InexactBar(45.0, 60.0, 36.0),), (0, 100))) == ()


def test_a_lane_that_bears_a_topics_name_names_others_than_its_own_actor() -> None:
    words = (said(1, "2025-07-02", -2), said(2, "2025-09-02", 1, speaker="Bo Berg"))
    told = texts(lane(*words, name="EU accession", actor="Anna Arlen"))
    assert set(told) == {"opposes", "Berg: now accepts"}
