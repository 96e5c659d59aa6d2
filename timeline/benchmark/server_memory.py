"""Measure the memory of a server after many pages, compared with before the first."""

from __future__ import annotations

import os
import re
import subprocess  # nosec B404 - of what it starts every word is ours
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import cycle, islice, product
from typing import TYPE_CHECKING

from timeline.benchmark.measure import Measure
from timeline.benchmark.newsroom import DEEP, SMALL, STORIES, VOICE
from timeline.benchmark.processes import PATIENCE, Reader, can_measure_memory, process_memory
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services
    from timeline.stores.log import EventLog

ASKED, READERS = 600, 8
"""Number of requested pages, and of readers at once."""

APART = 5
"""Log positions between two statements whose pages are requested."""

YEARS = range(2001, 2024)
OTHERS = (
    *(f"/t/{slug}?as_of={{}}-06-05" for slug in (DEEP, SMALL, "question-0", "question-1")),
    *(f"/a/{slug}?as_of={{}}-06-05" for slug in (VOICE, "actor-0", "actor-1", "actor-2")),
    *(f"/story/story-{number}?as_of={{}}-06-05" for number in range(STORIES)),
    "/search?q=thought&year={}",
)
"""Other pages, as of a day of each year, and a search for that year."""

SERVE = (sys.executable, "-P", "-m", "timeline", "serve", "--port", "0", "--store")
PORT = re.compile(r"serving +http://[^/]+:(\d+)/")


def memory_of_server(services: Services, effort: Effort) -> Iterator[Measure]:
    """Measure a process that serves a made-up newsroom's record like the command.

    Nothing is measured if the system does not report the memory of a process.
    """
    if not can_measure_memory():
        return
    paths = list(islice(pages(services.log), ASKED // effort.one_in))
    with _server(services.url.text) as (process, port):
        before = process_memory(process=process)
        _read(port, paths)
        after = process_memory(process=process)
    floor = "the same before its first page"
    yield Measure("memory of a server after pages", floor, len(paths), after, before, unit="bytes")


def pages(log: EventLog) -> Iterator[str]:
    """Yield endless addresses of pages, every other one of a statement."""
    others = cycle(other.format(year) for year, other in product(YEARS, OTHERS))
    for number in cycle(range(log.head() // 2, log.head(), APART)):
        if isinstance(log.event(number), StatementRecorded):
            yield f"/s/{number}"
            yield next(others)


@contextmanager
def _server(address: str) -> Iterator[tuple[int, int]]:
    """Serve a store while the block runs, and yield the process and its port.

    Raises `RuntimeError` if the server does not start.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("STANDLINE_")}
    with subprocess.Popen(  # noqa: S603 # nosec B603 - our own words
        [*SERVE, address], env=own, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server.pid, _port(server)
        finally:
            server.terminate()
            server.communicate(timeout=PATIENCE)


def _port(server: subprocess.Popen[str]) -> int:
    output = ""
    for line in server.stdout or ():
        output += line
        if match := PORT.match(line):
            return int(match[1])
    raise RuntimeError(output)


def _read(port: int, paths: Sequence[str]) -> None:
    """Let several readers request the pages at once, each a part of them."""
    with ThreadPoolExecutor(READERS) as readers:
        for future in [
            readers.submit(_read_some, port, paths[first::READERS]) for first in range(READERS)
        ]:
            future.result()


def _read_some(port: int, paths: Sequence[str]) -> None:
    with closing(Reader(port)) as reader:
        for path in paths:
            reader.read(path)
