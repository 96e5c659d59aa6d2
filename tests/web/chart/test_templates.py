"""The chart in the browser: links, sentences, no styles, and as many elements as counted."""

from __future__ import annotations

import msgspec
import pytest

from tests.web.chart import page
from tests.web.chart.histories import end_of, given, happened, instant, lane, said
from timeline.domain.scales import SCALES
from web.chart.layout import MOST_ELEMENTS, card, draw, spark
from web.chart.model import ChartInput, CurrentPosition, Run

BESIDE = Run(start=end_of("2025-11-01"), end=None, level=2, rank=1)
EVERYTHING = given(
    lane(
        said(1, "2022-02-28", 2),
        said(2, "2025-07-02", -2, is_new=True, condition="guarantees", corrected=True),
        said(3, "2025-09-02", 1, retracted=True),
        said(4, "2025-10-02", None),
        said(5, "2025-10-02", None),
        said(6, "2025-11-01", 2, rank=1, via="an outlet"),
        said(7, "2025-09-30", 0, earliest=instant("2025-09-01"), latest=end_of("2025-09-30")),
        reported=(BESIDE,),
        side="One side",
        subtitle="Arlen",
        standing=CurrentPosition(
            level=0,
            text="last said Sep 2025",
            condition="guarantees",
            reported="supports",
            why_href="/t/x/why/a",
        ),
    ),
    lane(*(said(n, f"2025-08-{n % 28 + 1:02d}", n % 5 - 2) for n in range(10, 60)), slug="b"),
    lane(slug="c"),
    developments=happened("2025-06-26", "2025-11-04", "2025-12-18"),
    selected=2,
    known=True,
    all_href="?lanes=all",
)


@pytest.mark.parametrize(
    "chart",
    [given(), given(lane()), given(lane(said(1, "2025-07-01", 2))), EVERYTHING],
    ids=["nothing", "an empty lane", "one statement", "everything"],
)
def test_the_page_holds_as_many_elements_as_the_chart_counts(chart: ChartInput) -> None:
    drawn = draw(chart)
    assert len(page.chart(drawn).in_svg()) == drawn.elements <= MOST_ELEMENTS


def test_what_lies_before_has_one_line_where_the_axis_has_one() -> None:
    since = {"start": instant("1066-10-14"), "earlier": instant("0900-01-01")}
    for more, lines in ((since, 1), ({"earlier": instant("2022-01-01")}, 2)):
        drawn = draw(given(lane(said(1, "2025-07-01", 2)), **more))
        assert bool(drawn.upper) == (lines == 2)
        shown = page.chart(drawn)
        named = [
            element
            for element in shown.of_class("axis-label")
            if element.attributes.get("x") == "0"
        ]
        assert len(named) == lines + 1  # and the sign of narrow plots
        assert len(shown.in_svg()) == drawn.elements


def test_nothing_is_styled_or_scripted_in_place() -> None:
    for element in page.chart(draw(EVERYTHING)).elements:
        assert element.tag not in ("style", "script")
        assert not any(name == "style" or name.startswith("on") for name in element.attributes)


def test_every_mark_is_a_link_with_a_sentence() -> None:
    drawn = draw(EVERYTHING)
    shown = page.chart(drawn)
    marks = shown.of_class("point")
    assert marks
    for mark in marks:
        assert mark.tag == "a"
        assert mark.attributes["href"]
        assert shown.elements[shown.elements.index(mark) + 1].tag == "title"
    for sentence in (mark.sentence for drawing in drawn.lanes for mark in drawing.marks):
        assert sentence.endswith(".")
        assert sentence in shown.words()


def test_a_mark_opens_its_proof_in_place() -> None:
    marks = page.chart(draw(EVERYTHING)).of_class("point")
    opened = next(element for element in marks if "aria-current" in element.attributes)
    assert opened.attributes["href"] == "/s/2"
    assert opened.attributes["hx-get"] == "/t/x?s=2"


