"""A WSGI application behind the server that serves it in a newsroom, on a port of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support.slow_line import slowed
from timeline.cli import serving_aside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import WSGIApplication

THREADS = 8


@contextmanager
def served(application: WSGIApplication, **settings: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the address, without a slash at its end, at which an application answers."""
    with serving_aside.served(slowed(application), THREADS, **settings) as port:
        yield f"http://127.0.0.1:{port}"
