"""Cache pages until the record changes: the log position is part of every key.

An ETag identifies the page and the kind of reader, and `Cache-Control` lets a proxy keep public
pages for a second.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from cachetools import LRUCache, TTLCache
from cachetools import cached as made_once
from flask import current_app, make_response, request
from sqlalchemy.exc import OperationalError

from timeline.domain.word_cache import forget_cached_words
from timeline.stores.trouble import QUERY_GIVEN_UP, QueryGivenUp, is_given_up
from web.shell.downloads import find_download, forget_downloads, keep_download, takes_gzip
from web.shell.identity import Identity
from web.shell.rendering import wanted_part, wants_fragment
from web.shell.request import this_request
from web.shell.slots import is_costly, slot
from web.shell.visits import seen_here, with_news

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from werkzeug.wrappers import Response

P = ParamSpec("P")

MOST_BYTES = 16_000_000
"""The most bytes of all cached pages."""

SMALLEST = 100
"""The least weight of a page in bytes."""

FRESH_FOR, GIVEN_FOR = 1.0, 5.0
"""Seconds for which all readers get the same page without a look at the record, and seconds for
which they still get it while one reader's request looks."""

MOST_GIVEN = 10_000
"""The most pages that are given without a look at the record."""

FOR_EVERYBODY = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
"""Lets a proxy use a page for a second, and for another one while it fetches a newer one."""

OK, NOT_MODIFIED = 200, 304

RUN, KEY = 8, 32
"""The length of a run's id, and of a page's tag, which begins with it."""


