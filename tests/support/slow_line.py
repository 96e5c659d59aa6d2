"""A line on which answers come late and pages come in pieces, as they do to a busy machine.

What a test does not wait for is there already, on a quick one, and is missing once in a thousand
runs on another. On this line it is missing each time.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

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
