"""Measure pages while the server sends each new entry to many connected readers."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.benchmark.measure import Measure, processor_seconds
from timeline.benchmark.newsroom import DAYS, DEEP, FIRST_DAY, SMALL, Newsroom
from timeline.benchmark.processes import HOST, background_process
from timeline.bootstrap import open_store
from timeline.serving.connections import allow_connections

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from multiprocessing.synchronize import Event

    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services

    Serve = Callable[[Services, int], AbstractContextManager[int]]
    """Serves the site of a store with room for so many live readers, and gives the port."""

RECORD = 1_000
"""Number of statements in the record."""

PAGES = f"/t/{SMALL}", f"/t/{DEEP}"
ASKED, BETWEEN = 1_200, 400
"""Pages in a round, and pages between two new statements (about a second)."""

FLOOR = "the same with no live reader"
AT_ONCE = 100
"""Connections that are opened at once."""

FILES = 1_000
"""Files that may be open besides connections."""

END, TAKEN = b"\r\n\r\n", b" 200 "


def crowd(readers: int, serve: Serve, effort: Effort) -> Measure:
    """Measure the time of a page with a number of live readers, and without any.

    Now and then a statement is recorded, and all readers are told. The result is processor time of
    the server's process; the readers are in another process.
    """
    with (
        tempfile.TemporaryDirectory(prefix="standline-crowd-") as folder,
        closing(open_store(f"sqlite:///{Path(folder) / 'crowd.db'}")) as services,
    ):
        room = Newsroom(RECORD)
        services.log.append(list(room.events()))
        services.models.rebuild()
        with serve(services, readers) as port:
            return _measured(readers, _Pages(services, room, port, effort.one_in), effort)


def _measured(readers: int, pages: _Pages, effort: Effort) -> Measure:
    ours, floor = [], []
    for _ in range(effort.rounds):
        floor.append(processor_seconds(pages.ask) / pages.asked)
        with background_process(_listen, readers, pages.port):
            ours.append(processor_seconds(pages.ask) / pages.asked)
    name = f"a page beside {readers:,} live readers"
    return Measure(name, FLOOR, 1, min(ours), min(floor))


class _Pages:
    """A client that requests one page after the other while statements are recorded."""

    def __init__(self, services: Services, room: Newsroom, port: int, one_in: int) -> None:
        self.port = port
        self.asked = ASKED // one_in
        self._services = services
        self._room = room

    def ask(self) -> None:
        """Request all pages in a new thread: the caller's thread may run an event loop already."""
        with ThreadPoolExecutor(1) as asking:
            asking.submit(lambda: asyncio.run(self._ask())).result()

    async def _ask(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        for number in range(self.asked):
            if number % BETWEEN == 0:
                self._services.log.append(self._room.words(FIRST_DAY + DAYS))
            writer.write(_request(PAGES[number % len(PAGES)]))
            head = await reader.readuntil(END)
            await reader.readexactly(_length(head))
        writer.close()
        await writer.wait_closed()


def _listen(readers: int, port: int, began: Event, ending: Event) -> None:
    allow_connections(readers + FILES)
    asyncio.run(_hear(readers, port, began, ending))


async def _hear(readers: int, port: int, began: Event, ending: Event) -> None:
    """Take in all that so many live readers are told, and wait for the end."""
    tasks: list[asyncio.Task[None]] = []
    for begin in range(0, readers, AT_ONCE):
        some = range(begin, min(begin + AT_ONCE, readers))
        tasks += await asyncio.gather(*(_reader(port) for _ in some))
    began.set()
    await asyncio.to_thread(ending.wait)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _reader(port: int) -> asyncio.Task[None]:
    """Return what takes in all that one live reader is told; raises `RuntimeError` for none."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(_request("/live/home"))
    head = await reader.readuntil(END)
    if TAKEN not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode())

    async def listen() -> None:
        with closing(writer):
            while await reader.readline():
                pass

    return asyncio.create_task(listen())


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _length(head: bytes) -> int:
    (header,) = (
        line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return int(header.partition(b":")[2])
