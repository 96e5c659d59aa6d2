"""Readers who do not read and writers who do not end: everybody else is answered as before."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from threading import Event, Thread
from typing import TYPE_CHECKING

from tests.conftest import FIRST_PART
from timeline.bootstrap import open_store
from timeline.interchange import import_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEW, MANY = (30, 3.0), (100, 20.0)
"""How many of each, and for how many seconds."""

WITHIN = 1.0
"""Seconds in which 99 of 100 pages come, where there is time for many."""

LONG = "/a/united-states.json"
PAGES = ("/", "/t/cuba-embargo", "/healthz", "/actors", "/a/brazil")


def test_slow_readers_and_writers_stop_nobody(tmp_path: Path, many: bool) -> None:  # noqa: FBT001
    each, seconds = MANY if many else FEW
    with _site(tmp_path) as address:
        for page in (*PAGES, LONG):
            _ask(address, page)
        waited: list[float] = []
        with ExitStack() as stack:
            for turn in range(2 * each):
                stack.enter_context(_slow(address, writes=turn % 2 == 0))
            until = time.monotonic() + seconds
            while time.monotonic() < until or len(waited) < len(PAGES):
                page = PAGES[len(waited) % len(PAGES)]
                begun = time.monotonic()
                assert _ask(address, page) == 200
                waited.append(time.monotonic() - begun)
        if many:
            assert sorted(waited)[int(0.99 * len(waited))] <= WITHIN


@contextmanager
def _site(folder: Path) -> Iterator[tuple[str, int]]:
    """Serve the first part of the demo, as a newsroom does."""
    url = f"sqlite:///{folder / 'site.db'}"
    services = open_store(url)
    import_files(services, [FIRST_PART])
    services.models.catch_up()
    services.close()
    command = [sys.executable, "-m", "timeline", "serve", "--store", url, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = next(line for line in server.stdout if line.startswith("serving")).split()[1]
            host, _, port = told.removeprefix("http://").rstrip("/").partition(":")
            yield host, int(port)
        finally:
            server.terminate()


def _ask(address: tuple[str, int], page: str) -> int:
    connection = HTTPConnection(*address, timeout=60)
    connection.request("GET", page)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@contextmanager
def _slow(address: tuple[str, int], *, writes: bool) -> Iterator[None]:
    """Hold a connection for as long as the block lasts: a byte now and then, in or out."""
    ended = Event()
    host = f"Host: {address[0]}:{address[1]}\r\n"
    head = f"POST /prefs HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\n"
    ask = f"GET {LONG} HTTP/1.1\r\n{host}\r\n"
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(60)
    connection.connect(address)
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
