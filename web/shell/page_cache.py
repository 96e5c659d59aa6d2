"""Pages kept while the record stands still: the log position is part of every key."""

from __future__ import annotations

import functools
import hashlib
import secrets
import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from flask import current_app, make_response, request
from sqlalchemy.exc import OperationalError

from timeline.domain.kept_words import forget_kept_words
from timeline.stores.trouble import QUERY_GIVEN_UP, QueryGivenUp, is_given_up
from web.shell import repeated_answers
from web.shell.downloads import find_download, forget_downloads, keep_download, takes_gzip
from web.shell.rendering import wanted_part, wants_fragment
from web.shell.request import this_request
from web.shell.stale import StalePages, mark_given, stale_pages, wants_no_newer
from web.shell.visits import seen_here, with_news

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from flask import Flask
    from werkzeug.wrappers import Response

P = ParamSpec("P")

MOST_BYTES = 16_000_000
"""What all kept pages may weigh together."""

MOST_GIVEN_UP = 1_000
"""Pages that are remembered for having taken too long; each is another one in the next minute."""

OK, NOT_MODIFIED = 200, 304

KEY = 32
"""Letters of a key, with which the name of each page that is kept begins."""

PATIENCE = 20.0
"""Seconds that a reader waits for a page which another reader has asked for just before."""


class Kept(NamedTuple):
    """An answer as it was made, before anybody's cookies and what all answers carry."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class PageCache:
    """The latest pages, and their compressed forms, by what decides every byte of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._coming: dict[str, threading.Event] = {}
        self._given_up: set[str] = set()
        self._position = 0
        self.run = secrets.token_hex(4)

    @contextmanager
    def page(self, key: str) -> Iterator[Kept | None]:
        """Lend a page, or nothing to the one who is to make it and put it while it is lent.

        Whoever asks for it meanwhile waits, once: a page that an append made stale is made anew by
        one reader, and not by all who look at it.
        """
        mine, other = threading.Event(), None
        if (found := self.get(key)) is None:
            with self._lock:
                other = self._coming.setdefault(key, mine)
            if other is not mine:
                other.wait(PATIENCE)
                found = self.get(key)
        try:
            yield found
        finally:
            if other is mine:
                with self._lock:
                    del self._coming[key]
                mine.set()

    @contextmanager
    def making(self, key: str) -> Iterator[None]:
        """Note where a page takes too long to look up, for the length of a block.

        Raises `QueryGivenUp` where it did before: nothing of it has changed, and each try holds a
        thread for as long.
        """
        with self._lock:
            if key in self._given_up:
                raise QueryGivenUp(QUERY_GIVEN_UP, why="so was the same page before")
        try:
            yield
        except (OperationalError, QueryGivenUp) as error:
            if isinstance(error, QueryGivenUp) or is_given_up(error):
                self._give_up(key)
            raise

    def _give_up(self, key: str) -> None:
        with self._lock:
            if len(self._given_up) >= MOST_GIVEN_UP:
                self._given_up.clear()
            self._given_up.add(key)

    def get(self, key: str) -> Kept | None:
        """Return a page, or nothing."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._forget()

    def keep_up(self, position: int, but: Collection[str] = ()) -> bool:
        """Forget every page if the record has gone on to a position; tell whether it has.

        Nobody asks for those any more, and what stands in them may have been erased. Kept are those
        of the keys ``but``, which readers may still be given.
        """
        with self._lock:
            has_gone_on = position > self._position
            if has_gone_on:
                self._position = position
                self._forget(but)
            return has_gone_on

    def after(self, known: int | None) -> int | None:
        """Return a log position if anything is known to have come after it."""
        return known if known is not None and known < self._position else None

    def _forget(self, but: Collection[str] = ()) -> None:
        kept = {name: page for name, page in self._pages.items() if name[:KEY] in but}
        self._pages = OrderedDict(kept)
        self._given_up.clear()
        self._bytes = sum(len(page.body) for page in kept.values())

    def put(self, key: str, page: Kept) -> None:
        """Keep a page, and let go of those that were not asked for longest."""
        with self._lock:
            if key not in self._pages:
                self._pages[key] = page
                self._bytes += len(page.body)
            while self._bytes > MOST_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1].body)


class CompressedPages:
    """What Flask-Compress asks for bytes that it has compressed before: those of kept pages."""

    def __init__(self, pages: PageCache) -> None:
        self._pages = pages

    def get(self, key: str) -> bytes | None:
        """Return the compressed form of a kept page, or nothing."""
        found = None if key.endswith(NOT_KEPT) else self._pages.get(_place_of_form(key))
        return found.body if found else None

    def set(self, key: str, compressed: bytes) -> None:
        """Keep the compressed form of a kept page; what is not kept is nothing's."""
        if not key.endswith(NOT_KEPT):
            self._pages.put(_place_of_form(key), Kept(compressed))


