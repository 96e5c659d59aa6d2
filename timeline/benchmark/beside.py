"""Other processes: what runs beside, how much memory one holds, and a quick reader of pages."""

from __future__ import annotations

import multiprocessing
import re
import socket
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.client import parse_headers
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO


T = TypeVar("T")

PATIENCE = 60.0
AFRESH = multiprocessing.get_context("spawn")
"""How another process begins: with nothing of this one, neither its threads nor its memory."""


def apart(do: Callable[..., T], *arguments: object) -> T:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=AFRESH) as process:
        return process.submit(do, *arguments).result()


@contextmanager
def beside(do: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Let another process run a function for the length of a block.

    The function gets the ``arguments`` and two events: it sets the first when it has begun, and ends
    at the second. Raises `TimeoutError` if it does not begin.
    """
    began, ending = AFRESH.Event(), AFRESH.Event()
    process = AFRESH.Process(target=do, args=(*arguments, began, ending), daemon=True)
    process.start()
    try:
        if not began.wait(PATIENCE):
            raise TimeoutError
        yield
    finally:
        ending.set()
        process.join(PATIENCE)


HELD, AT_MOST = "VmRSS", "VmHWM"
"""What a process holds now, and what it ever held at most, by the names of proc(5)."""

TOLD = re.compile(r"^(Vm\w+):\s+(\d+) kB$", re.MULTILINE)
PROCESSES = "/proc"


def is_told() -> bool:
    """Tell whether the system says what a process holds."""
    return _status("self").exists()


def memory(name: str = HELD, process: int | str = "self") -> int:
    """Return the memory of a process in bytes; 0 if the system does not report it."""
    if not is_told():
        return 0
    values = dict(TOLD.findall(_status(process).read_text()))
    return int(values[name]) * 1_024


def _status(process: int | str) -> Path:
    return Path(PROCESSES, str(process), "status")


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
        """Read the status line and return the file, which goes on with the headers.

        Raises `RuntimeError` for any status but 200 and 304.
        """
        status = self._file.readline()
        if status.split(b" ")[1] not in TAKEN:
            raise RuntimeError(status.decode())
        return self._file
