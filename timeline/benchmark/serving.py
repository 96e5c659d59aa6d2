"""What a served page takes beside the same bytes made of nothing, and how long readers wait."""

from __future__ import annotations

import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import parse_headers
from itertools import chain
from pathlib import Path
from threading import Event as Ending
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

from timeline.benchmark.beside import PATIENCE, beside
from timeline.benchmark.crowd import HOST
from timeline.benchmark.measure import Measure, processor_seconds
from timeline.benchmark.newsroom import DAYS, DEEP, FIRST_DAY, SMALL, VOICE, Newsroom
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from multiprocessing.synchronize import Event

    from timeline.benchmark.crowd import Serve
    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services

    Answer = Callable[[bytes], AbstractContextManager[int]]
    """Serves one answer by the same server and a bare Flask, and gives the port."""

RECORD = 1_000
"""Statements of the record."""

PAGE = f"/t/{DEEP}"
PAGES = "/", PAGE, f"/t/{SMALL}", f"/a/{VOICE}"
ANEW, AGAIN = 40, 400
"""How often a page is asked for that has to be made, and one that need not be."""

SAME_BYTES = "the same bytes from a bare Flask"
NOBODY = "the same while nobody records"
READERS, ASKED, A_SECOND = 4, 1_000, 100
"""How many ask for how many pages, and at which pace, together."""

TAKEN = (b"200", b"304")

EVERY = 0.1
"""Seconds between two statements."""

BATCH, APART = 500, 1_000_000
"""Statements that an import appends at once, each with its source, and what sets them apart."""


def serving(serve: Serve, answer: Answer, effort: Effort) -> Iterator[Measure]:
    """Measure pages of a made-up record over HTTP.

    First how many seconds of the processor a page takes, the reader's included; then how many
    seconds of the clock the one of a hundred takes that readers wait for longest.
    """
    with (
        tempfile.TemporaryDirectory(prefix="standline-serving-") as folder,
        closing(open_store(f"sqlite:///{Path(folder) / 'serving.db'}")) as services,
    ):
        room = Newsroom(RECORD)
        services.log.append([*room.events()])
        services.models.rebuild()
        with serve(services, 1) as port:
            yield from _pages(port, answer, effort)
            asked = ASKED // effort.one_in
            idle = _slowest(port, asked)
            with _recorded(services, room):
                busy = _slowest(port, asked)
            yield Measure("a slow page, ten statements a second", NOBODY, 1, busy, idle)
            with beside(_import, services.url.text):
                busy = _slowest(port, asked)
            yield Measure("a slow page, beside an import", NOBODY, 1, busy, idle)


def _pages(port: int, answer: Answer, effort: Effort) -> Iterator[Measure]:
    with closing(_Reader(port)) as reader:
        body, tag = reader.read(PAGE)
        with answer(body) as still, closing(_Reader(still)) as other:
            floor = _taken(other, effort)
        anew = ANEW // effort.one_in
        ours = processor_seconds(_make, reader, anew) / anew
        yield Measure("a page made anew", SAME_BYTES, 1, ours, floor)
        yield Measure("a page that is kept", SAME_BYTES, 1, _taken(reader, effort), floor)
        ours = _taken(reader, effort, tag)
        yield Measure("a page that its reader has", SAME_BYTES, 1, ours, floor)


def _taken(reader: _Reader, effort: Effort, tag: str = "") -> float:
    """Return the seconds of the processor that one page takes, asked for again and again."""
    asked = AGAIN // effort.one_in
    rounds = range(effort.rounds)
    return min(processor_seconds(_read, reader, asked, tag) for _ in rounds) / asked


def _make(reader: _Reader, asked: int) -> None:
    """Read a page that is kept for none of the addresses at which the site is asked."""
    for number in range(asked):
        reader.read(PAGE, host=f"{HOST}:{number + 1}")


def _read(reader: _Reader, asked: int, tag: str) -> None:
    for _ in range(asked):
        reader.read(PAGE, tag)


def _slowest(port: int, asked: int) -> float:
    """Return the seconds that the slowest page of a hundred takes, counted from when it was due."""
    began = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        found = [readers.submit(_waited, port, asked, began, first) for first in range(READERS)]
        waited = sorted(chain.from_iterable(one.result() for one in found))
    return waited[-1 - asked // 100]


def _waited(port: int, asked: int, began: float, first: int) -> list[float]:
    """Return the seconds that one of the readers waits for each of its pages."""
    waited = []
    with closing(_Reader(port)) as reader:
        for number in range(first, asked, READERS):
            due = began + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            reader.read(PAGES[number // READERS % len(PAGES)])
            waited.append(time.perf_counter() - due)
    return waited


@contextmanager
def _recorded(services: Services, room: Newsroom) -> Iterator[None]:
    """Record a statement now and then for the length of a block."""
    ending = Ending()

    def record() -> None:
        while not ending.wait(EVERY):
            services.log.append(room.words(FIRST_DAY + DAYS))

    thread = Thread(target=record)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _import(address: str, began: Event, ending: Event) -> None:
    room = Newsroom(RECORD, made=APART)
    with closing(open_store(address)) as services:
        while not ending.is_set():
            words = (room.words(FIRST_DAY + day) for day in range(BATCH))
            services.log.append([*chain.from_iterable(words)])
            began.set()


class _Reader:
    """A connection on which one page is read after the other."""

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
