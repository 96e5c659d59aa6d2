"""Answers given once more as they are, before anything else of the site is asked.

Who asks for the same page in the same words as somebody else within a second gets the same bytes:
nothing that decides an answer stands outside of what is compared. Who signed in, or brings a token,
is known by the desk alone, and is always asked for there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from flask import request

from web.shell.forwarding import is_loopback
from web.shell.identity import SESSION
from web.shell.stale import GIVEN, wants_no_newer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask, Response

    from web.shell.stale import Given, StalePages

Asked = tuple[object, ...]
"""All of a request that its answer can depend on."""

MOST = 1_000
"""Answers that are kept, each for a second or until a later one is."""

LARGEST = 250_000
"""Bytes of an answer that is kept."""

SAYS_NOTHING = frozenset(
    f"HTTP_{name}"
    for name in (
        *("USER_AGENT", "REFERER", "CONNECTION", "KEEP_ALIVE", "PRIORITY", "DNT", "SEC_GPC"),
        *("UPGRADE_INSECURE_REQUESTS", "SEC_CH_UA", "SEC_CH_UA_MOBILE", "SEC_CH_UA_PLATFORM"),
        *("SEC_FETCH_DEST", "SEC_FETCH_MODE", "SEC_FETCH_SITE", "SEC_FETCH_USER"),
    )
)
"""Headers that no page depends on, and in which readers of the same page differ."""

IS_THERE = frozenset(("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP"))
"""Headers of which a page depends on their being there, and not on what they say."""

ASKED = "standline.asked"
"""What a request has in its environment whose answer may be given once more: its `Asked`."""


class Answer(NamedTuple):
    """An answer as the site gave it, and the page that it is."""

    given: Given
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class RepeatedAnswers:
    """Stands before the site, and answers for it what it has just answered."""

    def __init__(self, site: WSGIApplication, pages: StalePages) -> None:
        self._site = site
        self._pages = pages
        self._lock = threading.Lock()
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        if self._pages.stale_for and _is_any_readers(environ):
            environ[ASKED] = asked = _asked(environ)
            if found := self._fresh(asked):
                start_response(found.status, found.headers[:])
                return [found.body]
        return self._site(environ, start_response)

    def keep(self, response: Response) -> Response:
        """Keep an answer of the site, to be asked when nothing is added to it any more."""
        given, asked = request.environ.get(GIVEN), request.environ.get(ASKED)
        is_whole = not response.is_streamed and not response.direct_passthrough
        if given and asked and is_whole and wants_no_newer() and self._pages.is_fresh(given):
            body = response.get_data()
            if len(body) <= LARGEST:
                headers = response.get_wsgi_headers(request.environ).to_wsgi_list()
                self._put(asked, Answer(given, response.status, headers, body))
        return response

    def _fresh(self, asked: Asked) -> Answer | None:
        with self._lock:
            found = self._answers.get(asked)
        return found if found and self._pages.is_fresh(found.given) else None

    def _put(self, asked: Asked, answer: Answer) -> None:
        with self._lock:
            self._answers[asked] = answer
            self._answers.move_to_end(asked)
            while len(self._answers) > MOST or self._begins_outdated():
                self._answers.popitem(last=False)

    def _begins_outdated(self) -> bool:
        oldest = next(iter(self._answers.values()), None)
        return oldest is not None and not self._pages.is_fresh(oldest.given)


def register(app: Flask, pages: StalePages) -> None:
    """Put the answers before a site; before all that adds to an answer, since they come last."""
    answers = RepeatedAnswers(app.wsgi_app, pages)
    app.after_request(answers.keep)
    app.wsgi_app = answers  # type: ignore[method-assign]  # as Flask tells middleware to


def _is_any_readers(environ: WSGIEnvironment) -> bool:
    """Tell whether somebody asks for a page who is nobody in particular."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_AUTHORIZATION" not in environ
        and f"{SESSION}=" not in environ.get("HTTP_COOKIE", "")
    )


def _asked(environ: WSGIEnvironment) -> Asked:
    sent = sorted(
        (name, None if name in IS_THERE else value)
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in SAYS_NOTHING
    )
    return (
        environ["wsgi.url_scheme"],
        environ["SERVER_PROTOCOL"],
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        is_loopback(environ.get("REMOTE_ADDR") or "localhost"),
        *sent,
    )
