"""The chart as a whole: which lanes, which detail, and never too much of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart.histories import DAY, end_of, given, happened, instant, lane, said
from timeline.domain.scales import SCALES
from web.chart.layout import MOST_ELEMENTS, card, draw, spark
from web.chart.model import CurrentPosition
from web.chart.room import extent

if TYPE_CHECKING:
    from web.chart.drawing import LaneDrawing
    from web.chart.model import Lane


def lanes(number: int, statements: int = 1) -> tuple[Lane, ...]:
    first = date(2025, 6, 2)
    return tuple(
        lane(
            *(
                said(at * 1_000 + n, str(first + timedelta(days=at + 4 * n)), n % 5 - 2)
                for n in range(statements)
            ),
            slug=f"a{at}",
            name=f"Actor {at}",
        )
        for at in range(number)
    )


def lane_of(at: int, statements: int, *, moves: bool = False) -> Lane:
    """Return a lane that says the same over and over, or something else each time."""
    first = date(2025, 6, 2)
    spoken = (
        said(at * 1_000 + n, str(first + timedelta(days=at % 5 + 180 * n // statements)), n % 4 - 2)
        if moves
        else said(at * 1_000 + n, str(first + timedelta(days=n * 4)), 2)
        for n in range(statements)
    )
    return lane(*spoken, slug=f"a{at}", name=f"Actor {at}")


def test_up_to_twenty_four_lanes_are_drawn() -> None:
    assert len(draw(given(*lanes(24))).lanes) == 24


def test_of_more_lanes_the_twelve_latest_to_change_are_drawn_in_their_order() -> None:
    chart = draw(given(*lanes(30), all_href="?lanes=all"))
    assert [drawing.slug for drawing in chart.lanes] == [f"a{at}" for at in range(18, 30)]
    assert (chart.hidden, chart.all_href) == (18, "?lanes=all")
    assert chart.all_text == "Show 18 more lanes"


def test_all_lanes_come_when_asked_for_a_page_at_a_time() -> None:
    first = draw(given(*lanes(100), expanded=True, all_href="?all=2", back_href="?"))
    last = draw(given(*lanes(100), expanded=True, first=96, all_href="?all=6", back_href="?all=4"))
    assert (len(first.lanes), first.hidden, first.place) == (24, 76, "Lanes 1 to 24 of 100")
    assert (first.all_href, first.all_text) == ("?all=2", "Next 24 lanes")
    assert (len(last.lanes), last.hidden, last.place) == (4, 0, "Lanes 97 to 100 of 100")
    assert (last.all_href, last.back_href) == ("", "?all=4")


def test_a_chart_that_shows_all_its_lanes_has_no_pages() -> None:
    chart = draw(given(*lanes(24), expanded=True, back_href="?"))
    assert (chart.place, chart.back_href) == ("", "")


def test_lanes_that_say_as_much_show_as_much() -> None:
    full = [lane_of(at, 40 - at % 3) for at in range(20)]
    chart = draw(given(*full, lane_of(20, 3), expanded=True))
    *alike, short = [drawing.detail for drawing in chart.lanes]
    assert len({*alike}) == 1
    assert (alike[0], short) == ("changes", "marks")


def test_on_a_full_chart_every_lane_still_shows_its_latest_changes_and_names_the_last() -> None:
    chart = draw(given(*(lane_of(at, 7, moves=True) for at in range(24)), expanded=True))
    assert chart.elements <= MOST_ELEMENTS
    for drawing in chart.lanes:
        assert sum(riser.kind != "first" for riser in drawing.risers) >= 2
        assert any("now" in label.text for label in drawing.labels)


def test_what_loses_detail_first_are_statements_that_changed_nothing() -> None:
    days = [date(2025, 6, 2) + timedelta(days=4 * n) for n in range(40)]
    steady = [
        lane(
            *(said(at * 100 + n, str(day), 2 if n < 30 else -2) for n, day in enumerate(days)),
            slug=f"a{at}",
        )
        for at in range(24)
    ]
    chart = draw(given(*steady))
    plain = [drawing for drawing in chart.lanes if drawing.detail == "changes"]
    assert plain
    for one in plain:
        assert any(mark.ringed for mark in one.marks)
        assert one.note == "40 statements"
    assert "only changes are marked" in chart.note


def yearly(slug: str, *stances: int) -> Lane:
    return lane(
        *(said(2_000 + at, f"{2009 + at}-12-01", stance) for at, stance in enumerate(stances)),
        slug=slug,
    )


def test_a_change_outlasts_every_repetition() -> None:
    steady = [yearly(f"s{at}", *[2] * 11) for at in range(20)]
    moved = [yearly(f"m{at}", 2, 2, 2, 2, 0, 0, 0, 0, -2, -2, 2) for at in range(4)]
    start, end = instant("2009-01-01"), instant("2020-03-01")
    chart = draw(given(*steady, *moved, start=start, end=end, now=end))
    assert chart.elements <= MOST_ELEMENTS
    for drawing in chart.lanes[20:]:
        assert len(drawing.risers) == 4
        assert sum(mark.ringed for mark in drawing.marks) == 3


def restless_lanes(number: int, days: int) -> list[Lane]:
    spoken = [said(n, f"2025-{6 + n // 28:02d}-{n % 28 + 1:02d}", n % 2) for n in range(days)]
    return [lane(*spoken, slug=f"a{at}") for at in range(number)]


def changes_drawn(drawn: LaneDrawing) -> int:
    """Count the changes that a lane shows, one by one and in knots."""
    risers = sum(riser.kind != "first" for riser in drawn.risers)
    return risers + sum(mark.knot for mark in drawn.marks)


@pytest.mark.thorough
@pytest.mark.parametrize(("number", "days"), [(1, 36), (16, 36), (24, 150), (24, 12)])
def test_every_change_is_drawn_however_many_there_are(number: int, days: int) -> None:
    known = [f"2025-{month:02d}-{day:02d}" for month in range(6, 12) for day in range(1, 28, 3)]
    lanes_of = restless_lanes(number, days)
    chart = draw(given(*lanes_of, developments=happened(*known), expanded=True))
    assert chart.elements <= MOST_ELEMENTS
    assert {changes_drawn(drawing) for drawing in chart.lanes} == {days - 1}
    assert not any(held.step == "busy" for drawing in chart.lanes for held in drawing.segments)


def test_signs_go_before_areas_and_areas_before_changes() -> None:
    yearly = [
        lane(
            *(said(n, f"{1950 + n}-11-05", 2 if n % 2 else -2) for n in range(12)),
            slug=f"a{at}",
        )
        for at in range(24)
    ]
    century = {"start": instant("1949-01-01"), "end": instant("1963-01-01")}
    chart = draw(given(*yearly, **century, now=century["end"], expanded=True))
    for drawn in chart.lanes:
        assert len(drawn.risers) == 12
        assert drawn.detail in ("risers", "lines", "quiet")


def test_lanes_are_grouped_by_side_in_the_order_given() -> None:
    chart = draw(
        given(lane(slug="a", side="One"), lane(slug="b", side="Two"), lane(slug="c", side="One"))
    )
    assert [(group.title, len(group.lanes)) for group in chart.groups] == [("One", 2), ("Two", 1)]


def test_beside_sides_those_of_no_side_stand_under_a_heading_of_their_own() -> None:
    chart = draw(given(lane(slug="a", side="One"), lane(slug="b"), lane(slug="c")))
    assert [(group.title, len(group.lanes)) for group in chart.groups] == [
        ("One", 1),
        ("Others", 2),
    ]
    plain = draw(given(lane(slug="a"), lane(slug="b")))
    assert [group.title for group in plain.groups] == [""]


def test_time_after_the_moment_shown_is_veiled() -> None:
    chart = draw(given(lane(said(1, "2025-07-01", 2)), as_of=end_of("2025-10-01")))
    assert chart.head == "then"
    assert chart.as_of is not None
    assert round(chart.as_of + chart.veil, 3) == 100
    assert chart.lanes[0].segments[-1].x2 == chart.as_of


def test_a_plot_that_ends_before_now_has_no_line_for_now_and_says_when_now_is() -> None:
    chart = draw(given(lane(said(1, "2025-12-01", 2)), now=instant("2026-11-25")))
    assert (chart.as_of, chart.veil, chart.head) == (None, 0, "last known")
    assert chart.lanes[0].segments[-1].x2 == 100
    assert draw(given(lane(said(1, "2025-12-01", 2)))).head == "now"


def test_between_words_of_long_ago_and_now_stands_a_break() -> None:
    last = "2025-12-01"
    long_ago = {"now": instant("2026-08-26"), "silent_since": instant(last), "watched": True}
    chart = draw(given(*(lane(said(n, last, 2), slug=f"a{n}") for n in range(3)), **long_ago))
    assert chart.silence is not None
    assert chart.silence.text == "nothing said for 268 days"
    assert chart.right == chart.silence.x == chart.lanes[0].segments[-1].x2 < 100
    for drawn in chart.lanes:
        assert all(mark.x <= chart.right for mark in drawn.marks)
        assert all(extent(label, 720).right <= chart.right * 7.2 for label in drawn.labels)


@pytest.mark.parametrize(
    ("last", "told"),
    [("2025-12-01", "for 268 days"), ("2019-12-18", "for over 6 years")],
)
def test_where_nobody_is_known_to_have_watched_it_is_said_that_nothing_is_recorded(
    last: str, told: str
) -> None:
    silent = {"now": instant("2026-08-26"), "silent_since": instant(last)}
    chart = draw(given(*(lane(said(n, last, 2), slug=f"a{n}") for n in range(3)), **silent))
    assert chart.silence is not None
    assert chart.silence.text == f"nothing recorded {told}"


def test_a_low_chart_says_above_its_column_how_long_nothing_was_said() -> None:
    years = {"now": instant("2026-11-26"), "silent_since": instant("2019-12-18")}
    chart = draw(given(lane(said(1, "2025-07-01", 2)), **years))
    assert chart.silence is not None
    assert chart.silence.text == ""
    assert chart.head == "last known; nothing recorded for over 6 years"


def test_at_a_past_moment_nobody_knows_yet_how_long_nothing_will_be_said() -> None:
    then = {"now": instant("2026-08-26"), "silent_since": instant("2025-12-01")}
    chart = draw(given(*lanes(4), as_of=end_of("2025-10-01"), **then))
    assert chart.silence is not None
    assert (chart.silence.text, chart.head) == ("", "then")


def test_only_who_spoke_lately_stands_there_now() -> None:
    fresh = CurrentPosition(level=2, text="last said 1 Dec 2025")
    stale = CurrentPosition(level=-2, text="last known 1 Jul 2025", is_fresh=False)
    both = [
        lane(said(1, "2025-12-01", 2), slug="a", standing=fresh),
        lane(said(2, "2025-07-01", -2), slug="b", standing=stale),
    ]
    mixed = draw(given(*both))
    assert mixed.head == "last known"
    assert [drawing.now.text for drawing in mixed.lanes] == [f"now; {fresh.text}", stale.text]
    alone = draw(given(both[0]))
    assert (alone.head, alone.lanes[0].now.text) == ("now", fresh.text)


def test_a_change_of_long_ago_is_not_told_as_of_now() -> None:
    old, new = lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 2)).runs
    history = lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 2), name="Anna Arlen")
    for stale, word in ((False, "now supports"), (True, "supports")):
        held = (old, msgspec.structs.replace(new, stale=stale))
        (drawn,) = draw(given(msgspec.structs.replace(history, runs=held))).lanes
        assert word in {label.text for label in drawn.labels}


def test_claims_and_expectations_have_the_neutral_palette_and_their_own_words() -> None:
    chart = draw(given(lane(said(1, "2025-07-01", 2)), scale=SCALES["claim"]))
    assert chart.neutral
    assert chart.lanes[0].neutral
    assert [item.text for item in chart.legend][:5] == [
        "asserts",
        "suggests",
        "leaves open",
        "questions",
        "denies",
    ]


def test_the_legend_explains_only_what_is_there() -> None:
    plain = draw(given(lane(said(1, "2025-12-01", 2))))
    assert [item.what for item in plain.legend] == [
        "mark-5",
        "mark-4",
        "mark-3",
        "mark-2",
        "mark-1",
    ]
    more = draw(given(lane(said(1, "2025-08-01", 2), said(2, "2025-12-01", -1, rank=1))))
    assert {"second", "stale"} <= {item.what for item in more.legend}


def test_lanes_of_several_topics_have_a_rhythm_each() -> None:
    words = said(1, "2025-06-02", 2), said(2, "2025-11-30", 2)
    monthly, yearly = lane(*words, restated=30 * DAY), lane(*words, slug="b", restated=400 * DAY)
    chart = draw(given(monthly, yearly))
    dotted = [any("stale" in segment.state for segment in drawn.segments) for drawn in chart.lanes]
    assert dotted == [True, False]
    assert "not said again for longer than usual" in [item.text for item in chart.legend]


def test_of_two_scales_the_chart_says_which_is_the_smaller_one() -> None:
    words = said(1, "1990-06-02", 2), said(2, "1991-06-02", 2), said(3, "2025-11-30", -2)
    asked = {"earlier": instant("1990-01-01"), "earlier_share": 40}
    assert draw(given(lane(*words), **asked)).note == (
        "1990–2025: drawn closer together, changes only"
    )
    assert draw(given(lane(*words), earlier=asked["earlier"])).note == ""


@pytest.mark.thorough
@pytest.mark.parametrize("each", range(2, 40))
def test_the_words_of_every_scale_have_room_beside_full_lanes(each: int) -> None:
    """An actor's page reads each lane by its topic's scale, and explains all of them."""
    first = date(2025, 6, 2)
    shown = [
        lane(
            *(
                said(
                    at * 100 + n,
                    str(first + timedelta(days=at + 5 * n)),
                    scale.steps[n % 3],
                    rank=n // 9,
                    condition="if" if n % 4 == 1 else "",
                    is_new=n % 7 == 0,
                )
                for n in range(each)
            ),
            scale=scale,
        )
        for at, scale in enumerate(tuple(SCALES.values()) * 3)
    ]
    chart = draw(given(*shown, developments=happened("2025-08-01"), known=True))
    assert len(chart.legend) > sum(len(scale.steps) for scale in SCALES.values())
    assert chart.elements <= MOST_ELEMENTS


def test_the_legend_names_no_scale_that_no_lane_is_read_by() -> None:
    votes = [lane(said(at, "2025-07-01", 0), scale=SCALES["vote"]) for at in (1, 2)]
    chart = draw(given(*votes, scale=SCALES["vote"]))
    assert not chart.neutral
    words = [item.text for item in chart.legend]
    assert words[:3] == ["for", "abstained", "against"]
    assert "supports" not in words


def test_the_legend_tells_second_hand_from_ascribed_words() -> None:
    rings = [
        [item.text for item in draw(given(lane(*spoken))).legend if item.what == "second"]
        for spoken in (
            [said(1, "2025-08-01", 2, rank=1)],
            [said(1, "2025-08-01", 2, rank=2)],
            [said(1, "2025-08-01", 2, rank=1), said(2, "2025-09-01", 2, rank=2)],
        )
    ]
    assert rings == [["second-hand"], ["ascribed"], ["second-hand or ascribed"]]


def test_a_chart_of_nothing_is_a_chart() -> None:
    chart = draw(given())
    assert (chart.lanes, chart.overview) == ((), None)


def test_a_lane_without_statements_says_so() -> None:
    (drawn,) = draw(given(lane())).lanes
    assert drawn.now.step == ""
    assert "no statement" in drawn.sentence


def test_a_lane_whose_only_words_take_no_position_says_that() -> None:
    standing = CurrentPosition(spoke=True, text="15 Dec 2025")
    (drawn,) = draw(given(lane(said(1, "2025-12-15", None), standing=standing))).lanes
    assert (drawn.now.step, drawn.now.word) == ("none", "no position")


def test_an_open_proof_is_pointed_at() -> None:
    (drawn,) = draw(given(lane(said(7, "2025-07-01", 2)), selected=7)).lanes
    assert drawn.open_x == drawn.marks[0].x
    assert drawn.marks[0].selected
    assert drawn.marks[0].proof == "/t/x?s=7"


def test_a_card_has_rings_but_no_links_and_no_labels() -> None:
    drawn = card(given(lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 2))))
    assert (drawn.height, drawn.labels) == (58, ())
    assert [mark.ringed for mark in drawn.marks] == [False, True]
    assert not any(mark.href for mark in drawn.marks)


def test_a_card_without_statements_marks_the_openings_of_its_runs() -> None:
    history = lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 2))
    drawn = card(given(lane(runs=history.runs)))
    assert [mark.ringed for mark in drawn.marks] == [False, True]
    assert not any(mark.sentence for mark in drawn.marks)


def test_a_spark_is_lines_and_keeps_second_hand_dashed() -> None:
    drawn = spark(given(lane(said(1, "2025-07-01", -2, rank=1))))
    assert (drawn.height, drawn.marks) == (22, ())
    assert {segment.state for segment in drawn.segments} >= {"second"}
    assert len(drawn.dots) == 1


def test_on_a_narrow_plot_marks_are_kept_apart_for_it() -> None:
    words = [said(n, f"2025-{month:02}-01", n % 2) for n, month in enumerate(range(7, 13))]

    def apart(plot: int) -> float:
        (drawn,) = draw(given(lane(*words), plot=plot)).lanes
        places = [mark.x / 100 * 340 for mark in drawn.marks]
        return min(later - earlier for earlier, later in pairwise(places))

    near = [said(n, f"2025-09-{day:02}", n % 2) for n, day in enumerate((1, 5, 9), start=20)]
    words += near
    assert apart(660) < 15
    assert apart(340) >= 15 - 0.01
