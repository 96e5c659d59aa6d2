"""Hands over a connection once the head of an endless answer is sent.

Waitress would block a thread for as long as an answer goes on. So the view answers with a head only
and names a function that takes the connection; when the head is sent, the thread that watches all
connections passes the socket to it instead of closing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    Take = Callable[[socket.socket], None]

HAND_OVER = "standline.hand_over"
"""The key in the WSGI environment of a function that takes the taker of the connection."""


class HandingOverTask(WSGITask):
    """One request, whose view may hand over its connection."""

    def set_close_on_finish(self) -> None:
        """Close the connection after the answer, except if only a body is missing.

        Waitress would close it after every 304, which has no body.
        """
        request: Any = self.request  # its stubs leave out what was asked for
        asked_to = request.headers.get("CONNECTION", "").lower() == "close"
        if asked_to or self.has_body or self.version != "1.1":
            super().set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment with `HAND_OVER`."""
        environ: dict[str, Any] = super().get_environment()
        environ[HAND_OVER] = self._hand_over
        return environ

    def _hand_over(self, take: Take) -> None:
        channel: Any = self.channel  # one of ours
        channel.take = take
        # An HTTP/1.0 answer needs no length and no chunks: it ends with its connection.
        self.version = "1.0"
        self.set_close_on_finish()


class HandingOverChannel(HTTPChannel):
    """A connection that may be handed over."""

    task_class = HandingOverTask
    take: Take | None = None

    def handle_close(self) -> None:
        """Close the connection, or pass it on; runs in the thread that watches all connections."""
        take, self.take = self.take, None
        if take is None or self.socket is None:
            super().handle_close()
            return
        other = self.socket.dup()
        super().handle_close()
        take(other)
