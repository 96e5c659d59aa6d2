"""Serve an application in the background, with the same server as for newsrooms."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from timeline.cli.site_server import HOST, SERVER, silence_queue_warnings
from timeline.serving.site_channel import install_site_channel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket
    from wsgiref.types import WSGIApplication

PATIENCE = 30


@contextmanager
def serve_in_background(
    application: WSGIApplication,
    threads: int,
    **settings: Any,  # noqa: ANN401 - of waitress
) -> Iterator[int]:
    """Serve an application while the block runs, and yield its port."""
    silence_queue_warnings()
    sockets: dict[int, socket] = {}
    server: Any = create_server(  # its stubs leave out the port and the trigger
        application,
        map=sockets,
        host=HOST,
        port=0,
        threads=threads,
        **SERVER,
        **settings,
    )
    install_site_channel(server)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # Only the thread that watches the sockets can close them and end. A finished answer may
        # wake it before this trigger does, so it may have ended already.
        with suppress(OSError):
            server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join(timeout=PATIENCE)
        server.task_dispatcher.shutdown()
