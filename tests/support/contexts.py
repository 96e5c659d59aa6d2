"""Contexts of a browser, lent to one reader after the other and emptied in between."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from playwright.sync_api import Browser, BrowserContext


class Settings(TypedDict, total=False):
    """What a context is made with, and can only be made with."""

    locale: str
    java_script_enabled: bool


class Contexts:
    """Lends contexts in which nobody has been, or of which all that they left is removed.

    A new context costs three times what a page costs: Chromium starts a process for it. A blank
    page stays open in each, so that the process stays as well.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[frozenset[tuple[str, object]], list[BrowserContext]] = {}

    @contextmanager
    def lent(self, **settings: Unpack[Settings]) -> Iterator[BrowserContext]:
        """Lend a context, in UTC, for the length of a block."""
        free = self._free.setdefault(frozenset(settings.items()), [])
        context = free.pop() if free else self._made(settings)
        yield context
        _empty(context)
        free.append(context)

    def _made(self, settings: Settings) -> BrowserContext:
        context = self._browser.new_context(timezone_id="UTC", **settings)
        context.new_page()
        return context


def _empty(context: BrowserContext) -> None:
    blank, *pages = context.pages
    for page in pages:
        page.close()
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()
    browser = context.new_cdp_session(blank)
    browser.send("Network.clearBrowserCache")
    browser.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    browser.detach()
