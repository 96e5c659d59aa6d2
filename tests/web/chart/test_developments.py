"""What happened: marks and labels on a line of their own."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from tests.support.tiers import scaled
from tests.web.chart.histories import END, START, happened, instant
from web.chart.axis import NARROW, PHONE, SPACIOUS, WIDEST, WIDTH, Window
from web.chart.developments import APART, MOST, boxes, developments
from web.chart.model import Development
from web.chart.wording import Wording

if TYPE_CHECKING:
    from web.chart.drawing import DevelopmentMark

EDGE = instant("2025-12-16")


def drawn(found: tuple[Development, ...]) -> tuple[DevelopmentMark, ...]:
    return developments(Window(instant(START), instant(END)), EDGE, found, Wording())


def test_labels_of_close_developments_all_find_a_row_or_a_side() -> None:
    close = drawn(happened("2025-08-10", "2025-08-12", "2025-08-14", label="A long name"))
    places = [(mark.label.y, mark.label.anchor) for mark in close if mark.label]
    assert len(set(places)) == 3


def test_where_not_all_labels_fit_the_oldest_goes_first() -> None:
    days = [f"2025-08-{day}" for day in range(10, 20)]
    crowded = drawn(happened(*days, label="A rather long name"))
    assert crowded[-1].label is not None
    assert crowded[0].label is None


def test_a_label_says_as_much_as_there_is_room_for_and_none_is_lost_for_it() -> None:
    days = ["2025-07-01", "2025-08-10", "2025-08-12", "2025-08-14", "2025-11-01"]
    named = [
        msgspec.structs.replace(
            development,
            label="Short …",
            longer=(f"{development.title}, told at some length", "Short but longer …"),
        )
        for development in happened(*days)
    ]
    marks = drawn(tuple(named))
    texts = [mark.label.text for mark in marks if mark.label]
    assert len(texts) == len(days)
    assert texts[-1] == "Meeting of 2025-11-01, told at some length"
    for width in (WIDTH, WIDEST):
        every_box = [boxes(mark.label, width)[0] for mark in marks if mark.label]
        assert not any(box.meets(other) for box, other in combinations(every_box, 2))


def test_a_narrow_plot_tells_in_short_what_it_has_no_room_to_tell_at_length() -> None:
    named = [
        msgspec.structs.replace(
            development, label="Short …", longer=(f"{development.title}, told at length",)
        )
        for development in happened("2025-08-10", "2025-08-24")
    ]
    marks = drawn(tuple(named))
    assert [mark.label.text for mark in marks if mark.label] == [
        development.longer[0] for development in named
    ]
    narrow = [label for mark in marks for label in mark.labels if "if-narrow" in label.tier]
    assert len(narrow) == len(marks)
    assert "Short …" in [label.text for label in narrow]
    for width in (NARROW, WIDTH):
        placed = [boxes(label, width) for label in narrow]
        for (words, _), (others, lead) in permutations(placed, 2):
            assert not words.meets(others)
            assert not words.meets(lead)
        assert all(words.left >= 0 and words.right <= width for words, _ in placed)


def test_one_crowd_costs_no_label_elsewhere() -> None:
    days = ["2025-06-20", *(f"2025-11-{day}" for day in range(10, 20))]
    assert drawn(happened(*days, label="A rather long name"))[0].label is not None


def test_developments_of_days_in_a_row_stand_apart() -> None:
    days = [f"2025-08-{day}" for day in range(10, 14)]
    marks = drawn(happened(*days))
    at = [mark.x / 100 * WIDTH + mark.shift for mark in marks]
    assert all(after - before >= APART - 0.1 for before, after in pairwise(at))
    assert [mark.shift for mark in marks][-1] == 0


def test_a_development_at_the_left_edge_stays_on_the_plot() -> None:
    marks = drawn(happened("2025-06-01", "2025-06-02", "2025-06-03"))
    assert all(mark.x / 100 * PHONE + mark.shift >= 0 for mark in marks)


def test_the_leader_of_a_label_stands_over_its_mark() -> None:
    for mark in drawn(happened("2025-08-10", "2025-08-11", "2025-08-12")):
        assert mark.label is not None
        _, lead = boxes(mark.label, WIDTH)
        assert (lead.left + lead.right) / 2 == pytest.approx(mark.x / 100 * WIDTH + mark.shift)


def test_a_plot_with_room_to_spare_names_what_a_narrower_one_leaves_out() -> None:
    first = date.fromisoformat(START)
    days = [str(first + timedelta(days=n)) for n in range(3, 195, 14)]
    marks = drawn(happened(*days, label="A rather long name"))
    spare = [mark.label for mark in marks if mark.label and mark.label.tier == "if-spacious"]
    assert spare


def test_what_lies_after_the_moment_shown_is_faint() -> None:
    past, future = drawn(happened("2025-08-10", "2025-12-18"))
    assert (past.future, future.future) == (False, True)


def test_more_than_fit_on_the_line_share_marks() -> None:
    first = date.fromisoformat(START)
    many = drawn(happened(*(str(first + timedelta(days=n)) for n in range(180))))
    assert len(many) <= MOST
    assert "more" in many[0].sentence


def test_a_development_over_days_has_a_bar() -> None:
    (development,) = happened("2025-08-10")
    (mark,) = drawn(
        (
            Development(
                number=1,
                at=development.at,
                when="",
                title="",
                label="",
                until=development.at + 3 * 86_400,
            ),
        )
    )
    assert mark.width > 0


@settings(deadline=None, max_examples=scaled(30))
@every(
    st.lists(
        st.tuples(st.integers(0, 200), st.text("abcdefgh MW", min_size=1, max_size=24)),
        max_size=30,
    )
)
def test_no_label_covers_another_or_crosses_its_leader(found: list[tuple[int, str]]) -> None:
    start = instant(START)
    marks = drawn(
        tuple(
            Development(number=at, at=start + day * 86_400, when="", title=name, label=name)
            for at, (day, name) in enumerate(found, 1)
        )
    )
    labels = [mark.label for mark in marks if mark.label]
    narrow = [label for mark in marks for label in mark.labels if "if-narrow" in label.tier]
    usual = [label for label in labels if label.tier != "if-spacious"]
    for width, shown in ((NARROW, narrow), (WIDTH, usual), (SPACIOUS, labels), (WIDEST, labels)):
        placed = [boxes(label, width) for label in shown]
        for at, (words, lead) in enumerate(placed):
            for their_words, their_lead in placed[:at]:
                assert not words.meets(their_words)
                assert not words.meets(their_lead)
                assert not lead.meets(their_words)