def test_a_selected_mark_wears_its_square_and_no_ring_within() -> None:
    words = said(2, "2025-09-01", 2, rank=1, corrected=True, condition="guarantees")
    for statement, ring in (
        (words, "heard-5"),
        (msgspec.structs.replace(words, rank=0), "ringed-5"),
    ):
        history = lane(said(1, "2025-07-01", -2, rank=statement.rank), statement)
        plain, chosen = (page.chart(draw(given(history, selected=n))) for n in (0, 2))
        signs = [
            {mark.attributes.get("href") for mark in shown.in_svg()} for shown in (plain, chosen)
        ]
        assert f"#{ring}" in signs[0]
        assert f"#{ring}" not in signs[1]
        assert {"#sel", "#point-5", "#m-corr", "#m-if"} <= signs[1]


def test_the_open_lane_holds_the_proof_of_its_caller() -> None:
    drawn = page.chart(draw(EVERYTHING))
    assert len(drawn.of_class("drawer")) == 1
    assert len(drawn.of_class("open")) == 1


def test_names_cannot_break_out_of_the_page() -> None:
    evil = '"><script>alert(1)</script>'
    history = lane(
        said(1, "2025-07-01", -2, speaker=evil),
        said(2, "2025-09-01", 2, speaker=evil),
        name=evil,
        subtitle=evil,
        side=evil,
    )
    drawn = page.chart(draw(given(history, developments=happened("2025-08-01", label=evil))))
    assert not [element for element in drawn.elements if element.tag == "script"]


def test_x_is_given_in_percent_so_that_the_chart_fits_every_width() -> None:
    for element in page.chart(draw(EVERYTHING)).in_svg():
        if element.tag in ("line", "rect", "use", "circle", "text") and not any(
            around.tag == "g" for around in element.around
        ):
            assert "viewbox" not in element.attributes
    plots = page.chart(draw(EVERYTHING)).of_class("lane-plot")
    assert {plot.attributes["width"] for plot in plots} == {"100%"}


def test_ids_are_unique() -> None:
    ids = [
        element.attributes["id"]
        for element in page.chart(draw(EVERYTHING)).elements
        if "id" in element.attributes
    ]
    assert len(ids) == len(set(ids))


def test_claims_are_drawn_neutral() -> None:
    drawn = page.chart(draw(given(lane(said(1, "2025-07-01", 2)), scale=SCALES["claim"])))
    assert {"legend", "lane"} <= {
        name
        for element in drawn.of_class("neutral")
        for name in element.attributes["class"].split()
    }


def test_sparks_and_cards_render_without_links() -> None:
    history = given(lane(said(1, "2025-07-01", -2), said(2, "2025-09-01", 2, rank=1)))
    for drawn in (spark(history), card(history)):
        assert not [element for element in page.small(drawn).elements if element.tag == "a"]


def test_a_folded_lane_is_a_line_without_marks_below_all_others() -> None:
    still = msgspec.structs.replace(
        lane(said(1, "2025-07-01", 2)), slug="still", name="Still", folded=True
    )
    drawn = draw(given(still, lane(said(2, "2025-07-02", -2))))
    *_, last = drawn.groups
    assert [drawing.slug for drawing in last.lanes] == ["still"]
    assert last.title == "No change on record"
    stepping = lane(said(1, "2025-07-01", 2), said(3, "2025-08-01", -2))
    stepping = msgspec.structs.replace(stepping, slug="step", folded=True)
    *_, unsigned = draw(given(still, stepping, lane(said(2, "2025-07-02", -2)))).groups
    assert unsigned.title == "No change signed by an editor"
    assert not last.lanes[0].marks
    assert last.lanes[0].segments
    assert len(page.chart(drawn).in_svg()) == drawn.elements


def test_a_turning_point_bears_its_number_and_a_development_its_letter() -> None:
    turning = msgspec.structs.replace(said(1, "2025-07-01", 2), turning=3)
    drawn = draw(msgspec.structs.replace(EVERYTHING, lanes=(lane(turning),), lettered=True))
    shown = page.chart(drawn)
    assert len(shown.of_class("turning-disc")) == 1
    letters = [mark.letter for mark in drawn.developments]
    assert letters == [*"abcdefghijklmnopqrstuvwxyz"][: len(letters)]
    assert letters
    assert not any(mark.labels for mark in drawn.developments)
    assert len(shown.in_svg()) == drawn.elements
