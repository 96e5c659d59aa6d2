"""Without script everything works, only slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

VOTES = "/t/cuba-embargo"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mark_or_a_line_leads_to_words_and_source(reader: NewReader, width: int) -> None:
    me = reader(width=width, script=False)
    me.go("/")
    me.find(".fold summary").last.click()
    me.page.get_by_role("link", name="Should Ukraine join NATO?").click()
    me.find(".opening" if width == WIDTHS[-1] else "[data-lanes] .point").first.click()
    expect(me.find("h1")).to_be_visible()
    expect(me.find(".statement, #table, #track").first).to_contain_text("Kaizen Blog")


def test_every_mark_is_a_tab_stop_and_a_skip_link_precedes_them(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(VOTES)
    assert me.find("[data-lanes] [tabindex]").count() == 1
    me.tab_to(".skip-chart")
    me.tab_to("#lane-brazil .point")
    me.press("Tab")
    assert me.page.evaluate("document.activeElement.matches('#lane-brazil .point')")


def test_the_way_past_the_marks_stands_before_what_happened_too(reader: NewReader) -> None:
    me = reader(script=False)
    me.go("/t/talks-progress")
    expect(me.find(".development")).not_to_have_count(0)
    me.tab_to(".skip-chart, .development, .point")
    assert me.page.evaluate("document.activeElement.className") == "skip-chart"


def test_the_replay_steps_and_the_clocks_change(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(VOTES)
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of=2019-11-07#chart")
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of=2017-11-01#chart")
    me.find("#clock-known").click()
    me.at(f"{VOTES}?clock=known&as_of=2017-11-01")
    me.find("[data-go=prev]").click()
    expect(me.find(".replaying")).to_contain_text("What this record knew")
    me.page.get_by_role("link", name="Back to now").click()
    me.at(f"{VOTES}?clock=known")


def test_the_replay_goes_on_by_itself_until_it_is_paused(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(f"{VOTES}?as_of=2016-10-26")
    me.page.get_by_role("link", name="Replay", exact=True).click()
    me.at(f"{VOTES}?as_of=2017-11-01&play=1")
    me.at(f"{VOTES}?as_of=2019-11-07")
    me.go(f"{VOTES}?as_of=1992-11-30&play=1")
    me.find("#play").click()
    me.at(f"{VOTES}?as_of=1992-11-30")
    me.page.wait_for_timeout(2_500)
    me.at(f"{VOTES}?as_of=1992-11-30")


def test_the_slider_is_sent_with_a_button(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(f"{VOTES}?as_of=2019-11-07")
    me.find("#rng").focus()
    me.press("ArrowLeft")
    me.page.get_by_role("button", name="Go").click()
    me.at(f"{VOTES}?as_of=2017-11-01")


def test_filters_are_sent_with_a_button_and_leave_defaults_out(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(VOTES)
    me.unfold()
    me.find("#menu-stance summary").click()
    me.find("#f-stance--2").check()
    me.find(".filters").get_by_role("button", name="Apply").click()
    me.at(f"{VOTES}?stance=-2")


def test_the_table_holds_what_the_chart_shows(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(VOTES)
    me.unfold()
    me.find(".view-switch").get_by_role("link", name="Table").click()
    me.at(f"{VOTES}?view=table")
    expect(me.find("#table tbody tr")).to_have_count(500)
    expect(me.find("#table tbody tr").last).to_contain_text("7 Nov 2019")


def test_the_next_entries_are_a_page_of_their_own(reader: NewReader) -> None:
    me = reader(script=False)
    me.go(VOTES)
    first = me.find("#days .permalink").first.inner_text()
    me.find("#days .more .button").click()
    expect(me.find("h1")).to_be_visible()
    assert me.find("#days .permalink").first.inner_text() != first


def test_events_open_to_what_they_hold(reader: NewReader) -> None:
    me = reader(script=False)
    me.go("/log")
    me.find(".events tbody a").first.click()
    expect(me.find(".event-payload pre")).to_contain_text('"type"')


def test_search_answers_with_a_page(reader: NewReader) -> None:
    me = reader(script=False)
    me.go("/")
    me.find("#q").fill("Selenskyj")
    me.find("#q").press("Enter")
    expect(me.find("main")).to_contain_text("Volodymyr Zelensky")
