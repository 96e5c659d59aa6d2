"""The front page in front of a reader: what is new, one change, and the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader
    from tests.support.access import Theme

NEWS = "/?since=@3150"


@pytest.mark.parametrize("script", [True, False])
def test_what_is_new_leads_to_its_topic_and_goes_away_when_it_was_seen(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script)
    me.go(NEWS)
    expect(me.find("#since")).to_contain_text("Since your last visit")
    me.find("#since li a[href*='/t/']").first.click()
    expect(me.find("h1")).to_be_visible()
    assert "since=@3150" in me.page.url
    me.page.go_back()
    me.find("#since button").click()
    expect(me.find("#since")).to_have_count(0)
    me.go("/")
    expect(me.find("#since")).to_have_count(0)


def test_the_strip_is_marked_as_seen_by_keyboard(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(NEWS)
    me.check_access()
    me.tab_to("#since button")
    me.press("Enter")
    expect(me.find("#since")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_change_that_is_followed_leads_to_its_line_and_its_source(
    reader: NewReader, *, script: bool, width: int
) -> None:
    me = reader(script=script, width=width)
    me.go("/")
    assert not me.is_too_wide()
    me.find(".example-why summary").click()
    expect(me.find(".example-why p")).to_be_visible()
    me.find(".example-why summary").click()
    me.find(".example-ways .button-primary").click()
    expect(me.find("#proof .drawer-now")).to_be_visible()
    me.page.go_back()
    me.find(".example-ways .button:not(.button-primary)").click()
    expect(me.find("main")).to_contain_text("Recorded by")
    me.page.go_back()
    me.find(".example-ways .small-link").click()
    expect(me.find("h1")).to_have_text("Why this position?")


def test_the_change_that_is_followed_is_reached_by_keyboard(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.tab_to(".single-large .point")
    me.press("Enter")
    expect(me.find("main")).to_contain_text("Recorded by")
    assert "/s/" in me.page.url


@pytest.mark.parametrize("script", [True, False])
def test_folded_questions_and_their_order_by_name_are_reached(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script, width=390)
    me.go("/")
    fold = me.find(".fold").last
    expect(fold.locator("li").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("li").first).to_be_visible()
    me.find("#questions .segmented a").last.click()
    expect(me.find("#questions .fold-lines li")).to_have_count(20)
    me.find("#questions .fold-lines a").first.click()
    expect(me.find("h1")).to_be_visible()


@pytest.mark.parametrize(("language", "theme"), [("en-GB", "light"), ("de-DE", "dark")])
def test_nothing_on_the_front_page_is_out_of_reach(
    reader: NewReader, theme: Theme, language: str
) -> None:
    me = reader(language=language)
    me.go(NEWS)
    me.check_access(theme)
