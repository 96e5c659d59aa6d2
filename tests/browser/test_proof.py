"""From a mark on the chart to the words and their source, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

TOPIC = "/t/nato-membership"
VOTES = "/t/cuba-embargo"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reader_comes_from_the_front_page_to_the_source_in_two_clicks(
    reader: NewReader, width: int
) -> None:
    me = reader(width=width)
    me.go("/")
    me.find(".fold summary").last.click()
    me.page.get_by_role("link", name="Should Ukraine join NATO?").click()
    me.at(TOPIC)
    is_phone = width == WIDTHS[-1]
    me.find(".opening" if is_phone else "[data-lanes] .point").first.click()
    proof = me.find("#track" if is_phone else "#proof")
    expect(proof).to_contain_text("Kaizen Blog")
    expect(proof).to_be_in_viewport()
    assert ("open=" if is_phone else "s=") in me.where()


def test_a_proof_opens_under_its_lane_and_closes_again(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#lane-united-states .point").nth(1).click()
    expect(me.find("#lane-united-states #proof")).to_be_visible()
    me.find("#lane-brazil .point").last.click()
    expect(me.find("#lane-brazil #proof")).to_be_visible()
    expect(me.find("#proof")).to_have_count(1)
    me.find("[data-close]").click()
    expect(me.find("#proof")).to_have_count(0)
    me.at(VOTES)


def test_enter_opens_the_proof_and_escape_gives_the_focus_back(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.tab_to("[data-lanes] .point")
    mark = me.focused()
    me.press("Enter")
    expect(me.find("#proof")).to_be_visible()
    assert me.focused() == mark
    me.press("Escape")
    expect(me.find("#proof")).to_have_count(0)
    expect(me.find(f"#{mark}")).to_be_focused()


def test_the_cross_gives_the_focus_back_to_the_mark(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    mark = me.find("#lane-brazil .point").last
    name = str(mark.get_attribute("id"))
    mark.click()
    me.find("[data-close]").focus()
    me.press("Enter")
    expect(me.find("#proof")).to_have_count(0)
    expect(me.find(f"#{name}")).to_be_focused()


CLOSE_AT_ONCE = """
new MutationObserver((_, observer) => {
  const cross = document.querySelector("[data-close]");
  if (!cross) return;
  observer.disconnect();
  document.documentElement.dataset.closed = "at once";
  cross.focus();
  cross.click();
}).observe(document.body, { childList: true, subtree: true });
"""


def test_a_proof_that_is_closed_the_moment_it_comes_gives_the_focus_back(
    reader: NewReader,
) -> None:
    me = reader()
    me.go(VOTES)
    me.page.evaluate(CLOSE_AT_ONCE)
    mark = me.find("#lane-brazil .point").last
    name = str(mark.get_attribute("id"))
    mark.click()
    expect(me.find("html[data-closed]")).to_have_count(1)
    me.at(VOTES)
    expect(me.find("#proof")).to_have_count(0)
    expect(me.find(f"#{name}")).to_be_focused()


def test_the_drawer_leads_through_the_lane(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#lane-brazil .point").last.click()
    expect(me.find("#proof")).to_contain_text("27 of 27 in this lane")
    me.find("#proof-previous").click()
    expect(me.find("#proof")).to_contain_text("26 of 27 in this lane")
    me.find("#proof-following").click()
    expect(me.find("#proof")).to_contain_text("27 of 27 in this lane")


def test_ctrl_click_on_a_mark_opens_a_new_tab(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    mark = me.find("#lane-brazil .point").last
    with me.context.expect_page() as opened:
        mark.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url("**/s/*")
    expect(me.find("#proof")).to_have_count(0)
    me.at(VOTES)


def test_the_proof_of_a_statement_that_the_chart_does_not_draw_still_opens(
    reader: NewReader,
) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#lane-brazil .point").last.click()
    expect(me.find("#proof")).to_be_visible()
    number = me.where().rpartition("=")[2]
    me.go(f"{VOTES}?view=table&s={number}")
    expect(me.find("#proof")).to_be_visible()


def test_every_position_leads_to_why(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.page.get_by_role("link", name="Why this position? United States").click()
    me.find("#lane-united-states #why-below > p:last-child a").click()
    expect(me.find("h1")).to_have_text("Why this position?")
    expect(me.page.get_by_role("heading", name="Basis 1")).to_be_visible()


def test_a_mark_shows_its_words_on_hover_and_focus_and_names_no_title(reader: NewReader) -> None:
    me = reader()
    me.go("/t/cuba-embargo")
    marks = me.find("#lane-brazil a.point[hx-get]")
    card, mark = me.find("#card"), marks.first
    said = mark.locator("title").text_content() or ""
    mark.hover(force=True)
    expect(card).to_be_visible()
    expect(card).to_be_in_viewport()
    speaker = card.locator("b").first.text_content() or ""
    assert speaker
    assert speaker in said
    assert card.locator(".sources").text_content()
    assert mark.locator("title").count() == 0
    assert mark.get_attribute("aria-label") == said
    me.press("Escape")
    expect(card).to_be_hidden()
    marks.nth(1).focus()
    expect(card).to_be_visible()


def test_a_proof_that_is_higher_than_the_page_is_shown_from_its_beginning(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.page.set_viewport_size({"width": 1440, "height": 760})
    me.go("/t/eu-accession?s=64")
    me.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    box = me.find("#proof").bounding_box()
    assert box is not None
    assert box["height"] > 500
    assert 50 < box["y"] < 300


def test_no_line_of_what_a_step_brought_is_cut(reader: NewReader) -> None:
    me = reader(width=1024)
    me.page.set_viewport_size({"width": 1024, "height": 768})
    me.go("/t/cuba-embargo?as_of=2016-10-26")
    locator = me.find(".replay-told")
    expect(locator).to_contain_text("United Nations General Assembly")
    assert locator.evaluate("e => e.scrollHeight - e.clientHeight") <= 1
