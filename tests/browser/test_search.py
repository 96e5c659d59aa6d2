"""Search as somebody types, in any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from tests.browser.reader import NewReader


@pytest.mark.few(2)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("typed", ["Selenskyj", "зеленск"])
def test_an_actor_is_found_while_a_name_is_typed_in_any_spelling(
    reader: NewReader, width: int, typed: str
) -> None:
    me = reader(width=width)
    me.go("/t/nato-membership")
    me.press("/")
    me.page.keyboard.type(typed)
    locator = me.find("#hits").get_by_role("option", name="Volodymyr Zelensky").first
    expect(locator).to_be_in_viewport(ratio=1)
    me.check_access(covered=True)
    locator.click()
    me.at("/a/volodymyr-zelensky")


def test_results_are_chosen_by_arrow_and_told_to_who_listens(reader: NewReader) -> None:
    me = reader()
    me.go("/t/nato-membership")
    field = me.find("#q")
    expect(field).to_have_attribute("aria-expanded", "false")
    me.press("/")
    me.page.keyboard.type("guarantees")
    expect(me.find("#live")).to_contain_text("topic")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(me.page.get_by_role("listbox", name="Found")).to_be_visible()
    me.press("ArrowDown", "ArrowDown", "ArrowUp")
    chosen = me.find("#hits [aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(me.find("#hits [role=option]").first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    expect(field).to_be_focused()
    me.check_access()
    where = str(chosen.get_attribute("href"))
    me.press("Enter")
    expect(me.page).to_have_url(me.address + where)


@pytest.mark.thorough
def test_a_list_taller_than_its_room_scrolls_where_the_field_says_the_list_is(
    reader: NewReader,
) -> None:
    me = reader()
    me.page.set_viewport_size({"width": 1440, "height": 420})
    me.go("/t/nato-membership")
    me.press("/")
    me.page.keyboard.type("ukraine")
    expect(me.find("#hits [role=option]").first).to_be_visible()
    listed = me.find("#" + str(me.find("#q").get_attribute("aria-controls")))
    expect(listed).to_be_visible()
    assert listed.evaluate("it => it.scrollHeight > it.clientHeight")
    me.check_access(covered=True)
    me.press("ArrowUp")
    expect(me.find("#hits [aria-selected=true]")).to_be_in_viewport(ratio=0.99)


def test_arrows_go_round_and_escape_closes_the_list(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.find("#q").press_sequentially("guarantees")
    expect(me.find("#hits [role=option]").first).to_be_visible()
    me.press("ArrowUp")
    expect(me.find("#hit-all")).to_have_attribute("aria-selected", "true")
    me.press("ArrowDown")
    expect(me.find("#hits [role=option]").first).to_have_attribute("aria-selected", "true")
    me.press("Escape")
    expect(me.find("#hits [role=option]")).to_have_count(0)
    expect(me.find("#q")).to_have_attribute("aria-expanded", "false")
    expect(me.find("#q")).to_be_focused()
    assert me.find("#q").get_attribute("aria-activedescendant") == ""


@pytest.mark.thorough
def test_a_result_opens_in_a_window_of_its_own(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.find("#q").press_sequentially("guarantees")
    first = me.find("#hits [role=option]").first
    expect(first).to_have_attribute("href", "/t/security-guarantees")
    with me.context.expect_page() as opened:
        first.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url(f"{me.address}/t/security-guarantees")


def test_enter_gives_all_results(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.find("#q").fill("Fortschritt")
    me.find("#q").press("Enter")
    expect(me.page).to_have_url(f"{me.address}/search?q=Fortschritt")
    expect(me.find("main .entry, main .results-entries li").first).to_be_visible()


@pytest.mark.thorough
def test_nothing_found_says_so(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.find("#q").press_sequentially("xyzzy")
    expect(me.find("#hits")).to_contain_text("Nothing on record matches.")
    me.check_access(covered=True)


@pytest.mark.thorough
def test_a_name_written_wrongly_leads_to_the_nearest(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.find("#q").press_sequentially("Zelenzki")
    expect(me.find("#hits")).to_contain_text("Volodymyr Zelensky")
    me.go("/search?q=Makronn")
    expect(me.find("main")).to_contain_text("Emmanuel Macron")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_found_is_narrowed_by_a_box_and_shown_whole_again(
    reader: NewReader, width: int
) -> None:
    me = reader(width=width)
    me.go("/search?q=guarantees")
    whole = me.find("#sr-s .number").inner_text()
    me.find("#menu-actor summary").click()
    me.find("#n-actor-ukraine").check()
    me.at("/search?q=guarantees&in=entries&actor=ukraine")
    expect(me.find("#sr-s .number")).not_to_have_text(whole)
    expect(me.find("#menu-actor summary")).to_contain_text("Ukraine")
    me.check_access(covered=True)
    assert not me.is_too_wide()
    me.press("Escape")
    me.page.get_by_role("link", name="Show all hits").click()
    me.at("/search?q=guarantees")
    expect(me.find("#sr-s .number")).to_have_text(whole)
