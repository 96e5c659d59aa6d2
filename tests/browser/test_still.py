"""A swap moves nothing that the reader did not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.tiers import WIDTHS
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

VOTES = "/t/cuba-embargo"
PARTS = "**/t/cuba-embargo?*"
"""What htmx asks for; a route counts for sure only on pages that are opened after it is laid."""


@pytest.mark.parametrize("width", WIDTHS)
def test_playing_the_replay_shifts_nothing(reader: NewReader, width: int) -> None:
    me = reader(width=width)
    me.go(f"{VOTES}?as_of=2015-10-27&speed=4")
    me.find("[data-lanes]").scroll_into_view_if_needed()
    me.watch_shifts()
    me.find("#play").click()
    expect(me.find("#live")).to_contain_text("7 Nov 2019, step 27 of 27.", timeout=20_000)
    assert me.shifts() == 0


def test_a_step_asks_for_nothing_else(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of=2017-11-01")
    me.find("#lane-india").scroll_into_view_if_needed()
    asked: list[str] = []
    me.page.on("request", lambda request: asked.append(request.url.removeprefix(me.address)))
    me.press(".")
    me.at(f"{VOTES}?as_of=2019-11-07")
    assert [one for one in asked if "/t/" in one] == [
        f"{VOTES}?as_of=2017-11-01&go=next",
        f"{VOTES}?as_of=2019-11-07",
    ]


def test_the_chart_stays_where_it_is_while_the_columns_above_it_change(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of=2017-11-01")
    me.find("#lane-brazil").scroll_into_view_if_needed()
    me.page.mouse.wheel(0, 200)
    wait_until(lambda: me.page.evaluate("scrollY") > 100)
    before = me.find("#chart").bounding_box()
    me.press(".")
    me.at(f"{VOTES}?as_of=2019-11-07")
    after = me.find("#chart").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 1


TOPS = """() => [
  "[data-lanes]", ".chart-developments", ".lane-block:last-of-type", "#after-lanes"
].map((what) => {
  const found = [...document.querySelectorAll(what)].pop();
  return found && Math.round(found.getBoundingClientRect().top);
})"""


SHOWS_WHAT_MOVED = """[...document.querySelectorAll("[data-moved]")].some(
  (one) => one.getBoundingClientRect().bottom <= innerHeight
)"""
"""The one reason for which a step scrolls: what it moved was out of sight."""


@pytest.mark.parametrize(
    ("topic", "width"),
    [
        *(("eu-accession", width) for width in WIDTHS),
        ("talks-progress", 390),
        ("right-to-development", 1024),
    ],
)
def test_no_step_moves_a_lane_not_even_at_the_top_of_a_page(
    reader: NewReader, topic: str, width: int
) -> None:
    me = reader(width=width, language="de-DE")
    me.go(f"/t/{topic}")
    tops = me.page.evaluate(TOPS)
    for key in [*",,,,", *"..", *",,,,"]:
        me.press(key)
        me.settled()
        found = me.page.evaluate(TOPS)
        by = found[0] - tops[0]
        assert all(abs(b - a - by) <= 1 for a, b in zip(tops, found, strict=True) if a), me.where()
        assert abs(by) <= 1 or me.page.evaluate(SHOWS_WHAT_MOVED), me.where()
        tops = found
    assert "as_of" in me.where()


def test_fonts_and_charts_take_their_place_at_once(reader: NewReader) -> None:
    me = reader()
    for path in ("/", VOTES, "/t/eu-accession", "/a/russia", "/s/64"):
        me.go(path)
        me.watch_shifts()
        me.page.evaluate("document.fonts.ready")
        assert me.shifts() < 0.02, path


def test_what_cannot_be_loaded_leaves_the_page_and_says_so(reader: NewReader) -> None:
    me = reader()
    me.page.route(PARTS, lambda route: route.abort())
    me.go(VOTES)
    before = me.chart()
    me.press(",")
    expect(me.find("#failure")).to_be_visible()
    assert me.chart() == before
    me.complaints.clear()
    me.page.unroute(PARTS)
    me.press(",")
    me.at(f"{VOTES}?as_of=2019-11-07")
    expect(me.find("#failure")).to_be_hidden()


def test_what_cannot_be_loaded_is_said_where_the_reader_is_and_can_be_asked_for_again(
    reader: NewReader,
) -> None:
    me = reader()
    me.page.route(PARTS, lambda route: route.abort())
    me.go(VOTES)
    me.find("#in-words .answer").nth(4).scroll_into_view_if_needed()
    me.press(",")
    expect(me.find("#failure")).to_be_in_viewport()
    me.complaints.clear()
    me.page.unroute(PARTS)
    me.find("#failure").get_by_role("link", name="Try again").click()
    expect(me.find(".replaying")).to_contain_text("What had been said by the end of 7 Nov 2019")


def test_what_is_on_its_way_is_busy_and_fades_only_if_it_takes_long(reader: NewReader) -> None:
    me = reader()
    held = me.hold_next(PARTS)
    me.go(VOTES)
    view = me.find("#view")
    me.press(",")
    expect(view).to_have_attribute("aria-busy", "true")
    expect(view).to_have_css("opacity", "0.55")
    held[0].continue_()
    me.at(f"{VOTES}?as_of=2019-11-07")
    expect(me.find("[aria-busy]")).to_have_count(0)
    expect(view).to_have_css("opacity", "1")


def test_an_address_that_makes_no_sense_leaves_the_page_and_says_why(reader: NewReader) -> None:
    me = reader()
    me.go("/log/diff?topic=cuba-embargo&clock=said")
    me.find('[name="a"]').fill("some day")
    me.find('[name="a"]').press("Tab")
    expect(me.find("#unread-a")).to_contain_text("not a date that we can read")
    expect(me.find('[name="a"]')).to_have_value("some day")
    expect(me.find(".difference-two")).to_be_visible()
