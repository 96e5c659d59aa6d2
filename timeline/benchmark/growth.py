"""What pages and single statements take in a large record, beside the same in a small one."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.benchmark.measure import Measure, processor_seconds
from timeline.benchmark.newsroom import DAYS, DEEP, FIRST_DAY, NOW, SMALL, VOICE, Newsroom
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services
    from timeline.domain.event import Event

    Site = Callable[[Services], Callable[[str], object]]
    """Opens the site of a store; what it returns makes the page at a path anew."""

SMALL_RECORD = 1_000
"""Statements of the record that the other is compared with."""

AT_ONCE = 5_000
FLOOR = f"the same in a record of {SMALL_RECORD:,} statements"
PAGES = {
    "front page": "/",
    "page of the topic with half the record": f"/t/{DEEP}",
    "that topic as of an earlier day": f"/t/{DEEP}?asof=2012-05-05",
    "page of a topic with 30 statements": f"/t/{SMALL}",
    "page of the actor who speaks most": f"/a/{VOICE}",
    "the same as of an earlier day": f"/a/{VOICE}?asof=2012-05-05",
    "page of a story": "/story/story-0",
    "search for a word of every statement": "/search?q=thought",
}
WORDS: dict[str, Callable[[Newsroom], list[Event]]] = {
    "a statement until pages show it": lambda room: room.words(FIRST_DAY + DAYS),
    "one that comes in years late": lambda room: room.words(FIRST_DAY + DAYS // 10),
    "one of several in an utterance": lambda room: room.words(FIRST_DAY + DAYS, together=True),
}


def growth(size: int, site: Site, effort: Effort) -> Iterator[Measure]:
    """Measure over a made-up record of so many statements, in SQLite files of its own.

    The seconds are those of the processor.
    """
    rounds = range(effort.rounds)
    with (
        tempfile.TemporaryDirectory(prefix="standline-growth-") as folder,
        _record(Path(folder) / "small.db", SMALL_RECORD) as (few, small),
        _record(Path(folder) / "large.db", size) as (many, large),
    ):
        some, all_of_it = site(small), site(large)
        for name, path in PAGES.items():
            ours = min(processor_seconds(all_of_it, path) for _ in rounds)
            yield Measure(name, FLOOR, 1, ours, min(processor_seconds(some, path) for _ in rounds))
        for name, words in WORDS.items():
            ours = min(_shown(large, words(many)) for _ in rounds)
            floor = min(_shown(small, words(few)) for _ in rounds)
            yield Measure(name, FLOOR, 1, ours, floor)


@contextmanager
def _record(file: Path, size: int) -> Iterator[tuple[Newsroom, Services]]:
    """Fill a store with a record for the length of a block."""
    room = Newsroom(size)
    with closing(open_store(f"sqlite:///{file}", clock=lambda: NOW)) as services:
        coming = room.events()
        while events := list(islice(coming, AT_ONCE)):
            services.log.append(events)
        services.models.rebuild()
        yield room, services


def _shown(services: Services, events: list[Event]) -> float:
    """Return the seconds of the processor until what is appended is shown."""

    def show() -> None:
        services.log.append(events)
        services.models.catch_up()

    return processor_seconds(show)
