"""A reader goes through a story, with and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

STORY = "/story/un-votes"
YEAR = f"{STORY}?from=2019&to=2019"
"""A year with few changes, which are shown day by day."""


@pytest.mark.parametrize("script", [True, False])
def test_a_change_leads_to_its_statement_and_into_its_line(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script)
    me.go(YEAR)
    me.find(".turn-proof .permalink").first.click()
    expect(me.find("h1")).to_be_visible()
    assert "/s/" in me.page.url
    me.page.go_back()
    me.find(".turn-badge a").first.click()
    expect(me.find("h1")).to_be_visible()
    assert "/t/" in me.page.url


@pytest.mark.parametrize("script", [True, False])
def test_filters_narrow_the_story_and_can_be_removed_again(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script)
    me.go(STORY)
    me.find("#menu-actor summary").click()
    box = me.find("#menu-actor input").first
    name = box.get_attribute("value")
    box.check()
    if not script:
        me.find(".story-filters noscript button").click()
    expect(me.find(".story-chosen a")).to_have_count(1)
    assert f"actor={name}" in me.page.url
    me.find(".story-chosen a").click()
    expect(me.find(".story-chosen a")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_a_bar_leads_to_its_time_and_each_year_is_a_click_away(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script)
    me.go(STORY)
    me.find(".story-bars svg a").first.click()
    expect(me.find(".month-head").first).to_be_visible()
    assert "from=" in me.page.url
    me.find(".story-years a").last.click()
    expect(me.find('.story-years [aria-current="true"]')).to_contain_text("2019")
    expect(me.find(".month-head").first).to_be_visible()
    assert "from=2019&to=2019" in me.page.url


@pytest.mark.parametrize("script", [True, False])
def test_the_order_of_months_is_remembered(reader: NewReader, *, script: bool) -> None:
    me = reader(script=script)
    me.go(STORY)
    expect(me.find("#order-old")).to_have_attribute("aria-current", "true")
    me.find("#order-new").click()
    expect(me.find("#order-new")).to_have_attribute("aria-current", "true")
    me.go(STORY)
    expect(me.find("#order-new")).to_have_attribute("aria-current", "true")


def test_what_is_new_goes_away_when_it_was_seen(reader: NewReader) -> None:
    me = reader()
    me.go("/story/berlin-talks?since=@60")
    expect(me.find("#since")).to_contain_text("Since your last visit")
    me.tab_to("#since button")
    me.press("Enter")
    expect(me.find("#since")).to_have_count(0)


def test_a_story_fits_on_a_phone(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(STORY)
    me.check_access()
    assert not me.is_too_wide()
