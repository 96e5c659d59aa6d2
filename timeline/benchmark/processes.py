"""Run functions in other processes, measure memory, and read pages quickly."""

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
"""Start method of processes: they inherit neither threads nor memory."""


def run_in_process(do: Callable[..., T], *arguments: object) -> T:
    """Return the result of a function, run in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=AFRESH) as process:
        return process.submit(do, *arguments).result()


@contextmanager
def background_process(do: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Run a function in another process while the block runs.

    The function gets the ``arguments`` and two events: it sets the first when it has begun, and
    ends at the second. Raises `TimeoutError` if it does not begin.
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
"""Current and greatest memory of a process, by the names of proc(5)."""

TOLD = re.compile(r"^(Vm\w+):\s+(\d+) kB$", re.MULTILINE)
PROCESSES = "/proc"


def can_measure_memory() -> bool:
    """Tell whether the system reports the memory of a process."""
    return _status("self").exists()


def process_memory(name: str = HELD, process: int | str = "self") -> int:
    """Return the memory of a process in bytes; 0 if the system does not report it."""
    if not can_measure_memory():
        return 0
    values = dict(TOLD.findall(_status(process).read_text()))
    return int(values[name]) * 1_024


def _status(process: int | str) -> Path:
    return Path(PROCESSES, str(process), "status")


HOST = "127.0.0.1"
TAKEN = (b"200", b"304")


class Reader:
    """A connection to a server on this machine that reads one page after the other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), PATIENCE)
        self._file = self._socket.makefile("rb")

    def read(self, path: str, tag: str = "", host: str = HOST) -> tuple[bytes, str]:
        """Return the bytes of a page and its tag; no bytes if the tag is still valid."""
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
        """Read the status line and return the file, now at the headers.

        Raises `RuntimeError` for any status but 200 and 304.
        """
        status = self._file.readline()
        if status.split(b" ")[1] not in TAKEN:
            raise RuntimeError(status.decode())
        return self._file
