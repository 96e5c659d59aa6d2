"""A crowd in a process of its own: ``python -m tests.crowd.readers PORT COUNT PATH``.

Says ``open`` when all are connected, and for each log position that all have heard of a line
``position instant`` with when the last one did. Ends with its input.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter

AT_ADDRESS = 80
"""Readers at one address, below what nginx lets in."""

PACE = 500
"""Connections that are opened in a second."""

ASKED = "GET {path} HTTP/1.1\r\nHost: record.example.org\r\nAccept: text/event-stream\r\n\r\n"


class Crowd:
    """All readers, and how many have heard of which position."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.open = 0
        self.lost = 0
        self._heard: Counter[str] = Counter()

    def hear(self, positions: str) -> None:
        """Count one who heard; tell when it was the last."""
        for position in positions.split():
            self._heard[position] += 1
            if self._heard[position] == self.count:
                say(position, time.time())

    def enter(self) -> None:
        """Count one whose connection was taken up; tell when it was the last."""
        self.open += 1
        if self.open == self.count:
            say("open")


class Reader(asyncio.Protocol):
    """One of them."""

    def __init__(self, crowd: Crowd, path: str) -> None:
        self._crowd = crowd
        self._path = path
        self._text = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for news."""
        transport.write(ASKED.format(path=self._path).encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take in the head, then lines."""
        *lines, self._text = (self._text + data).split(b"\n")
        for line in lines:
            if line.startswith(b"HTTP/1.1 200"):
                self._is_open = True
                self._crowd.enter()
            elif line.startswith(b"HTTP/1.1"):
                say("refused", line.decode())
            elif line.startswith(b"data: ") and line.strip() != b"data: 0":
                self._crowd.hear(line[6:].decode())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's hook
        """Tell of a connection that ended."""
        say("lost", self._is_open)


def say(*words: object) -> None:
    """Write a line for the test."""
    print(*words, flush=True)  # noqa: T201 - a process's answer


async def gather(port: int, count: int, path: str) -> None:
    """Open all connections and keep them until the input ends."""
    loop = asyncio.get_running_loop()
    crowd = Crowd(count)
    addresses = count // AT_ADDRESS + 1
    for number in range(count):
        source = f"127.0.{1 + number % addresses // 250}.{1 + number % addresses % 250}"
        await loop.create_connection(
            lambda: Reader(crowd, path), "127.0.0.1", port, local_addr=(source, 0)
        )
        if number % 50 == 0:
            await asyncio.sleep(50 / PACE)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(gather(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
