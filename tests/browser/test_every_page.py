"""What holds on every page: everybody can use it, and nothing sticks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES
from tests.support.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

FURTHER_APART = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""The spacing that a reader may set (WCAG 2.2, 1.4.12)."""


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_either_theme(reader: Callable[..., Reader], path: str) -> None:
    me = reader()
    me.go(path)
    for theme in THEMES:
        me.check_access(theme)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/story/un-votes",
        "/t/cuba-embargo",
        "/t/eu-accession?s=64",
        "/s/64",
        "/a/russia",
        "/log",
    ],
)
def test_axe_finds_nothing_on_a_phone(reader: Callable[..., Reader], path: str) -> None:
    me = reader(width=390)
    me.go(path)
    me.check_access()


def test_the_key_of_search_stands_beside_what_search_says(reader: Callable[..., Reader]) -> None:
    me = reader()
    me.go("/keys")
    key, box = me.find(".search kbd").bounding_box(), me.find("#q").bounding_box()
    assert key is not None
    assert box is not None
    assert key["width"] < 30
    assert box["x"] + box["width"] - 12 < key["x"] + key["width"] < box["x"] + box["width"]
    me.press("/", "x")
    expect(me.find(".search kbd")).to_be_hidden()


def test_search_opens_on_a_phone_over_what_is_beside_it(reader: Callable[..., Reader]) -> None:
    me = reader(width=390)
    me.go("/keys")
    below = me.find("main").bounding_box()
    me.find(".search .icon").click(force=True)
    me.page.keyboard.type("guarantees")
    expect(me.find("#hits a").first).to_be_visible()
    assert me.find("main").bounding_box() == below
    assert not me.is_too_wide()


def test_no_page_bursts_where_letters_words_and_lines_stand_further_apart(
    reader: Callable[..., Reader],
) -> None:
    me = reader(width=390)
    burst = []
    for path in PAGES:
        me.go(path)
        me.page.evaluate(FURTHER_APART)
        if me.is_too_wide():
            burst.append(path)
    assert burst == []


@pytest.mark.parametrize("path", ["/", "/t/nato-membership", "/s/64", "/a/russia", "/log"])
def test_a_page_answers_in_german_to_who_reads_german(
    reader: Callable[..., Reader], path: str
) -> None:
    me = reader(language="de-DE")
    me.go(path)
    expect(me.find("html")).to_have_attribute("lang", "de")
    me.check_access()
