"""What holds on every page: everybody can use it, nothing sticks out, and every link leads on."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.reader import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

PAGES = (
    "/",
    "/?sort=name",
    "/t/eu-accession?s=64",
    "/t/nato-membership",
    "/t/talks-progress?known=@60",
    "/t/security-guarantees?clock=known&known=@3201",
    "/t/cuba-embargo?asof=2017-11-01",
    "/t/cuba-embargo?actor=brazil&view=table",
    "/t/cuba-embargo?actor=france&stance=-2",
    "/t/eu-accession/why/russia",
    "/a/russia",
    "/a/volodymyr-zelensky",
    "/a/emmanuel-macron",
    "/actors?q=Selenskyj",
    "/s/64",
    "/s/75",
    "/s/75@75",
    "/s/88",
    "/s/90",
    "/log",
    "/log?at=3201",
    "/log/said",
    "/log/diff?topic=cuba-embargo&clock=said&a=2015-01-01",
    "/log/said",
    "/log/said?topic=cuba-embargo",
    "/record/story/berlin-talks",
    "/record/topic/eu-accession",
    "/record/72/reply",
    "/corrections",
    "/search?q=Fortschritt",
    "/search?q=xyzzy",
    "/keys",
    "/embed/t/cuba-embargo",
    "/embed/s/64",
    "/record?topic=nato-membership",
    "/record/development",
    "/record/topic",
    "/record/topic/eu-accession",
    "/record/story",
    "/record/story/berlin-talks",
    "/record/64/reply",
    "/record/actor",
    "/record/actor/russia",
    "/record/64/correct",
    "/record/64/retract",
    "/record/64/link",
    "/record/64/second",
    "/record/90/reinstate",
    "/t/nothing-of-the-kind",
)
BAD_STATUS = 400
FURTHER_APART = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""The spacing that a reader may set (WCAG 2.2, 1.4.12)."""
HREF = re.compile(r'<a [^>]*href="([^"]*)"')


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_either_theme(reader: Callable[..., Reader], path: str) -> None:
    me = reader()
    me.go(path)
    me.check_access("light")
    me.check_access("dark")


@pytest.mark.parametrize(
    "path", ["/", "/t/cuba-embargo", "/t/eu-accession?s=64", "/s/64", "/a/russia", "/log"]
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
    me.find(".search .ic").click(force=True)
    me.page.keyboard.type("guarantees")
    expect(me.find("#hits a").first).to_be_visible()
    assert me.find("main").bounding_box() == below
    assert not me.is_too_wide()


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_no_page_scrolls_sideways(reader: Callable[..., Reader], width: int) -> None:
    me = reader(width=width)
    wide = []
    for path in PAGES:
        me.go(path)
        if me.is_too_wide():
            wide.append(path)
    assert wide == []


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


def test_the_focus_is_not_mistaken_for_the_mark_of_second_hand_words(
    reader: Callable[..., Reader],
) -> None:
    me = reader()
    me.go("/")
    cell = me.find(".mc-2").first
    expect(cell).to_have_css("outline-style", "dashed")
    me.tab_to(".mc-2")
    expect(cell).to_have_css("outline-style", "solid")
    expect(cell).to_have_css("outline-width", "2px")


def test_every_link_of_every_page_leads_somewhere(reader: Callable[..., Reader]) -> None:
    me = reader()
    ask = me.context.request.get
    links: dict[str, str] = {}
    for path in PAGES:
        for href in HREF.findall(ask(me.address + path).text()):
            links.setdefault(unescape(href).split("#")[0], path)
    asked = {
        link: ask(me.address + link)
        for link in links
        if link.startswith("/") and not _is_like_another(link, links)
    }
    dead = {link: links[link] for link, got in asked.items() if got.status >= BAD_STATUS}
    assert dead == {}


def _shape(link: str) -> str:
    """Return a link with its numbers, slugs and values taken out."""
    return re.sub(r"(?<=/[ats]/)[\w-]+|(?<==)[^&]+|\d+", "…", link)


def _is_like_another(link: str, links: dict[str, str]) -> bool:
    """Tell whether two links of the same shape come before this one."""
    alike = sorted(one for one in links if _shape(one) == _shape(link))
    return alike.index(link) >= 2


@pytest.mark.parametrize("path", ["/", "/t/nato-membership", "/s/64", "/a/russia", "/log"])
def test_a_page_answers_in_german_to_who_reads_german(
    reader: Callable[..., Reader], path: str
) -> None:
    me = reader(language="de-DE")
    me.go(path)
    expect(me.find("html")).to_have_attribute("lang", "de")
    me.check_access()