def _place_of_form(key: str) -> str:
    """Return where a compressed form is kept: beside its page, to be kept and forgotten with it."""
    coding, _, page = key.partition(NOT_KEPT)
    return f"{page}{coding}"


NOT_KEPT = ";"
"""How Flask-Compress's key ends where the answer is no kept page."""


def register(app: Flask) -> None:
    """Give the site a cache of its own; to be done before Flask-Compress asks for it."""
    app.extensions["pages"] = pages = PageCache()
    app.extensions["stale_pages"] = stale = StalePages(app)
    repeated_answers.register(app, stale)
    app.config.update(
        COMPRESS_CACHE_BACKEND=lambda: CompressedPages(pages),
        COMPRESS_CACHE_KEY=lambda _: this_request().kept_as,
    )


def cached(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer from the cache while nothing was recorded, and 304 to who has it (RFC 9110).

    Long data is kept in files, for those who ask for the same while it is.
    """

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        cache: PageCache = current_app.extensions["pages"]
        is_followed, at = this_request().is_followed, ""
        cleared = stale_pages().cleared_at
        if is_followed:
            at = _digest(cache.run, *_asked(cache.after(seen_here())))
            if wants_no_newer() and (found := _given(cache, at)):
                return found
        record = this_request().record
        missing = record.standing.missing
        if missing and not is_followed:
            return view(*args, **kwargs)
        if cache.keep_up(record.shown, stale_pages().keys()):
            forget_downloads()
            forget_kept_words()
        key = _digest(cache.run, record.reached, missing, *_asked(with_news(seen_here())))
        response = _current(cache, key, functools.partial(view, *args, **kwargs))
        if is_followed and cache.get(_place(key)):
            stale_pages().note(at, key, record.shown, cleared)
        return response

    vars(answer)["is_kept"] = True
    return answer


def _given(cache: PageCache, at: str) -> Response | None:
    """Return the page that readers got there a moment ago, if it may be given once more."""
    found = stale_pages().given(at)
    if found is None:
        return None
    has_it = request.if_none_match.contains_weak(found.key)
    page = cache.get(_place(found.key))
    if page is None and not has_it:
        return None
    this_request().shown = found.shown
    mark_given(found)
    if page is None or has_it:
        return _tagged(make_response("", NOT_MODIFIED), found.key)
    return _kept(make_response(page.body, page.headers), found.key)


def _current(cache: PageCache, key: str, view: Callable[[], Response]) -> Response:
    """Return the page as it now is: that it is not modified, as it is kept, or as it is made."""
    if request.if_none_match.contains_weak(key):
        return _tagged(make_response("", NOT_MODIFIED), key)
    with cache.page(_place(key)) as page:
        if page is not None:
            return _kept(make_response(page.body, page.headers), key)
        with cache.making(_place(key)):
            response = find_download(key) or view()
        if response.status_code != OK:
            return response
        # What a server sends from a file by itself may look like one that is whole.
        if response.is_streamed or response.direct_passthrough:
            keep_download(key, response)
            return _tagged(response, key)
        cache.put(_place(key), Kept(response.get_data(), tuple(response.headers.items())))
        return _kept(response, key)


def _place(key: str) -> str:
    """Return where a page is kept: data may be compressed as it is made."""
    return f"{key}{takes_gzip()}"


def _asked(known: int | None) -> tuple[object, ...]:
    """Return what decides a page beside the record; the asker too, whose role shows more or less.

    ``known`` is the log position up to which the reader knows it, where anything came after.
    """
    asked = this_request()
    return (
        asked.now,
        request.full_path,
        request.host_url,
        asked.identity,
        asked.choices,
        wants_fragment(),
        wanted_part(),
        known,
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:KEY]


def _kept(response: Response, key: str) -> Response:
    this_request().kept_as = key
    return _tagged(response, key)


def _tagged(response: Response, key: str) -> Response:
    response.set_etag(key, weak=True)
    return response
