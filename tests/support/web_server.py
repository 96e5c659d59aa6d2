"""A WSGI application behind the server that serves it in a newsroom, on a port of its own."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from timeline.cli.site_server import SERVER
from timeline.live.handing_over import HandingOverChannel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket
    from wsgiref.types import WSGIApplication

THREADS = 8


@contextmanager
def served(application: WSGIApplication, **settings: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the address, without a slash at its end, at which an application answers."""
    sockets: dict[int, socket] = {}
    server: Any = create_server(  # its stubs leave out the port and the trigger
        application,
        map=sockets,
        host="127.0.0.1",
        port=0,
        threads=THREADS,
        **SERVER,
        **settings,
    )
    server.channel_class = HandingOverChannel
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Only the thread that watches the sockets can close them and find nothing left to watch.
        server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join(timeout=30)
        server.task_dispatcher.shutdown()
