"""What axe-core finds on a page as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

if TYPE_CHECKING:
    from playwright.sync_api import Page

Theme: TypeAlias = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
TARGET_SIZE = {"target-size": {"enabled": True}}
"""The rule on the size of targets, which does not run by default."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that look at colours: all others find in one theme what they find in the other."""

LOOKS = """() => {
  const looks = new Map(), firsts = new Map();
  const look = (it) => {
    if (!it) return "";
    if (!looks.has(it)) {
      const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(it);
      const own = [it.tagName, it.getAttribute("class"), color, backgroundColor, opacity];
      looks.set(it, [look(it.parentElement), ...own, fontSize, fontWeight].join(" "));
    }
    return looks.get(it);
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const it = words.currentNode.parentElement;
    if (words.currentNode.data.trim() && it.checkVisibility() && !firsts.has(look(it)))
      firsts.set(look(it), it);
  }
  return [...firsts.values()];
}"""
"""The first element with words of each kind: styled alike, in boxes that are styled alike."""

READ_COLOURS_ONCE = """(() => {
  const known = new Map(), colour = axe.commons.color.Color.prototype, read = colour.parseString;
  colour.parseString = function (text) {
    if (!known.has(text)) {
      const { r, g, b, alpha } = read.call(new this.constructor(), text);
      known.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(text));
  };
})();"""
"""Axe asks the same few colours of each box again, and takes a fifth of its time to read them."""

RUN = f"""async ([options, colours]) => {{
  const firsts = new Set(({LOOKS})());
  for (const rule of axe._audit.rules.filter((one) => colours.includes(one.id))) {{
    rule.matchesOfAxe ??= rule.matches;
    rule.matches = (...of) => firsts.has(of[0]) && rule.matchesOfAxe(...of);
  }}
  const stays = [...document.querySelectorAll("body *")]
    .filter((one) => getComputedStyle(one).position === "sticky");
  const loosen = {{ position: "relative", inset: "auto" }};
  for (const [name, value] of Object.entries(loosen))
    stays.forEach((one) => one.style.setProperty(name, value, "important"));
  const [x, y] = [scrollX, scrollY];
  scrollTo(0, 0);
  const {{ violations }} = await axe.run(options);
  scrollTo(x, y);
  for (const name of Object.keys(loosen)) stays.forEach((one) => one.style.removeProperty(name));
  return {{ violations }};
}}"""
"""Run axe, which then asks about the colours of the first of each kind alone.

It looks at the page from its top, with bars that stay in view where they belong: they may cover
half of something, which is no smaller for that.
"""


def check_access(page: Page, theme: Theme = "light", *, covered: bool = False) -> None:
    """Let axe-core look at the page; raises with its report if it finds anything.

    Colours, which take most of its time, are looked at where they differ. In the dark nothing else
    is, once the light has passed. What is ``covered`` by an open list is too small only until the
    list is closed.
    """
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    if not page.evaluate("'axe' in window"):
        _bring_axe(page)
    everything: dict[str, object] = {"rules": {} if covered else TARGET_SIZE}
    colours: dict[str, object] = {"runOnly": {"type": "rule", "values": COLOURS}}
    # Of what passed little is noted, and nothing is brought over: there is much of it.
    given = {"resultTypes": ["violations"], "preload": False}
    given |= everything if theme == "light" else colours
    results = AxeResults(page.evaluate(RUN, [given, COLOURS]))
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def _bring_axe(page: Page) -> None:
    """Run the script of axe-core as one of the page's own, which Chromium compiles once for all."""
    line = page.context.new_cdp_session(page)
    said = line.send("Runtime.evaluate", {"expression": AXE_SCRIPT + READ_COLOURS_ONCE})
    assert "exceptionDetails" not in said, said
    line.detach()
