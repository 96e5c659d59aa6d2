"""When it was said against when it was recorded, by mouse, by keyboard and without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

VOTES = "/log/said?topic=cuba-embargo"


@pytest.mark.parametrize("script", [True, False])
def test_a_counted_mark_leads_to_what_it_counts_and_back(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(script=script)
    me.go(VOTES)
    everything = me.find("#list .number").first.inner_text()
    mark = me.find("#said svg a[href*=cell]").first
    counted = re.match(r"\d+", mark.get_attribute("aria-label") or "")
    assert counted
    mark.click()
    expect(me.find("#list .number").first).to_have_text(counted[0])
    me.find("#list .section-note a").click()
    expect(me.find("#list .number").first).to_have_text(everything)


def test_the_marks_are_one_tab_stop_and_enter_opens_one(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    assert me.find("#said svg a").count() > 1
    assert me.find("#said svg a[tabindex='0']").count() == 1
    me.tab_to("#said svg a")
    me.press("ArrowRight", "Enter")
    expect(me.page).to_have_url(re.compile(r"cell=|/s/\d+"))


def test_another_topic_is_drawn_without_a_reload_and_the_list_goes_on(reader: NewReader) -> None:
    me = reader()
    me.go("/log/said")
    me.page.evaluate("window.stays = true")
    me.find("[name=topic]").select_option("cuba-embargo")
    me.at(VOTES)
    expect(me.find("#bt-h")).to_contain_text("Cuba")
    first = me.find("#list tbody tr").first.inner_text()
    me.find("#list .list-more a").click()
    expect(me.find("#list tbody tr").first).not_to_have_text(first)
    assert me.page.evaluate("window.stays")
    me.page.go_back()
    expect(me.find(".masthead .logo")).to_be_visible()
    expect(me.find("#said")).to_be_visible()
