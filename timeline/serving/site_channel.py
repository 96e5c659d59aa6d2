"""Connections to the site: a long body is read only if the site agrees, and idle ones make room.

Waitress reads a body before any check of its sender, and accepts no connections beyond a limit.
Here the site is asked first, with the head of the request alone, on a worker thread; the connection
is not read meanwhile. If all connections are taken, a new one replaces the one that has been idle
longest. Requests that wait for a thread take turns by address, however many one address sends.
"""

from __future__ import annotations

import io
import socket
import time
from collections import OrderedDict, deque
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from waitress.parser import HTTPRequestParser

from timeline.serving.connections import CONNECTIONS
from timeline.serving.handing_over import HandingOverChannel, HandingOverTask

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 65_536
"""A body of up to so many bytes is always read: forms and what is typed into them."""

AT_ONCE = 100
"""Connections accepted in one go."""

LINGERS = 30
"""Seconds for which a refused body is read and dropped, so that its sender gets the answer."""

TAKE_BODY = "standline.take_body"
"""The key in the WSGI environment of a function that asks for a long body."""


class SiteParser(HTTPRequestParser):
    """One request, at first without its body if that is long.

    ``asks`` is true until the site has decided; ``held`` is the part of the body that came with the
    head. If the site refuses, ``refusal`` is its answer: status, headers and body.
    """

    asks = continues = False
    held = b""
    refusal: tuple[str, list[tuple[str, str]], bytes] | None = None

    def received(self, data: bytes) -> int:
        """Parse data; return how many bytes belong to this request."""
        consumed: int = super().received(data)
        begins = self.headers_finished and not self.completed and not self.body_bytes_received
        if begins and (self.chunked or self.content_length > LONG):
            self.asks = self.completed = True
            self.continues, self.expect_continue = self.expect_continue, False
            self.held = data[consumed:]
            return len(data)
        return consumed

    def go_on(self) -> bytes:
        """Parse the held body after all; return the data after its end."""
        self.asks = self.completed = False
        self.expect_continue, data, self.held = self.continues, self.held, b""
        return data[super().received(data) :] if data else b""


class SiteTask(HandingOverTask):
    """The answer to one request."""

    channel: Any
    request: Any
    response_headers: list[tuple[str, str]]

    def execute(self) -> None:
        """Send the refusal if there is one, else let the site answer."""
        if self.request.refusal is None:
            super().execute()
            return
        self.complete = True
        self.status, headers, body = self.request.refusal
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.write(body)

    def ask(self) -> bool:
        """Ask the site, with the head alone, whether to read the body; else store its refusal."""
        response: list[Any] = ["500 Internal Server Error", []]
        asked_for: list[bool] = []
        environ = self.get_environment() | {
            "CONTENT_LENGTH": "0",
            "wsgi.input": io.BytesIO(),
            TAKE_BODY: lambda: asked_for.append(True),
        }

        def start_response(*values: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - of WSGI
            response[:] = values
            return self.write

        body = b""
        try:
            answer = self.channel.server.application(environ, start_response)
            with closing(answer):
                body = b"".join(answer)
        except Exception:
            self.logger.exception("asking whether the body of %s may come", self.request.path)
        if not asked_for:
            self.request.refusal = (response[0], response[1], body)
        return bool(asked_for)


class SiteChannel(HandingOverChannel):
    """A connection to the site; ``since`` is when it became idle."""

    parser_class = SiteParser
    task_class = SiteTask
    requests: list[Any]
    requests_lock: Any

    def __init__(self, server: Any, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - waitress'
        super().__init__(server, *args, **settings)
        self.since = time.monotonic()
        self._is_refused = False
        self.lingers_until = 0.0
        self._dropped = 0
        if len(server.active_channels) > CONNECTIONS:
            self._make_room(server.active_channels.values())

    def service(self) -> None:
        """Answer one request, on a thread; or start to read its body."""
        request = self.requests[0]
        if request.error:
            self._is_refused = True
        elif request.asks:
            if SiteTask(self, request).ask():
                # It is not read from while a request of it is answered.
                if later := request.go_on():
                    self.received(later)
                if not request.completed:
                    self._read_on(request)
                    return
            else:
                self._is_refused = True
        super().service()
        self.since = time.monotonic()

    def received(self, data: bytes) -> bool:
        """Parse data, or drop it if it belongs to a refused body."""
        if not self.lingers_until:
            return bool(super().received(data))
        self._dropped += len(data)
        is_enough = self._dropped >= self.adj.max_request_body_size
        if is_enough or time.monotonic() > self.lingers_until:
            self.handle_close()
        return True

    def handle_close(self) -> None:
        """Close the connection, or linger if a body was refused and the answer is sent.

        Closing while the other end still sends would reset the connection and lose the answer.
        """
        is_answered = self.will_close and not self.total_outbufs_len
        if self._is_refused and is_answered and self.socket is not None:
            self._is_refused = False
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                self.lingers_until = time.monotonic() + LINGERS
                self.will_close = False
                return
        super().handle_close()

    def _read_on(self, request: SiteParser) -> None:
        with self.requests_lock:
            self.requests.pop(0)
            self.request = request
            if request.expect_continue:
                self.send_continue()
        # Its body was just asked for: others have been idle longer.
        self.since = time.monotonic()
        self.server.pull_trigger()

    def _make_room(self, channels: Any) -> None:  # noqa: ANN401 - waitress'
        idle = [
            channel
            for channel in channels
            if not (channel is self or channel.requests or channel.will_close)
        ]
        if idle:
            longest = min(idle, key=_when_last_needed)
            longest.will_close = True
            with suppress(OSError):
                longest.socket.shutdown(socket.SHUT_RDWR)


def _when_last_needed(channel: SiteChannel) -> tuple[bool, bool, float]:
    """Sort key of idle connections: those that only linger first, those with unsent data last."""
    return channel.total_outbufs_len > 0, not channel.lingers_until, channel.since


class FairQueue:
    """Requests that wait for a thread; addresses take turns."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[SiteChannel]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """Return the number of waiting requests."""
        return self._count

    def append(self, channel: SiteChannel) -> None:
        """Queue the first request of a connection behind others of its address."""
        self._waiting.setdefault(_address_of(channel), deque()).append(channel)
        self._count += 1

    def popleft(self) -> SiteChannel:
        """Return the connection whose turn it is; raises `KeyError` if none waits."""
        address, channels = self._waiting.popitem(last=False)
        channel = channels.popleft()
        self._count -= 1
        if channels:
            self._waiting[address] = channels
        return channel


def install_site_channel(server: Any) -> None:  # noqa: ANN401 - its stubs leave out what is set here
    """Make a waitress server use `SiteChannel` and `FairQueue`, and accept many at once."""
    accept_one = server.handle_accept

    def accept() -> None:
        # Beside busy threads the accepting one seldom runs: one connection each time is too few.
        for _ in range(AT_ONCE):
            before = len(server.active_channels)
            accept_one()
            if len(server.active_channels) == before:
                return

    server.channel_class = SiteChannel
    server.handle_accept = accept
    server.task_dispatcher.queue = FairQueue()


def _address_of(channel: Any) -> str:  # noqa: ANN401 - one of ours
    """Return the address of a request: as the proxy names it, if the proxy is trusted."""
    address = str(channel.addr[0])
    forwarded: str = (
        channel.requests[0].headers.get("X_FORWARDED_FOR", "") if channel.requests else ""
    )
    is_trusted = address == channel.adj.trusted_proxy
    return forwarded.rpartition(",")[2].strip() if forwarded and is_trusted else address
