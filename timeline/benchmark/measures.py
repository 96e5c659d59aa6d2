"""All measures: each compared with its floor, the best of a few rounds."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from timeline.benchmark.analysis import measure_analysis
from timeline.benchmark.crowd import crowd
from timeline.benchmark.floors import Floor, floor_of, write_generation
from timeline.benchmark.growth import growth
from timeline.benchmark.made_up import ACTORS, FIRST_DAY, TOPICS, MadeUpRecord
from timeline.benchmark.measure import Effort, Measure, seconds
from timeline.benchmark.recording import recording
from timeline.benchmark.roll_calls import roll_calls
from timeline.benchmark.serving import serving
from timeline.bootstrap import open_store
from timeline.domain.actor import Actor, ActorIntroduced
from timeline.domain.document import Document, DocumentFiled
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.topic import Topic, TopicOpened
from timeline.projections.tables import schema
from timeline.projections.tables.interned import stored_columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.benchmark.crowd import Serve
    from timeline.benchmark.growth import Site
    from timeline.benchmark.serving import Answer
    from timeline.bootstrap import Services
    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event

BENCHMARK_STORE_NOT_EMPTY = Message(
    "benchmark_store_not_empty",
    "the store has something in it",
    fix="name one that is not there yet",
)

BATCH = 1_000
READERS = 1_000
DAY = 86_400


NOUNS: dict[type[Event], type[Aggregate]] = {
    TopicOpened: Topic,
    ActorIntroduced: Actor,
    DocumentFiled: Document,
    StatementRecorded: Statement,
}
"""The nouns of the made-up record, by the event that begins their streams."""


class SiteFunctions(msgspec.Struct, frozen=True):
    """Functions and files outside the record that measures need.

    ``site`` opens the site of a store, ``serve`` serves it, ``answer`` serves fixed bytes;
    ``votes_map`` is the map file for roll calls.
    """

    site: Site
    serve: Serve
    answer: Answer
    votes_map: Path


def measure(address: str, size: int, effort: Effort, around: SiteFunctions) -> Iterator[Measure]:
    """Fill an empty store with events, and yield one measure after the other.

    Raises `Refused` for a store that is not empty.
    """
    with closing(open_store(address)) as services:
        if services.log.head():
            raise Refused(BENCHMARK_STORE_NOT_EMPTY, field="--store")
        with floor_of(services.url) as floor:
            yield from _Bench(services, floor, effort).measures(size)
    yield from roll_calls(size, around.votes_map)
    yield from growth(size, around.site, effort)
    yield from serving(around.serve, around.answer, around.votes_map, effort)
    yield crowd(READERS, around.serve, effort)


class _Bench:
    def __init__(self, services: Services, floor: Floor, effort: Effort) -> None:
        self._services = services
        self._log = services.log
        self._floor = floor
        self._effort = effort
        self._made = MadeUpRecord()
        self._coming = self._made.events()
        self._inserted = count()
        self._log.append(self._made.nouns())

    def measures(self, size: int) -> Iterator[Measure]:
        while (missing := size - self._log.count()) > 0:
            self._log.append(list(islice(self._coming, min(missing, BATCH))))
        yield self._read()
        yield self._apply()
        yield self._rebuild()
        yield from measure_analysis(self._services, self._middle(), self._effort)
        # Entries recorded now must be later than all made-up ones.
        yield from recording(self._services, self._floor, self._inserted, self._effort)

    def _read(self) -> Measure:
        rounds = range(self._effort.rounds)
        ours = min(seconds(deque, self._log.stream(), 0) for _ in rounds)
        floor = min(seconds(self._floor.read) for _ in rounds)
        return Measure("read the log", "scan and decode it", self._log.count(), ours, floor)

    def _apply(self) -> Measure:
        rounds = range(self._effort.rounds)
        ours = min(seconds(self._apply_log) for _ in rounds)
        floor = min(seconds(self._floor.apply, _apply) for _ in rounds)
        floor_is = "scan and decode it, apply each event"
        return Measure("read the log, apply each event", floor_is, self._log.count(), ours, floor)

    def _apply_log(self) -> None:
        for _, event in self._log.stream():
            _apply(event)

    def _rebuild(self) -> Measure:
        ours = seconds(self._services.models.rebuild)
        floor = seconds(self._floor.read)
        floor += seconds(write_generation, self._services.url, self._rows())
        name, floor_is = "rebuild", "read the log, write the same rows and indexes"
        return Measure(name, floor_is, self._log.count(), ours, floor)

    def _rows(self) -> dict[str, list[tuple[Any, ...]]]:
        with self._services.models.engine().connect() as conn:
            return {
                table.name: [tuple(row) for row in conn.execute(select(*stored_columns(table)))]
                for table in schema.metadata.sorted_tables
            }

    def _middle(self) -> int:
        """Return the instant by which half of the statements had been said."""
        return (FIRST_DAY + self._log.count() // (2 * TOPICS * ACTORS)) * DAY


def _apply(event: Event) -> None:
    NOUNS[type(event)].replay((event,))
