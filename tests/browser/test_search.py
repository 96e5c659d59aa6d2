"""Search as somebody types, in any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.reader import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("typed", ["Selenskyj", "зеленск"])
def test_an_actor_is_found_while_a_name_is_typed_in_any_spelling(
    reader: Callable[..., Reader], width: int, typed: str
) -> None:
    me = reader(width=width)
    me.go("/t/nato-membership")
    me.press("/")
    me.page.keyboard.type(typed)
    found = me.find("#hits").get_by_role("link", name="Volodymyr Zelensky").first
    expect(found).to_be_in_viewport(ratio=1)
    me.check_access(covered=True)
    found.click()
    me.at("/a/volodymyr-zelensky")


def test_results_are_reached_by_keyboard_and_told_to_who_listens(
    reader: Callable[..., Reader],
) -> None:
    me = reader()
    me.go("/t/nato-membership")
    me.press("/")
    me.page.keyboard.type("guarantees")
    expect(me.find("#live")).to_contain_text("topic")
    me.tab_to("#hits a")
    me.press("Enter")
    expect(me.page).not_to_have_url(me.address + "/t/nato-membership")


def test_enter_gives_all_results(reader: Callable[..., Reader]) -> None:
    me = reader()
    me.go("/")
    me.find("#q").fill("Fortschritt")
    me.find("#q").press("Enter")
    expect(me.page).to_have_url(f"{me.address}/search?q=Fortschritt")
    expect(me.find("main .en, main .sr-e li").first).to_be_visible()


def test_nothing_found_says_so(reader: Callable[..., Reader]) -> None:
    me = reader()
    me.go("/")
    me.find("#q").press_sequentially("xyzzy")
    expect(me.find("#hits")).to_contain_text("Nothing on record matches.")
