"""The "?" beside a position says why below its lane, and the keyboard reaches lanes soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

VOTES = "/t/cuba-embargo"
TWO = f"{VOTES}?actor=brazil&actor=france"
STOPS = 15
"""Of the tab key, for who takes the way past the opening: what stands there may be all links."""


@pytest.mark.parametrize("width", [1440, 390])
def test_why_somebody_stands_there_opens_below_the_lane_and_leaves_the_page_as_it_is(
    reader: NewReader, width: int
) -> None:
    me = reader(width=width)
    me.go(TWO)
    me.find("#lane-france a.why").click()
    below = me.find("#lane-france #why-below")
    expect(below).to_be_focused()
    expect(below).to_contain_text("Set aside, and why")
    me.at(TWO)
    me.check_access()
    assert not me.is_too_wide()
    me.find("#lane-brazil a.why").click()
    expect(me.find("#lane-brazil #why-below")).to_be_focused()
    expect(below).to_have_count(0)
    me.press("Escape")
    expect(me.find("#why-below")).to_have_count(0)
    expect(me.find("#lane-brazil a.why")).to_be_focused()


@pytest.mark.thorough
def test_without_script_it_is_a_page(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(TWO)
    me.find("#lane-france a.why").click()
    me.at(f"{VOTES}/why/france")


@pytest.mark.parametrize("topic", ["eu-accession", "cuba-embargo"])
def test_who_skips_to_the_chart_reaches_its_first_lane_within_fifteen_stops(
    reader: NewReader, topic: str
) -> None:
    me = reader()
    me.go(f"/t/{topic}")
    stops = 0
    while not me.find(".skip[href^='#lane-']:focus").count():
        me.press("Tab")
        stops += 1
        assert stops < STOPS
    me.press("Enter", "Tab")
    assert stops + 1 < STOPS
    first = me.page.evaluate("document.querySelector('.lane-block').id")
    assert me.page.evaluate("document.activeElement.closest('.lane-block').id") == first
