"""What holds on every page: everybody can use it, and nothing sticks out or is cut off.

Each page is opened in English and the light, as wide and as narrow as windows are, one of each kind
in the first tier; then one of each kind in German, whose words are longer, at every width, and in
the dark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.reader import HEIGHT
from tests.support.access import THEMES
from tests.support.pages import FIRST, FURTHER
from tests.support.tiers import WIDTHS, thorough

if TYPE_CHECKING:
    from tests.browser.reader import NewReader, Reader


NARROWEST = 320
"""Pixels that a window of 1280 has left at 400 % (WCAG 2.2, 1.4.10)."""

CUT_OFF = r"""() => {
  const cut = [], range = document.createRange();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const style = (it) => getComputedStyle(it);
  // Most words stand in the same boxes: each box is asked once.
  const known = new Map(), overflow = (it) =>
    known.get(it) ?? known.set(it, style(it).overflowX).get(it);
  const hides = (it) => ["hidden", "clip"].includes(overflow(it));
  const scrolls = (it) => ["auto", "scroll"].includes(overflow(it));
  const cut_short = (it) => style(it).textOverflow + style(it).webkitLineClamp !== "clipnone";
  const aside = ".visually-hidden, .skip, .skip-chart, .sprite, script, option, meter, pre";
  const seen = { visibilityProperty: true, contentVisibilityAuto: true };
  while (words.nextNode()) {
    const text = words.currentNode, parent = text.parentElement;
    if (!text.data.trim() || parent.closest(aside) || !parent.checkVisibility(seen)) continue;
    range.selectNodeContents(text);
    let box = parent;
    while (box !== document.body && !hides(box) && !scrolls(box)) box = box.parentElement;
    const { left, right } = range.getBoundingClientRect(), frame = box.getBoundingClientRect();
    if (hides(box) && !cut_short(box) && (left < frame.left - 1 || right > frame.right + 1))
      cut.push(text.data.trim());
    if (range.getClientRects().length < 2) continue;  // on one line no word is broken
    for (const { 0: word, index } of text.data.matchAll(/[\p{L}\d]{3,}/gu)) {
      range.setStart(text, index), range.setEnd(text, index + word.length);
      const [first, ...others] = range.getClientRects();
      if (others.some(({ top }) => top > first.top + 1)) cut.push(word);
    }
  }
  return cut;
}"""
"""Words that are broken, or leave a box which hides what leaves it where no ellipsis says so."""

STICKS_OUT = f"""() => [
  ...document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : [], ...({CUT_OFF})()
]"""
"""That the page scrolls sideways, if it does, and what is cut off."""

FURTHER_APART = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""The spacing that a reader may set (WCAG 2.2, 1.4.12)."""


READ_IN_GERMAN = ("/", "/t/nato-membership", "/s/64", "/a/russia", "/log")
"""Pages whose German words axe looks at, too."""


@pytest.mark.parametrize("path", [*FIRST, *thorough(*FURTHER)])
def test_everybody_can_use_a_page_and_nothing_of_it_sticks_out(
    reader: NewReader, path: str
) -> None:
    me = reader()
    me.go(path)
    me.check_access()
    assert sticking_out(me, WIDTHS[0], WIDTHS[-1]) == []


@pytest.mark.thorough
@pytest.mark.parametrize("path", FIRST)
def test_nothing_of_a_page_sticks_out_in_german_at_any_width_and_all_is_seen_in_the_dark(
    reader: NewReader, path: str
) -> None:
    me = reader(language="de-DE")
    me.go(path)
    expect(me.find("html")).to_have_attribute("lang", "de")
    for theme in THEMES if path in READ_IN_GERMAN else ("dark",):
        me.check_access(theme)
    assert sticking_out(me, *WIDTHS, NARROWEST) == []
    me.page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})
    me.page.evaluate(FURTHER_APART)
    assert not me.is_too_wide()


def sticking_out(me: Reader, *widths: int) -> list[tuple[int, str]]:
    """Return what is too wide or cut off, with the width of the window."""
    found = []
    for width in widths:
        me.page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [(width, words) for words in me.page.evaluate(STICKS_OUT)]
    return found


@pytest.mark.thorough
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
def test_axe_finds_nothing_on_a_phone(reader: NewReader, path: str) -> None:
    me = reader(width=390)
    me.go(path)
    me.check_access()


def test_the_key_of_search_stands_beside_what_search_says(reader: NewReader) -> None:
    me = reader()
    me.go("/keys")
    key, box = me.find(".search kbd").bounding_box(), me.find("#q").bounding_box()
    assert key is not None
    assert box is not None
    assert key["width"] < 30
    assert box["x"] + box["width"] - 12 < key["x"] + key["width"] < box["x"] + box["width"]
    me.press("/", "x")
    expect(me.find(".search kbd")).to_be_hidden()


def test_search_opens_on_a_phone_over_what_is_beside_it(reader: NewReader) -> None:
    me = reader(width=390)
    me.go("/keys")
    below = me.find("main").bounding_box()
    me.find(".search .icon").click(force=True)
    me.page.keyboard.type("guarantees")
    expect(me.find("#hits a").first).to_be_visible()
    assert me.find("main").bounding_box() == below
    assert not me.is_too_wide()
