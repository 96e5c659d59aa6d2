"""The time that a chart shows: by mouse, by keys, and without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

TOPIC, ACTOR = "/t/cuba-embargo", "/a/united-states"


def shown(me: Reader) -> str:
    """Return the name of the time that the chart shows."""
    return str(me.find(".zoom b").text_content())


def test_a_year_leads_to_its_months_and_all_is_one_click_away(reader: NewReader) -> None:
    me = reader()
    me.go(TOPIC)
    usual = shown(me)
    me.find(".chart-axis a").filter(has_text="2008").click()
    me.at(f"{TOPIC}?from=2008&to=2008")
    assert shown(me) == "1 Jan 2008 – 31 Dec 2008"
    me.find(".chart-axis a").filter(has_text="Feb").click()
    me.at(f"{TOPIC}?from=2008-02&to=2008-02")
    me.find("#zoom-usual, #zoom-whole").first.click()
    expect(me.find(".zoom b")).to_have_text(usual)


def test_keys_zoom_and_move_the_time_shown(reader: NewReader) -> None:
    me = reader()
    me.go(f"{TOPIC}?from=2005&to=2012")
    me.press("+")
    me.at(f"{TOPIC}?from=2007-01&to=2011-01")
    me.press("]")
    later = me.find(".zoom b").inner_text()
    me.press("[")
    expect(me.find(".zoom b")).not_to_have_text(later)
    me.press("-")
    expect(me.find(".zoom b")).not_to_have_text(later)


@pytest.mark.parametrize("page", [TOPIC, ACTOR])
def test_the_brush_is_dragged_moved_and_driven_by_keys(reader: NewReader, page: str) -> None:
    me = reader()
    me.go(f"{page}?from=2005&to=2008")
    track = me.find(".overview-track")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    hand, y = me.page.mouse, box["y"] + 40
    hand.move(box["x"] + box["width"] * 0.6, y)
    hand.down()
    hand.move(box["x"] + box["width"] * 0.8, y, steps=5)
    hand.up()
    expect(me.page).to_have_url(re.compile(r"from=20\d\d-\d\d&to=20\d\d-\d\d"))
    drawn = me.where()
    frame = me.find(".overview-frame").bounding_box()
    assert frame is not None
    assert abs(frame["x"] - (box["x"] + box["width"] * 0.6)) < 6
    hand.move(frame["x"] + frame["width"] / 2, y)
    hand.down()
    hand.move(frame["x"] + frame["width"] / 2 - box["width"] * 0.2, y, steps=5)
    hand.up()
    expect(me.page).not_to_have_url(re.compile(re.escape(drawn)))
    moved = me.where()
    me.find("#brush-left").focus()
    me.press("ArrowLeft")
    expect(me.page).not_to_have_url(re.compile(re.escape(moved)))
    expect(me.find("#brush-left")).to_be_focused()


def test_an_axis_is_one_tab_stop_with_arrows_inside(reader: NewReader) -> None:
    me = reader()
    me.go(TOPIC)
    for axis in (".chart-axis", ".overview-track"):
        stops = me.find(f"{axis} a[tabindex='0']")
        assert stops.count() == 1
        stops.focus()
        first = me.page.evaluate("document.activeElement.textContent")
        me.press("ArrowRight")
        assert me.page.evaluate("document.activeElement.textContent") != first
        assert me.find(f"{axis} a[tabindex='0']").count() == 1


@pytest.mark.parametrize("page", [TOPIC, ACTOR])
def test_without_script_the_brush_is_a_form_and_dates_are_links(
    reader: NewReader, page: str
) -> None:
    me = reader(script=False)
    me.go(page)
    me.find("#brush-left").fill("96")
    me.find(".overview button").click()
    assert re.search(r"from=20\d\d", me.where())
    me.find(".chart-axis a").first.click()
    assert "from=" in me.where()
    me.find("#zoom-whole, #zoom-usual").first.click()
    assert me.where().startswith(page)


def test_lanes_that_a_step_moves_are_in_view_and_so_is_the_bar(reader: NewReader) -> None:
    me = reader()
    me.page.set_viewport_size({"width": 1366, "height": 768})
    me.go(f"{TOPIC}?as_of=2012-12-31")
    for _ in range(4):
        me.press(",")
        me.settled()
        bar = me.find("#replay").bounding_box()
        assert bar is not None
        assert bar["y"] + bar["height"] <= 768 + 1
        tops_and_ends = [
            (box["y"], box["y"] + box["height"])
            for lane in me.find("[data-moved]").all()
            if (box := lane.bounding_box())
        ]
        assert not tops_and_ends or any(
            top >= 0 and end <= bar["y"] + 2 for top, end in tops_and_ends
        )
