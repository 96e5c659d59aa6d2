"""How the server of pages hands a connection over, once it has sent the head of an endless answer.

Waitress reads requests and writes answers for as long as a view runs, and would hold a thread for
an answer without an end. So the view answers with nothing but a head and says who takes the
connection; when the head is sent, the thread that watches all connections passes it on in place of
closing it.
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
"""What a view finds in its WSGI environment: a function that takes who goes on."""


class HandingOverTask(WSGITask):
    """One request, whose view may say who goes on with its connection."""

    def set_close_on_finish(self) -> None:
        """Close the connection after the answer, but not only because its body has no length.

        Waitress would do so after each page that its reader has already (304), which has no body.
        """
        request: Any = self.request  # its stubs leave out what was asked for
        asked_to = request.headers.get("CONNECTION", "").lower() == "close"
        if asked_to or self.has_body or self.version != "1.1":
            super().set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment with the way to hand over."""
        environ: dict[str, Any] = super().get_environment()
        environ[HAND_OVER] = self._hand_over
        return environ

    def _hand_over(self, take: Take) -> None:
        channel: Any = self.channel  # one of ours
        channel.take = take
        # An answer of HTTP/1.0 ends with its connection: it has no length, and no chunks.
        self.version = "1.0"
        self.set_close_on_finish()


class HandingOverChannel(HTTPChannel):
    """A connection that somebody else may go on with."""

    task_class = HandingOverTask
    take: Take | None = None

    def handle_close(self) -> None:
        """Close the connection, or pass it on; only the thread that watches all calls it."""
        take, self.take = self.take, None
        if take is None or self.socket is None:
            super().handle_close()
            return
        other = self.socket.dup()
        super().handle_close()
        take(other)
