"""The front page in front of a reader: what is new to them, and the table on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

NEWS = "/?since=@3150"


@pytest.mark.parametrize("script", [True, False])
def test_what_is_new_leads_to_its_topic_and_goes_away_when_it_was_seen(
    reader: Callable[..., Reader], *, script: bool
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


def test_the_strip_is_marked_as_seen_by_keyboard(reader: Callable[..., Reader]) -> None:
    me = reader(width=390)
    me.go(NEWS)
    me.check_access()
    me.tab_to("#since button")
    me.press("Enter")
    expect(me.find("#since")).to_have_count(0)


def test_the_table_scrolls_on_a_phone_and_keeps_its_first_column(
    reader: Callable[..., Reader],
) -> None:
    me = reader(width=390)
    me.go("/")
    table = me.find("#story-un-votes .matrix-scroll")
    name = table.locator("tbody th").first
    table.scroll_into_view_if_needed()
    before = name.bounding_box()
    table.evaluate("it => it.scrollLeft = 400")
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert 0 <= after["x"] <= before["x"]
    assert table.evaluate("it => it.scrollLeft") == 400
    assert not me.is_too_wide()
