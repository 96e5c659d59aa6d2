"""Measure pages and single statements in large records, compared with a small one."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.benchmark.measure import Measure, processor_seconds, size_of_read_models
from timeline.benchmark.newsroom import DAYS, DEEP, FIRST_DAY, NOW, VOICE, Newsroom
from timeline.benchmark.server_memory import memory_of_server
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services
    from timeline.domain.event import Event

    Page = Callable[[str], object]
    Site = Callable[[Services], Page]
    """Opens the site of a store; what it returns makes the page at a path anew."""

SMALLEST = 1_000
"""Number of statements in the record that the others are compared with."""

AT_ONCE = 5_000
FLOOR = f"the same in a record of {SMALLEST:,} statements"
PAGES = {
    "front page": "/",
    "page of the topic with half the record": f"/t/{DEEP}",
    "topic with half the record, an earlier day": f"/t/{DEEP}?as_of=2012-05-05",
    "page of the actor who speaks most": f"/a/{VOICE}",
    "page of a story": "/story/story-0",
    "search for a word of every statement": "/search?q=thought",
}
WORDS: dict[str, Callable[[Newsroom], list[Event]]] = {
    "a statement until pages show it": lambda room: room.words(FIRST_DAY + DAYS),
    "a statement that comes in years late": lambda room: room.words(FIRST_DAY + DAYS // 10),
    "a statement of several in an utterance": lambda room: room.words(
        FIRST_DAY + DAYS, together=True
    ),
}


SHOWN = 5
"""Statements recorded in a round, of which the fastest counts: one takes a tenth of a page's
time."""


class Record(msgspec.Struct, frozen=True):
    """A made-up record with its number of statements, its store, and its site."""

    size: int
    room: Newsroom
    services: Services
    page: Page


def growth(size: int, site: Site, effort: Effort) -> Iterator[Measure]:
    """Measure a made-up record of a given size, compared with a small one.

    Then measure the size of its read models and the memory of its server. All data is in SQLite
    files that are removed afterwards.
    """
    with _records((SMALLEST, size), site) as records:
        yield from _compared(records, effort)
        large = records[-1].services
        yield size_of_read_models("read models of a newsroom", large)
        yield from memory_of_server(large, effort)


@contextmanager
def _records(sizes: Sequence[int], site: Site) -> Iterator[list[Record]]:
    """Make records in SQLite files while the block runs."""
    with tempfile.TemporaryDirectory(prefix="standline-growth-") as folder, ExitStack() as stack:
        yield [
            stack.enter_context(_record(Path(folder) / f"{number}.db", size, site))
            for number, size in enumerate(sizes)
        ]


@contextmanager
def _record(file: Path, size: int, site: Site) -> Iterator[Record]:
    room = Newsroom(size)
    with closing(open_store(f"sqlite:///{file}", clock=lambda: NOW)) as services:
        coming = room.events()
        while events := list(islice(coming, AT_ONCE)):
            services.log.append(events)
        services.models.rebuild()
        yield Record(size, room, services, site(services))


def _compared(records: Sequence[Record], effort: Effort) -> Iterator[Measure]:
    for name, path in PAGES.items():
        floor, ours = (_page(record, path, effort) for record in records)
        yield Measure(name, FLOOR, 1, ours, floor)
    for name, words in WORDS.items():
        floor, ours = (_seconds_until_shown(record, words, effort) for record in records)
        yield Measure(name, FLOOR, 1, ours, floor)


def _page(record: Record, path: str, effort: Effort) -> float:
    """Return the seconds of making a page again; the first time loads templates."""
    record.page(path)
    return min(processor_seconds(record.page, path) for _ in range(effort.rounds))


def _seconds_until_shown(
    record: Record, words: Callable[[Newsroom], list[Event]], effort: Effort
) -> float:
    """Return the seconds until appended events are shown."""
    log, models = record.services.log, record.services.models

    def show(events: list[Event]) -> None:
        log.append(events)
        models.catch_up()

    some = [words(record.room) for _ in range(SHOWN * effort.rounds)]
    return min(processor_seconds(show, events) for events in some)
