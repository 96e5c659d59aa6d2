"""Somebody in front of a browser: what they do, and what the page must never do to them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.support.access import check_access
from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias, Unpack

    from playwright.sync_api import (
        BrowserContext,
        ConsoleMessage,
        Locator,
        Page,
        Request,
        Route,
    )

    from tests.support.access import Theme
    from tests.support.contexts import Contexts, Settings

    NewReader: TypeAlias = Callable[..., "Reader"]

HEIGHT = 900
MOST_TABS = 120
EXPECTED_ON_CONSOLE = "Failed to load resource"
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"
SETTLING, LOOKS = 25, 20
"""Milliseconds between two looks at what is under way, and looks; later ones are further apart."""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({ type: "layout-shift" });
"""


class Choices(TypedDict, total=False):
    """What readers differ in."""

    width: int
    script: bool
    language: str


class Reader:
    """A page of one context; ``complaints`` are errors, policy reports and foreign requests."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._follow)

    @classmethod
    @contextmanager
    def opened(
        cls, contexts: Contexts, address: str, **choices: Unpack[Choices]
    ) -> Iterator[Reader]:
        """Open a page in a browser in which nothing is left of anybody."""
        settings: Settings = {
            "java_script_enabled": choices.get("script", True),
            "locale": choices.get("language", "en-GB"),
        }
        with contexts.lent_page(**settings) as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.set_viewport_size({"width": choices.get("width", WIDTHS[0]), "height": HEIGHT})
            yield cls(page, address)

    @property
    def context(self) -> BrowserContext:
        """The browser, for a second window."""
        return self.page.context

    def another_window(self) -> Reader:
        """Open a second window of the same browser."""
        other = Reader(self.context.new_page(), self.address)
        other.complaints = self.complaints
        return other

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.address + path)

    def find(self, selector: str) -> Locator:
        """Return what a selector names."""
        return self.page.locator(selector)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def unfold(self) -> None:
        """Open what a topic is filtered and zoomed with."""
        self.find("#narrow > summary").click()

    def tab_to(self, selector: str) -> None:
        """Press Tab until what is sought has the focus."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                return
        msg = f"no way to {selector} by keyboard"
        raise AssertionError(msg)

    def hold_next(self, address: str) -> list[Route]:
        """Hold the next request to such an address back, in what is returned; later ones pass.

        It counts for sure only on pages that are opened afterwards.
        """
        held: list[Route] = []
        self.page.route(address, lambda it: it.continue_() if held else held.append(it))
        return held

    def at(self, path: str) -> None:
        """Wait until the address is this one, and the page is what belongs to it."""
        self.page.wait_for_url(lambda found: found == self.address + path, wait_until="commit")
        self.settled()

    def leave(self, path: str) -> None:
        """Wait until the address is another one, and the page is what belongs to it."""
        self.page.wait_for_url(lambda found: found != self.address + path, wait_until="commit")
        self.settled()

    def settled(self) -> None:
        """Wait until no part of the page is under way."""
        under_way = self.find(UNDER_WAY)
        for _ in range(LOOKS):
            if not under_way.count():
                return
            self.page.wait_for_timeout(SETTLING)
        expect(under_way).to_have_count(0)

    def where(self) -> str:
        """Return the address without the site."""
        return self.page.url.removeprefix(self.address)

    def chart(self) -> str:
        """Return the HTML of the lanes, without what focus and tab stops write into them."""
        return str(
            self.page.evaluate(
                """() => {
                  const lanes = document.querySelector("[data-lanes]").cloneNode(true);
                  const stops = lanes.querySelectorAll("[tabindex]");
                  stops.forEach((one) => one.removeAttribute("tabindex"));
                  return lanes.innerHTML;
                }"""
            )
        )

    def focused(self) -> str:
        """Return the id of what has the focus."""
        return str(self.page.evaluate("document.activeElement.id"))

    def watch_shifts(self) -> None:
        """Note every layout shift that nobody's own hand has caused, from now on."""
        self.page.evaluate(WATCH_SHIFTS)

    def shifts(self) -> float:
        """Return by how much the layout has shifted while it was watched."""
        return float(self.page.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)"))

    def is_too_wide(self) -> bool:
        """Tell whether the page scrolls sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return int(wide) > 0

    def check_access(self, theme: Theme = "light", *, covered: bool = False) -> None:
        """Let axe-core look at the page, as `tests.support.access` does."""
        check_access(self.page, theme, covered=covered)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_ON_CONSOLE):
            self.complaints.append(message.text)

    def _follow(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.complaints.append(f"request to {request.url}")
