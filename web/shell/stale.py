"""Pages given to readers as they were a moment ago, while they are looked at anew beside.

What HTTP caches call stale-while-revalidate (RFC 5861), for crowds on a record that moves: nobody
waits for a page that somebody else was given just before. Who may record gets pages as they are,
since they look for what they have recorded.
"""

from __future__ import annotations

import io
import math
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app, request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from flask import Flask

MOST = 10_000
"""Addresses that are remembered, each as one kind of reader asks for it."""

ANEW = "standline.anew"
"""What a request has in its environment that the site makes itself, to look at a page anew."""

GIVEN = "standline.given"
"""What a request has in its environment whose answer is a page that may be given once more."""

RESTED = 0.5
"""The share of the time for which a page may be stale in which nobody looks at it."""


class Given(NamedTuple):
    """A page as it was given: its key, the log position that it shows, and when it was current."""

    key: str
    shown: int
    current_at: float

    def age(self) -> float:
        """Return the seconds since it was known to be current."""
        return time.monotonic() - self.current_at


class StalePages:
    """Which pages readers were given last, by what decides a page beside the record."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._given: OrderedDict[str, Given] = OrderedDict()
        self._coming: set[str] = set()
        self.cleared_at = -math.inf
        """When no page was given any more that was there before."""
        self._looking = ThreadPoolExecutor(1, "pages")

    @property
    def stale_for(self) -> float:
        """The seconds for which a page may be stale, 0 where none may."""
        found: float = self._app.config["STALE_FOR"]
        return found

    def given(self, at: str) -> Given | None:
        """Return the page of an address that may be given once more; see to it that it is new."""
        with self._lock:
            found = self._given.get(at)
        if found is None or found.age() > self.stale_for:
            return None
        if not self._is_rested(found):
            self._look(at)
        return found

    def is_fresh(self, given: Given) -> bool:
        """Tell whether a page may be given once more, and nobody need look at it yet."""
        return self._is_rested(given) and given.current_at > self.cleared_at

    def _is_rested(self, given: Given) -> bool:
        return given.age() <= self.stale_for * RESTED

    def note(self, at: str, key: str, shown: int, cleared: float) -> None:
        """Note which page is current at an address, unless all were cleared since it was begun.

        ``cleared`` is what `cleared_at` was then.
        """
        given = Given(key, shown, time.monotonic())
        with self._lock:
            if cleared != self.cleared_at:
                return
            self._given[at] = given
            self._given.move_to_end(at)
            while len(self._given) > MOST:
                self._given.popitem(last=False)
        mark_given(given)

    def keys(self) -> set[str]:
        """Return the keys of the pages that may still be given."""
        with self._lock:
            return {one.key for one in self._given.values() if one.age() <= self.stale_for}

    def clear(self) -> None:
        """Give no page once more."""
        with self._lock:
            self._given.clear()
            self.cleared_at = time.monotonic()

    def _look(self, at: str) -> None:
        """Ask for the page of this request once more, in a thread beside those of readers."""
        with self._lock:
            if at in self._coming:
                return
            self._coming.add(at)
        self._looking.submit(self._ask, at, _asked_again())

    def _ask(self, at: str, environ: WSGIEnvironment) -> None:
        try:
            with self._app.request_context(environ):
                self._app.full_dispatch_request().close()
        finally:
            with self._lock:
                self._coming.discard(at)


def stale_pages() -> StalePages:
    """Return the pages that this site may give once more."""
    found: StalePages = current_app.extensions["stale_pages"]
    return found


def mark_given(page: Given) -> None:
    """Note in the environment of this request which page its answer is."""
    request.environ[GIVEN] = page


def wants_no_newer() -> bool:
    """Tell whether a page as it was a moment ago will do for this request.

    It will not for who says that they want it as it is (RFC 9111, 5.2.1.4), as those do who were
    told that it has news, nor for what the site itself asks anew.
    """
    return ANEW not in request.environ and not request.cache_control.no_cache


def _asked_again() -> WSGIEnvironment:
    """Return the environment of this request without its connection."""
    sent = {name: value for name, value in request.environ.items() if isinstance(value, str)}
    kept = {name: request.environ[name] for name in request.environ if name.startswith("wsgi.")}
    return sent | kept | {"wsgi.input": io.BytesIO(), ANEW: True}
