"""Measure served pages, compared with fixed bytes, and how long readers wait."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import chain
from pathlib import Path
from threading import Event as Ending
from threading import Thread
from typing import TYPE_CHECKING

from timeline.benchmark.measure import Measure, processor_seconds
from timeline.benchmark.newsroom import DAYS, DEEP, FIRST_DAY, SMALL, VOICE, Newsroom
from timeline.benchmark.processes import HOST, Reader, background_process
from timeline.benchmark.roll_calls import write_roll_calls
from timeline.bootstrap import open_store
from timeline.interchange.importing.files import ImportOptions, import_files
from timeline.interchange.maps.map_file import read_map

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
"""Number of statements in the record."""

PAGE = f"/t/{DEEP}"
PAGES = "/", PAGE, f"/t/{SMALL}", f"/a/{VOICE}"
ANEW, AGAIN = 40, 400
"""How often an uncached and a cached page are requested."""

SAME_BYTES = "the same bytes from a bare Flask"
NOBODY = "the same while nobody records"
READERS, ASKED, A_SECOND = 4, 1_000, 100
"""Number of readers, of their pages in all, and of pages each second."""

EVERY = 0.1
"""Seconds between two statements."""

IMPORTED = 100_000
"""Rows of the file that is imported meanwhile."""


class ReadersDone(Exception):  # noqa: N818 - nothing went wrong
    """Readers have their pages, so the import may stop."""


def serving(serve: Serve, answer: Answer, votes_map: Path, effort: Effort) -> Iterator[Measure]:
    """Measure pages of a made-up record over HTTP.

    First the processor seconds of a page, with those of the reader; then the seconds that the
    slowest of a hundred pages takes for readers.
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
            pages = ASKED // effort.one_in
            idle = _slowest(port, pages)
            with _recorded(services, room):
                busy = _slowest(port, pages)
            yield Measure("a slow page, ten statements a second", NOBODY, 1, busy, idle)
            votes = Path(folder) / "votes.csv.gz"
            write_roll_calls(votes, IMPORTED // effort.one_in)
            with background_process(_import, services.url.text, votes, votes_map):
                busy = _slowest(port, pages)
            yield Measure("a slow page, beside an import", NOBODY, 1, busy, idle)


def _pages(port: int, answer: Answer, effort: Effort) -> Iterator[Measure]:
    with closing(Reader(port)) as reader:
        body, tag = reader.read(PAGE)
        with answer(body) as still, closing(Reader(still)) as other:
            floor = _page_seconds(other, effort)
        anew = ANEW // effort.one_in
        ours = processor_seconds(_make, reader, anew) / anew
        yield Measure("a page made anew", SAME_BYTES, 1, ours, floor)
        yield Measure("a page that is kept", SAME_BYTES, 1, _page_seconds(reader, effort), floor)
        ours = _page_seconds(reader, effort, tag)
        yield Measure("a page that its reader has", SAME_BYTES, 1, ours, floor)


def _page_seconds(reader: Reader, effort: Effort, tag: str = "") -> float:
    """Return the processor seconds of one page, requested again and again."""
    pages = AGAIN // effort.one_in
    rounds = range(effort.rounds)
    return min(processor_seconds(_read, reader, pages, tag) for _ in rounds) / pages


def _make(reader: Reader, pages: int) -> None:
    """Read a page under addresses for which it is not cached."""
    for number in range(pages):
        reader.read(PAGE, host=f"{HOST}:{number + 1}")


def _read(reader: Reader, pages: int, tag: str) -> None:
    for _ in range(pages):
        reader.read(PAGE, tag)


def _slowest(port: int, pages: int) -> float:
    """Return the seconds of the slowest page of a hundred, from the time when it was due."""
    began = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        futures = [readers.submit(_waited, port, pages, began, first) for first in range(READERS)]
        waited = sorted(chain.from_iterable(future.result() for future in futures))
    return waited[-1 - pages // 100]


def _waited(port: int, pages: int, began: float, first: int) -> list[float]:
    """Return the seconds that one reader waits for each of its pages."""
    waited = []
    with closing(Reader(port)) as reader:
        for number in range(first, pages, READERS):
            due = began + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            reader.read(PAGES[number // READERS % len(PAGES)])
            waited.append(time.perf_counter() - due)
    return waited


@contextmanager
def _recorded(services: Services, room: Newsroom) -> Iterator[None]:
    """Record a statement now and then while the block runs."""
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


def _import(address: str, file: Path, votes_map: Path, began: Event, ending: Event) -> None:
    """Import a file like the command, until readers have their pages."""

    def go_on(*_: object) -> None:
        began.set()
        if ending.is_set():
            raise ReadersDone

    options = ImportOptions(by="bench", mapping=read_map(votes_map))
    with closing(open_store(address)) as services, suppress(ReadersDone):
        import_files(services, [file], options, go_on)
        services.models.catch_up(on_progress=go_on)
