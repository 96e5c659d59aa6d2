"""Readers who do not read and writers who do not end: everybody else is answered as before."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from tests.attacks import crowds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.crowds import Door

FEW, MANY = (30, 3.0), (100, 20.0)
"""How many of each, and for how many seconds."""

BEHIND = 3
"""Costly answers for whose work 99 of 100 readers wait at most."""

LONG = "/a/united-states.json"


def test_slow_readers_and_writers_stop_nobody(tmp_path: Path, many: bool) -> None:  # noqa: FBT001
    each, seconds = MANY if many else FEW
    with crowds.site(tmp_path) as door:
        door.ask(LONG)
        crowds.answered(door, seconds, slow_ones(door, each), BEHIND)


@contextmanager
def slow_ones(door: Door, each: int) -> Iterator[None]:
    """Keep so many readers and as many writers for as long as the block lasts."""
    with ExitStack() as stack:
        for turn in range(2 * each):
            stack.enter_context(_slow(door, writes=turn % 2 == 0))
        yield


@contextmanager
def _slow(door: Door, *, writes: bool) -> Iterator[None]:
    """Hold a connection for as long as the block lasts: a byte now and then, in or out."""
    ended = Event()
    host = f"Host: 127.0.0.1:{door.port}\r\n"
    head = f"POST /prefs HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\n"
    ask = f"GET {LONG} HTTP/1.1\r\n{host}\r\n"
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(60)
    connection.connect(("127.0.0.1", door.port))
    connection.sendall((head if writes else ask).encode())

    def go_on() -> None:
        with suppress(OSError):
            while not ended.wait(0.2):
                if writes:
                    connection.sendall(b"x")
                else:
                    connection.recv(1)

    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        connection.close()
        thread.join(60)
