"""A reader of pages that takes little time of its own."""

from __future__ import annotations

import socket
from http.client import parse_headers
from typing import TYPE_CHECKING

from timeline.benchmark.beside import PATIENCE

if TYPE_CHECKING:
    from typing import BinaryIO

HOST = "127.0.0.1"
TAKEN = (b"200", b"304")


class Reader:
    """A connection to a server of this machine, on which one page is read after the other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), PATIENCE)
        self._file = self._socket.makefile("rb")

    def read(self, path: str, tag: str = "", host: str = HOST) -> tuple[bytes, str]:
        """Return the bytes of a page and its tag; of one that its reader has there are none."""
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n{known}\r\n".encode()
        )
        head = parse_headers(self._head())
        return self._file.read(int(head.get("Content-Length", 0))), head.get("ETag", "")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _head(self) -> BinaryIO:
        """Return where the names and values of the head begin; raises for what is no page."""
        status = self._file.readline()
        if status.split(b" ")[1] not in TAKEN:
            raise RuntimeError(status.decode())
        return self._file
