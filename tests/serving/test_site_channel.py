"""Long bodies come when the site has asked for them, and idle connections make room for others."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.tiers import thorough
from tests.web.record.desk import Desk
from tests.web.site import Site
from timeline.desk.accounts.roles import Role
from timeline.serving import site_channel
from timeline.serving.site_channel import LONG, FairQueue
from web.shell.identity import Identity, everybody_reads

if TYPE_CHECKING:
    from tests.support.web_server import Serve

CHUNKED = "Transfer-Encoding: chunked"
FORM = "Content-Type: application/x-www-form-urlencoded"
LARGE = 6_800_000
PATIENCE = 20


class Door(NamedTuple):
    """Where a site answers."""

    host: str
    port: int

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(self, timeout=PATIENCE)

    def head(self, path: str, *headers: str) -> bytes:
        """Return the head of a form that is sent."""
        first = f"POST {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        return (first + "".join(f"{header}\r\n" for header in headers) + "\r\n").encode()

    def get(self, path: str) -> int:
        """Return the status of a page."""
        connection = HTTPConnection(*self, timeout=PATIENCE)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status


def door(serve: Serve, site: Site) -> Door:
    host, _, port = serve(site.app).removeprefix("http://").partition(":")
    return Door(host, int(port))


@pytest.fixture
def readers(desk: Desk, serve: Serve) -> Door:
    """A site on which everybody reads."""
    return door(serve, Site(desk.services, identify=everybody_reads))


@pytest.fixture
def editors(desk: Desk, serve: Serve) -> Door:
    """A site on which everybody records."""
    return door(serve, Site(desk.services, identify=lambda _: Identity("editor", Role.EDITOR)))


def answer(connection: socket.socket) -> bytes:
    """Return all that comes until the connection ends."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.thorough
@pytest.mark.parametrize("length", [f"Content-Length: {LARGE}", CHUNKED], ids=["long", CHUNKED])
@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 403), ("/prefs", 413), ("/record", 403), ("/api/v1/entries/1/corrections", 403)],
)
def test_who_may_send_nothing_long_is_refused_by_the_head_alone(
    readers: Door, path: str, status: int, length: str
) -> None:
    for more in ((), ("Expect: 100-continue",)):
        with readers.connect() as connection:
            connection.sendall(readers.head(path, length, *more))
            assert answer(connection).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/t/union", 405)])
def test_what_no_route_takes_is_refused_by_the_head_alone_whoever_sends_it(
    editors: Door, path: str, status: int
) -> None:
    with editors.connect() as connection:
        connection.sendall(editors.head(path, f"Content-Length: {LARGE}"))
        assert answer(connection).startswith(f"HTTP/1.1 {status} ".encode())


def test_who_sends_on_all_the_same_reads_why_it_is_refused(readers: Door) -> None:
    with readers.connect() as connection:
        connection.sendall(readers.head("/nowhere", "Content-Length: 1000000") + bytes(1_000_000))
        assert answer(connection).startswith(b"HTTP/1.1 403 ")


def read_refusal(connection: socket.socket) -> None:
    """Wait until the answer is there whole, but leave it for later."""
    while not connection.recv(65_536, socket.MSG_PEEK).startswith(b"HTTP/1.1 4"):
        pass
    time.sleep(0.2)


def sent_until_cut_off(connection: socket.socket) -> int:
    """Send on, and return how many bytes went out before the connection was reset."""
    sent = 0
    with suppress(ConnectionResetError, BrokenPipeError):
        while sent < 20 * LARGE:
            sent += connection.send(bytes(LONG))
            time.sleep(0.005)
    return sent


@pytest.mark.parametrize(("path", "length"), [("/nowhere", 3_000_000), ("/prefs", 7_000_001)])
def test_who_still_sends_when_the_refusal_comes_reads_it_afterwards(
    readers: Door, path: str, length: int
) -> None:
    with readers.connect() as connection:
        connection.sendall(readers.head(path, f"Content-Length: {length}"))
        read_refusal(connection)
        for _ in range(40):
            connection.sendall(bytes(LONG))
            time.sleep(0.005)
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "bound", [{"LINGERS": 0.3}, {"LINGERS": 600}], ids=["by time", "by length"]
)
def test_who_goes_on_sending_what_is_refused_is_cut_off(
    readers: Door, monkeypatch: pytest.MonkeyPatch, bound: dict[str, float]
) -> None:
    for name, value in bound.items():
        monkeypatch.setattr(site_channel, name, value)
    with readers.connect() as connection:
        connection.sendall(readers.head("/nowhere", CHUNKED))
        read_refusal(connection)
        assert LONG < sent_until_cut_off(connection) < 2 * LARGE


