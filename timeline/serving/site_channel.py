"""A connection to the site: a long body comes when the site has said so, and idle ones make room.

Waitress takes a body in before anybody looks at who sends it, and no more connections once it has
as many as it may. Here the site is asked first, by the head of the request alone, on a thread as
for any answer; the connection is not read meanwhile. Whoever comes when all connections are taken
gets the place of the one that has asked for nothing longest. And where requests wait for a thread,
each address has its turn, however much another asks.
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
"""Bytes of a body that is taken in whoever sends it: forms and what is typed into them."""

AT_ONCE = 100
"""Connections that are taken in together."""

LINGERS = 30
"""Seconds for which what comes of a refused body is dropped, for its sender to read the answer."""

TAKE_BODY = "standline.take_body"
"""What the site finds in its WSGI environment in place of a long body: a function to ask for it."""


class SiteParser(HTTPRequestParser):
    """One request, at first without its body where that is long.

    The site ``asks`` for the body then, of which ``held`` is what came with the head, or answers
    with a ``refusal``: status, headers and body.
    """

    asks = continues = False
    held = b""
    refusal: tuple[str, list[tuple[str, str]], bytes] | None = None

    def received(self, data: bytes) -> int:
        """Take in what came; return how much of it belongs to this request."""
        consumed: int = super().received(data)
        begins = self.headers_finished and not self.completed and not self.body_bytes_received
        if begins and (self.chunked or self.content_length > LONG):
            self.asks = self.completed = True
            self.continues, self.expect_continue = self.expect_continue, False
            self.held = data[consumed:]
            return len(data)
        return consumed

    def go_on(self) -> bytes:
        """Take the body in after all; return what came after its end already."""
        self.asks = self.completed = False
        self.expect_continue, held, self.held = self.continues, self.held, b""
        return held[super().received(held) :] if held else b""


class SiteTask(HandingOverTask):
    """The answer to one request."""

    channel: Any
    request: Any
    response_headers: list[tuple[str, str]]

    def execute(self) -> None:
        """Send a refusal as it is, and let the site answer anything else."""
        if self.request.refusal is None:
            super().execute()
            return
        self.complete = True
        self.status, headers, body = self.request.refusal
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.write(body)

    def ask(self) -> bool:
        """Ask the site by the head alone whether the body may come; keep what it says instead."""
        said: list[Any] = ["500 Internal Server Error", []]
        taken: list[bool] = []
        environ = self.get_environment() | {
            "CONTENT_LENGTH": "0",
            "wsgi.input": io.BytesIO(),
            TAKE_BODY: lambda: taken.append(True),
        }

        def start_response(*told: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - of WSGI
            said[:] = told
            return self.write

        body = b""
        try:
            answer = self.channel.server.application(environ, start_response)
            with closing(answer):
                body = b"".join(answer)
        except Exception:
            self.logger.exception("asking whether the body of %s may come", self.request.path)
        if not taken:
            self.request.refusal = (said[0], said[1], body)
        return bool(taken)


class SiteChannel(HandingOverChannel):
    """A connection to the site; ``since`` is when it began to wait for a request."""

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
        """Answer one request, on a thread; or let its body come."""
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
        """Take in what came, or drop it where it is of a body that was refused."""
        if not self.lingers_until:
            return bool(super().received(data))
        self._dropped += len(data)
        is_enough = self._dropped >= self.adj.max_request_body_size
        if is_enough or time.monotonic() > self.lingers_until:
            self.handle_close()
        return True

    def handle_close(self) -> None:
        """Close the connection, or linger where a body was refused and the answer is sent.

        To close it while its other end still sends would reset it, and the answer would be lost.
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
        idle = [each for each in channels if not (each is self or each.requests or each.will_close)]
        if idle:
            longest = min(idle, key=_when_last_needed)
            longest.will_close = True
            with suppress(OSError):
                longest.socket.shutdown(socket.SHUT_RDWR)


def _when_last_needed(channel: SiteChannel) -> tuple[bool, bool, float]:
    """Order idle connections: those that only linger first, those with an answer to send last."""
    return channel.total_outbufs_len > 0, not channel.lingers_until, channel.since


class FairQueue:
    """Requests that wait for a thread, by the address that they come from; each has its turn."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[SiteChannel]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def append(self, channel: SiteChannel) -> None:
        """Let the first request of a connection wait behind others of its address."""
        self._waiting.setdefault(_address_of(channel), deque()).append(channel)
        self._count += 1

    def popleft(self) -> SiteChannel:
        """Return whose turn it is; raises `KeyError` where nobody waits."""
        address, channels = self._waiting.popitem(last=False)
        channel = channels.popleft()
        self._count -= 1
        if channels:
            self._waiting[address] = channels
        return channel


def attend(server: Any) -> None:  # noqa: ANN401 - its stubs leave out what is set here
    """Let a server of waitress have our connections and our queue, and take in many at once."""
    accept_one = server.handle_accept

    def accept() -> None:
        # Among busy threads its own has its turn seldom, and takes in one connection each time.
        for _ in range(AT_ONCE):
            before = len(server.active_channels)
            accept_one()
            if len(server.active_channels) == before:
                return

    server.channel_class = SiteChannel
    server.handle_accept = accept
    server.task_dispatcher.queue = FairQueue()


def _address_of(channel: Any) -> str:  # noqa: ANN401 - one of ours
    """Return where a request comes from: what the proxy in front says of it, if it is trusted."""
    address = str(channel.addr[0])
    said: str = channel.requests[0].headers.get("X_FORWARDED_FOR", "") if channel.requests else ""
    is_trusted = address == channel.adj.trusted_proxy
    return said.rpartition(",")[2].strip() if said and is_trusted else address
