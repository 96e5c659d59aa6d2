"""Read the article at an address that somebody at the desk entered."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from timeline.capture.files.article_file import MOST_BYTES, ArticleFile
from timeline.capture.files.fetching import FINE, Bounds, fetch
from timeline.capture.files.reading import read_file
from timeline.desk.feeds import SOURCE_STATUS
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import clean_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FIELD = "source.url"
PUBLIC = "public"
"""Means every host on the public internet."""

PAGE_NOT_READ = Message(
    "page_not_read",
    "this page cannot be read: %(why)s",
    fix="save it as a file in your browser, or paste its text",
)
PAGE_NOT_ASKED = Message(
    "page_not_asked",
    "this site does not read pages of %(host)s",
    fix="save it as a file in your browser, or paste its text",
)
PAGES_BUSY = Message("pages_busy", "two other pages are being read", fix="try again in a moment")

AT_ONCE = 2
BOUNDS = Bounds(seconds=10.0, most=MOST_BYTES)
"""Limits of a page; they are short since somebody waits for it."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def article_at(address: str, hosts: Collection[str], bounds: Bounds = BOUNDS) -> ArticleFile:
    """Return the article at an address, if its host is one of ``hosts``.

    `PUBLIC` among them means every public host. A host inside a network has to be named itself; a
    redirect must lead to a public host or to the same host. Raises `Refused` for another host, for
    a page that cannot be read, and while two other pages are being read.
    """
    page = clean_url(address, FIELD)
    host = urlsplit(page).hostname or ""
    is_named = host in hosts
    if not is_named and PUBLIC not in hosts:
        raise Refused(PAGE_NOT_ASKED, field=FIELD, host=InQuotes(host))
    with _turn(), _in_words():
        answer = fetch(page, own_address=page if is_named else "", bounds=bounds)
        if answer.status != FINE:
            raise Refused(SOURCE_STATUS, status=answer.status)
        return read_file(answer.body, urlsplit(page).path)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(blocking=False):
        raise Refused(PAGES_BUSY, field=FIELD)
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise Refused(PAGE_NOT_READ, field=FIELD, why=error.what) from None
