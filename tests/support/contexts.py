"""Contexts of a browser, lent to one reader after the other and emptied in between."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from playwright.sync_api import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Literal, Unpack
    from wsgiref.types import StartResponse, WSGIEnvironment

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize

SIZE: ViewportSize = {"width": 1280, "height": 720}
"""Of a window for which nobody has asked for another."""

BLANK = "about://"
"""The origin of a page that nobody has opened yet."""

HAVE_DONE = """(() => {
  window.name = "";
  sessionStorage.clear();
  return "__pwClock" in window;
})()"""
"""Remove what a window keeps of a site, and tell whether its context has a clock of its own."""

AS_ANYWHERE: Media = {
    "media": "null",
    "color_scheme": "null",
    "reduced_motion": "null",
    "forced_colors": "null",
    "contrast": "null",
}
"""No medium and no wish of a reader."""


class Media(TypedDict):
    """What a page can be told of its reader."""

    media: Literal["null"]
    color_scheme: Literal["null"]
    reduced_motion: Literal["null"]
    forced_colors: Literal["null"]
    contrast: Literal["null"]


class Settings(TypedDict, total=False):
    """What a context is made with, and can only be made with."""

    locale: str
    java_script_enabled: bool


def empty_site(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with a page on which nothing is, as WSGI has it."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "max-age=86400")])
    return [b"<!doctype html>"]


class Contexts:
    """Lends contexts in which nobody has been, or of which all that they left is removed.

    A new context costs three times what a page costs: Chromium starts a process for it. A blank
    page stays open in each, so that the process stays as well. A new page costs as much as opening
    two pages of the site in one that is there. ``waiting_room`` is the address of an empty page on
    the host of all sites, at which a page keeps its process until somebody else comes.
    """

    def __init__(self, browser: Browser, waiting_room: str) -> None:
        self._browser = browser
        self._waiting_room = waiting_room
        self._free: dict[frozenset[tuple[str, object]], list[_Lodging]] = {}

    @contextmanager
    def lent(self, **settings: Unpack[Settings]) -> Iterator[BrowserContext]:
        """Lend a context, in UTC, for the length of a block."""
        with self._lodging(settings) as lodging:
            yield lodging.context

    @contextmanager
    def lent_page(self, **settings: Unpack[Settings]) -> Iterator[Page]:
        """Lend the page of a context, as if it were new, for the length of a block."""
        with self._lodging(settings) as lodging:
            yield lodging.page
            lodging.leave_page(self._waiting_room)

    @contextmanager
    def _lodging(self, settings: Settings) -> Iterator[_Lodging]:
        free = self._free.setdefault(frozenset(settings.items()), [])
        made = free.pop() if free else None
        lodging = made or _Lodging(self._browser.new_context(timezone_id="UTC", **settings))
        yield lodging
        if lodging.is_as_before():
            free.append(lodging)


class _Lodging:
    """A context and the page of it that is lent, with the lines on which they are emptied."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._blank = context.new_page()
        self._browser = context.new_cdp_session(self._blank)
        self._kept: _KeptPage | None = None
        self._has_own_clock = False
        self._cached: str | None = None
        self._site: str | None = None

    @property
    def page(self) -> Page:
        """The page that is lent."""
        if self._kept is None:
            self._kept = _KeptPage(self.context)
        return self._kept.page

    def leave_page(self, waiting_room: str) -> None:
        """Make the page as good as new, or close it if that cannot be done."""
        if self._kept is not None:
            self._site = self._kept.only_site(waiting_room)
            if self._site is None:
                self._kept.page.close()
                self._kept = None
            else:
                self._has_own_clock = self._kept.leave(waiting_room)

    def is_as_before(self) -> bool:
        """Close windows, remove what is kept, and tell whether nothing is left of anybody."""
        if self._has_own_clock:
            self.context.close()
            return False
        others = self._others()
        for page in others:
            page.close()
        self.context.unroute_all()
        self.context.clear_cookies()
        self.context.clear_permissions()
        everything = {"origin": "*", "storageTypes": "all"}
        self._browser.send("Storage.clearDataForOrigin", everything)
        self._clear_cache_of_others(None if others else self._site)
        return True

    def _others(self) -> list[Page]:
        own = (self._blank, self._kept.page if self._kept else None)
        return [page for page in self.context.pages if page not in own]

    def _clear_cache_of_others(self, site: str | None) -> None:
        """Leave in the cache what comes from the site that was read before, and from it alone.

        A site says itself how long what it sends holds. Other sites may have its address later.
        """
        if site is None or self._cached not in (None, site):
            self._browser.send("Network.clearBrowserCache")
            site = None
        self._cached, self._site = site, None


class _KeptPage:
    """A page that is lent time and again."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self._line = context.new_cdp_session(self.page)
        self._listeners = self._listened()

    def only_site(self, waiting_room: str) -> str | None:
        """Return the origin of all that was opened, if what it keeps for a window is in reach."""
        if self.page.is_closed():
            return None
        opened = self._line.send("Page.getNavigationHistory")["entries"]
        addresses = [one["url"] for one in opened] + [frame.url for frame in self.page.frames]
        here = _origin(self.page.url)
        others = {_origin(each) for each in addresses} - {here, BLANK, _origin(waiting_room)}
        return here if here != BLANK and not others else None

    def leave(self, waiting_room: str) -> bool:
        """Go where nothing is left of anybody, and tell whether a clock of its own goes with it."""
        has_own_clock = self._has_done()
        self._forget_listeners()
        self.page.unroute_all()
        self.page.once("dialog", _agree)
        self.page.goto(waiting_room)
        self._forget_listeners()
        self._line.send("Page.resetNavigationHistory")
        self.page.mouse.move(-1, -1)
        self.page.emulate_media(**AS_ANYWHERE)
        if self.page.viewport_size != SIZE:
            self.page.set_viewport_size(SIZE)
        return has_own_clock

    def _has_done(self) -> bool:
        """Remove what the window keeps, and tell whether its context is better lent to nobody else.

        Its site may be gone before it has all come, and it may be on its way to another page: what
        is asked here waits for neither.
        """
        try:
            said = self._line.send(
                "Runtime.evaluate", {"expression": HAVE_DONE, "returnByValue": True}
            )
        except Error:
            return True
        return bool(said["result"].get("value", True))

    def _forget_listeners(self) -> None:
        for event, listener in self._listened() - self._listeners:
            self.page._impl_obj.remove_listener(event, listener)  # noqa: SLF001

    def _listened(self) -> set[tuple[str, Callable[..., object]]]:
        of = self.page._impl_obj  # noqa: SLF001 - of what is public, none can be listed
        return {(event, listener) for event in of.event_names() for listener in of.listeners(event)}


def _origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def _agree(dialog: Dialog) -> None:
    """Let a page be left that would rather be asked before."""
    dialog.accept()