def test_who_lingers_after_a_refusal_makes_room_first(narrow: Door) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(narrow.connect()) for _ in range(3)]
        refused = stack.enter_context(narrow.connect())
        refused.sendall(narrow.head("/nowhere", f"Content-Length: {LARGE}"))
        read_refusal(refused)
        stack.enter_context(narrow.connect())
        assert narrow.get("/healthz") == 200
        for connection in idle:
            connection.settimeout(0.2)
            with pytest.raises(TimeoutError):
                connection.recv(1)


@pytest.mark.parametrize("length", [LONG + 1, *thorough(LONG, 300_000)])
@pytest.mark.parametrize("more", [(), ("Expect: 100-continue",)], ids=["", "Expect"])
@pytest.mark.parametrize("together", [True, False])
def test_a_long_form_comes_whole_from_who_may_record(
    editors: Door,
    length: int,
    more: tuple[str, ...],
    together: bool,  # noqa: FBT001
) -> None:
    body = b"kind=statement&paraphrase=" + b"x" * (length - 26)
    head = editors.head("/record", FORM, f"Content-Length: {length}", "Connection: close", *more)
    with editors.connect() as connection:
        if together:
            connection.sendall(head + body)
        else:
            connection.sendall(head)
            connection.sendall(body[:100])
            connection.sendall(body[100:])
        told = answer(connection).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 422 ")
    assert b"x" * 1_000 in told


def test_what_comes_behind_a_long_body_is_answered_after_it(editors: Door) -> None:
    body = b"q=" + b"x" * LONG
    ask = (
        f"GET /healthz HTTP/1.1\r\nHost: {editors.host}:{editors.port}\r\nConnection: close\r\n\r\n"
    )
    with editors.connect() as connection:
        head = editors.head("/record", FORM, f"Content-Length: {len(body)}")
        connection.sendall(head + body + ask.encode())
        told = answer(connection)
    assert told.startswith(b"HTTP/1.1 422 ")
    assert told.endswith(b'{"status":"alive"}\n')


@pytest.fixture
def narrow(readers: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A site that five may be connected to."""
    monkeypatch.setattr(site_channel, "CONNECTIONS", 5)
    return readers


def test_who_comes_when_all_connections_are_taken_gets_the_place_of_the_longest_idle(
    narrow: Door,
) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(narrow.connect()) for _ in range(9)]
        for connection in idle:
            connection.sendall(b"GET / HT")
        assert narrow.get("/healthz") == 200
        for connection in idle[:5]:
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""
        idle[5].settimeout(0.2)
        with pytest.raises(TimeoutError):
            idle[5].recv(1)


def test_a_long_form_that_comes_slowly_is_not_the_longest_idle_since_it_was_asked_for(
    editors: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_channel, "CONNECTIONS", 5)
    body = b"kind=statement&paraphrase=" + b"x" * LONG
    head = editors.head("/record", FORM, f"Content-Length: {len(body)}", "Expect: 100-continue")
    with ExitStack() as stack:
        slow, *others = [stack.enter_context(editors.connect()) for _ in range(5)]
        slow.sendall(head)
        assert slow.recv(100).startswith(b"HTTP/1.1 100 ")
        assert editors.get("/healthz") == 200
        with suppress(ConnectionResetError):
            assert others[0].recv(1) == b""
        slow.sendall(body)
        # The server may say once more that it waits for the body.
        answers = iter(lambda: slow.recv(100), b"")
        final = next(one for one in answers if not one.startswith(b"HTTP/1.1 100 "))
        assert final.startswith(b"HTTP/1.1 422 ")


class Waiting(NamedTuple):
    """A connection whose request waits for a thread."""

    addr: tuple[str, int]
    requests: list[SimpleNamespace]
    adj: SimpleNamespace


def waiting(address: str, number: int, said: str = "") -> Waiting:
    request = SimpleNamespace(headers={"X_FORWARDED_FOR": said} if said else {})
    return Waiting((address, number), [request], SimpleNamespace(trusted_proxy="127.0.0.1"))


def test_of_those_who_wait_each_address_has_its_turn() -> None:
    crowd = [waiting("203.0.113.1", number) for number in range(4)]
    reader = waiting("203.0.113.2", 0)
    liar = waiting("203.0.113.1", 4, "203.0.113.9")
    behind = [waiting("127.0.0.1", number, f"x, 203.0.113.{number}") for number in (3, 4)]
    queue: Any = FairQueue()
    for one in (*crowd, reader, liar, *behind):
        queue.append(one)
    assert len(queue) == 8
    came = [queue.popleft() for _ in range(8)]
    assert came == [crowd[0], reader, *behind, *crowd[1:], liar]
    assert len(queue) == 0


def test_who_asks_now_and_then_keeps_their_connection(narrow: Door) -> None:
    with ExitStack() as stack:
        asking = HTTPConnection(*narrow, timeout=PATIENCE)
        stack.callback(asking.close)
        for _ in range(8):
            stack.enter_context(narrow.connect())
            asking.request("GET", "/healthz")
            answer = asking.getresponse()
            answer.read()
            assert answer.status == 200
            assert answer.headers["Connection"] is None
        assert asking.sock is not None