class CachedAnswer(NamedTuple):
    """An answer without cookies and common headers."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    is_given_up: bool = False
    """Whether there is no body, because the query took too long: it is not tried again."""


class LastGiven(NamedTuple):
    """The page that readers got last: its tag, log position, and time."""

    tag: str
    shown: int
    at: float


class PageCache:
    """The latest pages, and their compressed forms, by keys that determine every byte.

    A new ``run`` begins when the site starts, and when all pages are forgotten. Tags begin with it,
    so that pages of an earlier run are never found.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._pages: LRUCache[str, CachedAnswer | Response] = LRUCache(MOST_BYTES, self._weight)
        self._given: TTLCache[str, LastGiven, float] = TTLCache(
            MOST_GIVEN, GIVEN_FOR, time.monotonic
        )
        self._looked_at: set[str] = set()
        self._position = 0
        self.run = secrets.token_hex(RUN // 2)
        self.page = made_once(self._pages, lambda name, _: name, condition=self._lock)(self._made)
        """Return a page by its name; the first request makes it, others wait for it."""

    def get(self, name: str) -> CachedAnswer | None:
        """Return a cached page, or ``None``."""
        with self._lock:
            page = self._pages.get(name)
        return page if isinstance(page, CachedAnswer) else None

    def put(self, name: str, page: CachedAnswer) -> None:
        """Cache a page, unless all were forgotten since it was begun."""
        with self._lock:
            if name.startswith(self.run):
                with suppress(ValueError):  # heavier than all may be
                    self._pages[name] = page

    @contextmanager
    def given(self, place: str) -> Iterator[LastGiven | None]:
        """Lend the page that readers get at a place, or ``None`` to the one request that must look.

        Until the end of that request's block, others get the previous page.
        """
        with self._lock:
            given = self._given.get(place)
            if given and time.monotonic() - given.at <= FRESH_FOR:
                looks = False
            else:
                looks = place not in self._looked_at
                self._looked_at.add(place)
        try:
            yield None if looks else given
        finally:
            if looks:
                with self._lock:
                    self._looked_at.discard(place)

    def note(self, place: str, tag: str, shown: int) -> None:
        """Note which page is current at a place."""
        with self._lock:
            if tag.startswith(self.run):
                self._given[place] = LastGiven(tag, shown, time.monotonic())

    def forget(self) -> None:
        """Forget all pages, also those that are being made."""
        with self._lock:
            self.run = secrets.token_hex(RUN // 2)
            self._pages.clear()
            self._given.clear()

    def keep_up(self, position: int) -> bool:
        """Forget old pages if the record has changed; tell whether it has.

        Nobody asks for them any more, and they may hold erased words.
        """
        with self._lock:
            if position <= self._position:
                return False
            self._position = position
            given = {given_page.tag for given_page in self._given.values()}
            for name in [name for name in self._pages if name[:KEY] not in given]:
                del self._pages[name]
            return True

    def after(self, known: int | None) -> int | None:
        """Return a log position if events after it are known, else ``None``."""
        return known if known is not None and known < self._position else None

    @staticmethod
    def _weight(page: CachedAnswer | Response) -> int:
        # A page heavier than the whole cache is returned, and not cached.
        return max(len(page.body), SMALLEST) if isinstance(page, CachedAnswer) else MOST_BYTES + 1

    def _made(
        self, name: str, make: Callable[[], CachedAnswer | Response]
    ) -> CachedAnswer | Response:
        page = make()
        if isinstance(page, CachedAnswer) and not name.startswith(self.run):
            return _answer(page)
        return page


class CompressedPages:
    """The cache of Flask-Compress: compressed forms of cached pages."""

    def __init__(self, pages: PageCache) -> None:
        self._pages = pages

    def get(self, key: str) -> bytes | None:
        """Return the compressed form of a cached page, or ``None``."""
        kept = self._pages.get(_name_of_form(key))
        return kept.body if kept else None

    def set(self, key: str, compressed: bytes) -> None:
        """Cache the compressed form of a cached page; others have no tag."""
        self._pages.put(_name_of_form(key), CachedAnswer(compressed))


def _name_of_form(key: str) -> str:
    """Return the name of a compressed form, which is cached and forgotten with its page."""
    coding, _, tag = key.partition(";")
    return f"{tag}{coding}"


def register(app: Flask) -> None:
    """Set up the site's cache; must be called before Flask-Compress uses it."""
    app.extensions["pages"] = pages = PageCache()
    app.config.update(
        COMPRESS_CACHE_BACKEND=lambda: CompressedPages(pages),
        COMPRESS_CACHE_KEY=lambda _: this_request().kept_as,
    )


def cached(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer from the cache while nothing was recorded, with 304 to who has the page (RFC 9110).

    If another process updates the read models, readers may get a page that was current a second
    ago, unless they ask for a fresh one (RFC 9111, 5.2.1.4), as after a notice of news. Long data
    is cached in files.
    """

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        pages, make = _pages(), functools.partial(view, *args, **kwargs)
        run = pages.run
        if not this_request().is_followed or request.cache_control.no_cache:
            return _looked_at(pages, run, make)
        with pages.given(_place(run, pages.after(seen_here()))) as given_page:
            return (given_page and _again(pages, given_page)) or _looked_at(pages, run, make)

    vars(answer)["is_kept"] = True
    return answer


def forget_pages() -> None:
    """Forget all pages; for words that must not be read again."""
    _pages().forget()
    forget_downloads()


def refresh_pages() -> None:
    """Catch up after a command, so that no later page shows, for example, withheld words."""
    forget_pages()
    this_request().record.refresh()


def _pages() -> PageCache:
    cache: PageCache = current_app.extensions["pages"]
    return cache


def _looked_at(pages: PageCache, run: str, make: functools.partial[Response]) -> Response:
    """Return the current page."""
    request = this_request()
    record, is_followed = request.record, request.is_followed
    missing = record.standing.missing
    if missing and not is_followed:
        return make()
    if pages.keep_up(record.shown):
        forget_downloads()
        forget_cached_words()
    place = _place(run, with_news(seen_here()))
    tag = run + _digest(place, record.reached, missing)[RUN:]
    response = _current(pages, tag, make)
    if is_followed and response.status_code in (OK, NOT_MODIFIED):
        pages.note(place, tag, record.shown)
    return response


def _again(pages: PageCache, given: LastGiven) -> Response | None:
    """Return the page that readers got a moment ago, if it is still cached."""
    if _has(given.tag):
        response = _not_modified(given.tag)
    elif page := pages.get(_name(given.tag)):
        response = _kept(page, given.tag)
    else:
        return None
    this_request().shown = given.shown
    return response


def _current(pages: PageCache, tag: str, view: functools.partial[Response]) -> Response:
    """Return 304, the cached page, or a new one."""
    if _has(tag):
        return _not_modified(tag)
    if cached_page := pages.get(_name(tag)):
        return _kept(cached_page, tag)
    if download := find_download(tag):
        return _tagged(download, tag)
    # Requests that wait for the same page hold a slot, too.
    with slot() if is_costly(view.func) else nullcontext():
        page = pages.page(_name(tag), functools.partial(_make, tag, view))
    return _kept(page, tag) if isinstance(page, CachedAnswer) else page


def _make(tag: str, view: Callable[[], Response]) -> CachedAnswer | Response:
    """Make a page; an answer that cannot be cached is returned as it is."""
    try:
        response = find_download(tag) or view()
    except (OperationalError, QueryGivenUp) as error:
        if isinstance(error, QueryGivenUp) or is_given_up(error):
            return CachedAnswer(b"", is_given_up=True)
        raise
    if response.status_code != OK:
        return response
    # An answer from a file may look like a whole one.
    if response.is_streamed or response.direct_passthrough:
        keep_download(tag, response)
        return _tagged(response, tag)
    return CachedAnswer(response.get_data(), tuple(response.headers.items()))


def _name(tag: str) -> str:
    """Return the key of a page; data may be compressed while it is made."""
    return f"{tag}{takes_gzip()}"


def _place(run: str, known: int | None) -> str:
    """Return what determines a page beside the record, including the reader's role.

    ``known`` is the log position up to which the reader knows it, if anything came after.
    """
    current = this_request()
    return _digest(
        run,
        current.now,
        request.full_path,
        request.host_url,
        current.identity,
        current.choices,
        wants_fragment(),
        wanted_part(),
        known,
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:KEY]


def _has(tag: str) -> bool:
    return request.if_none_match.contains_weak(tag)


def _not_modified(tag: str) -> Response:
    return _tagged(make_response("", NOT_MODIFIED), tag)


def _answer(page: CachedAnswer) -> Response:
    if page.is_given_up:
        raise QueryGivenUp(QUERY_GIVEN_UP, why="it, or the same page before, took too long")
    return make_response(page.body, page.headers)


def _kept(page: CachedAnswer, tag: str) -> Response:
    response = _answer(page)
    this_request().kept_as = tag
    return _tagged(response, tag)


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    if this_request().is_followed and _is_for_everybody():
        response.headers["Cache-Control"] = FOR_EVERYBODY
        response.vary.update(("Cookie", "Accept-Language", "HX-Request", "HX-Target"))
    return response


def _is_for_everybody() -> bool:
    """Tell whether the reader is anonymous, and sent no credentials or cookies."""
    nobody = this_request().identity == Identity()
    return nobody and not request.cookies and "Authorization" not in request.headers
