"""A reader of the live part without a browser: a connection, and the events that come by it."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 20.0


class Event(NamedTuple):
    """One event: ``message`` for what is new, ``amended``, or ``beat``."""

    name: str
    id: str
    data: str


class Listener:
    """A connection to the live part; ``head`` is what it answered first."""

    def __init__(
        self, address: str, path: str, connection: socket.socket | None = None, **headers: str
    ) -> None:
        parts = urlsplit(address)
        asked = {"Host": parts.netloc, "Accept": "text/event-stream"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in (asked | named).items()]
        self._socket = connection or socket.create_connection(
            (parts.hostname, parts.port), PATIENCE
        )
        self._socket.sendall("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
        self._file = self._socket.makefile("rb")
        self._read, self._chunked = b"", False
        self.head = self._block(b"\r\n")
        self._chunked = "Transfer-Encoding: chunked" in self.head
        self.status = int(self.head[0].split()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._socket.close()

    def hang_up(self) -> None:
        """End the connection for whoever still reads from it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    @property
    def text(self) -> str:
        """Return the rest of an answer that says how long it is."""
        (length,) = (line[16:] for line in self.head if line.startswith("Content-Length: "))
        return self._file.read(int(length)).decode()

    def event(self) -> Event | None:
        """Return the next event; nothing once the connection ended."""
        fields = {"event": "message", "id": "", "data": ""}
        lines = self._block(b"\n")
        for line in lines:
            name, _, value = line.partition(": ")
            fields[name] = value
        return Event(fields["event"], fields["id"], fields["data"]) if lines else None

    def news(self) -> list[Event]:
        """Return the events up to the next sign of life, without it."""
        found = []
        while (event := self.event()) is not None and event.name != "beat":
            found.append(event)
        return found

    def next(self) -> Event:
        """Return the next event that is no sign of life."""
        while (event := self.event()) is not None:
            if event.name != "beat":
                return event
        msg = "the connection ended"
        raise AssertionError(msg)

    def _block(self, end: bytes) -> list[str]:
        lines = []
        while (line := self._line()) not in (b"", end):
            lines.append(line.decode().rstrip("\r\n"))
        return lines

    def _line(self) -> bytes:
        """Return the next line, whether or not it came in pieces."""
        if not self._chunked:
            return self._file.readline()
        while b"\n" not in self._read:
            size = int(self._file.readline(), 16)
            self._read += self._file.read(size)
            self._file.readline()
        line, self._read = self._read[: (at := self._read.index(b"\n") + 1)], self._read[at:]
        return line
