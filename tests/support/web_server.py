"""A WSGI application behind the server that serves it in a newsroom, on a port of its own."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from timeline.cli import serving_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    Serve: TypeAlias = Callable[[WSGIApplication], str]

THREADS = 8


@contextmanager
def served(application: WSGIApplication, **settings: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the address, without a slash at its end, at which an application answers."""
    with serving_aside.serve_in_background(slowed(application), THREADS, **settings) as port:
        yield f"http://127.0.0.1:{port}"


LATENCY = "STANDLINE_TEST_LATENCY"
"""The variable that names the milliseconds by which all that is served to tests comes late."""


def slowed(application: WSGIApplication) -> WSGIApplication:
    """Return an application whose answers are late, and its pages in three pieces, if so asked."""
    latency = float(os.environ.get(LATENCY, "0")) / 1_000
    if not latency:
        return application

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(latency)
        environ.pop("HTTP_IF_NONE_MATCH", None)  # a page that is kept comes at once
        given = Response.from_app(application, environ)
        start_response(given.status, list(given.headers))
        is_page = given.mimetype == "text/html"
        body = in_pieces(given.get_data(), latency) if is_page else given.iter_encoded()
        return ClosingIterator(body, given.close)

    return answer


def in_pieces(page: bytes, latency: float) -> Iterator[bytes]:
    """Yield the first byte, with which a browser takes the address, a half, and the rest."""
    middle = len(page) // 2
    for piece in (page[:1], page[1:middle], page[middle:]):
        yield piece
        time.sleep(latency)
