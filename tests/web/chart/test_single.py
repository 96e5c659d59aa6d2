"""One lane by itself: large with its levels named and two statements picked, or as a strip."""

from __future__ import annotations

import msgspec

from tests.web.chart.histories import end_of, given, lane, said
from timeline.domain.scales import SCALES
from web.chart import text
from web.chart.axis import PHONE
from web.chart.single import NEAR_EDGE, large, strip

TALKS = given(
    lane(
        said(1, "2025-06-10", 2),
        said(2, "2025-08-15", 2),
        said(3, "2025-08-16", -2),
        said(4, "2025-11-01", -2),
    )
)


def test_only_picked_statements_are_links_with_day_and_stance_beside_them() -> None:
    drawn = large(TALKS, [2, 3])
    assert [mark.numbers for mark in drawn.drawing.marks if mark.href] == [(2,), (3,)]
    assert [label.text for label in drawn.drawing.labels] == ["15 Aug: supports", "16 Aug: opposes"]
    assert drawn.ends == tuple(mark.x for mark in drawn.drawing.marks[1:3])


def test_the_first_label_stands_left_of_its_mark_and_above_the_last_below_and_right() -> None:
    first, last = large(TALKS, [2, 3]).drawing.labels
    assert (first.anchor, last.anchor) == ("end", "start")
    assert first.y < large(TALKS, []).levels[0].y
    assert last.y > large(TALKS, []).levels[-1].y


def test_a_label_near_an_edge_stands_on_the_other_side() -> None:
    spoken = lane(said(1, "2025-06-02", 2), said(2, "2025-12-18", -2))
    early, late = large(given(spoken), [1, 2]).drawing.labels
    assert (early.anchor, late.anchor) == ("start", "end")


def test_a_label_that_would_reach_beyond_a_phone_stands_left_of_its_mark() -> None:
    wide = msgspec.structs.replace(
        TALKS, start=TALKS.start - 350 * 86_400, end=TALKS.end + 130 * 86_400
    )
    (label,) = large(wide, [3]).drawing.labels
    assert label.text == "16 Aug 2025: opposes"
    assert 100 - text.width(label.text) / PHONE * 100 < label.x < 100 - NEAR_EDGE
    assert label.anchor == "end"


def test_over_more_than_eighteen_months_labels_say_the_year() -> None:
    over_years = msgspec.structs.replace(TALKS, start=TALKS.start - 700 * 86_400)
    texts = [label.text for label in large(over_years, [2]).drawing.labels]
    assert texts == ["15 Aug 2025: supports"]


def test_levels_are_named_highest_first_on_the_side_that_no_band_takes() -> None:
    levels = large(TALKS, []).levels
    assert [name.word for name in levels] == [
        "supports",
        "accepts",
        "undecided",
        "doubts",
        "opposes",
    ]
    assert [name.text_y < name.y for name in levels] == [True, True, True, False, False]
    votes = msgspec.structs.replace(TALKS, scale=SCALES["vote"])
    assert [name.step for name in large(votes, []).levels] == ["5", "neither", "1"]


def test_of_a_lane_that_nobody_reads_the_openings_are_marked() -> None:
    spoken = TALKS.lanes[0]
    unread = msgspec.structs.replace(TALKS, lanes=(msgspec.structs.replace(spoken, statements=()),))
    drawn = large(unread, [3])
    assert [mark.numbers for mark in drawn.drawing.marks] == [(1,), (3,)]
    assert [label.text for label in drawn.drawing.labels] == ["16 Aug: opposes"]


def test_a_strip_marks_the_latest_opening_alone_and_says_nothing() -> None:
    drawn = strip(TALKS)
    assert [(mark.numbers, mark.sentence, mark.href) for mark in drawn.marks] == [((3,), "", "")]
    assert drawn.marks[0].ringed
    assert len(drawn.risers) == 2
    assert (drawn.labels, drawn.height) == ((), 46)


def test_no_date_has_its_name_where_the_word_for_now_stands_on_a_phone() -> None:
    silent = msgspec.structs.replace(TALKS, silent_since=TALKS.end - 10 * 86_400)
    named = [tick.x for tick in large(silent, []).ticks if tick.label]
    assert named
    assert max(named) < 85
    assert max(tick.x for tick in large(TALKS, []).ticks if tick.label) > 85


def test_a_label_says_of_wide_dates_no_more_than_is_on_record() -> None:
    wide = said(
        2,
        "2025-08-15",
        2,
        said="14–15 Aug 2025",
        earliest=end_of("2025-08-14"),
        latest=end_of("2025-08-15"),
    )
    talks = given(lane(said(1, "2025-06-10", 2), wide, said(3, "2025-08-16", -2)))
    texts = [label.text for label in large(talks, [2, 3]).drawing.labels]
    assert texts == ["14–15 Aug 2025: supports", "16 Aug 2025: opposes"]
