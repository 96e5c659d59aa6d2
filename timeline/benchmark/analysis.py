"""Measure queries of an archive, compared with stepping through the log in Python."""

from __future__ import annotations

import tempfile
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.analysis import answers
from timeline.analysis.archiving import archive
from timeline.analysis.asking import Scope
from timeline.analysis.duck import open_duckdb
from timeline.benchmark.measure import Measure, seconds
from timeline.benchmark.processes import AT_MOST, can_measure_memory, process_memory, run_in_process
from timeline.domain.dates import counting_instant, parse_date
from timeline.domain.document import DocumentFiled
from timeline.domain.entry import RANKS
from timeline.domain.position import Reading, changes, position
from timeline.domain.statement import StatementRecorded
from timeline.parquet import Limits, is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.analysis.manifest import Manifest
    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services
    from timeline.domain.dates import SaidDate
    from timeline.stores.log import EventLog

Lanes = dict[tuple[str, str], list[Reading]]


def measure_analysis(services: Services, as_of: int, effort: Effort) -> Iterator[Measure]:
    """Measure over a made-up record without corrections and merges.

    ``as_of`` is an instant in seconds. Without DuckDB nothing is measured.
    """
    if not is_installed():
        return
    log = services.log
    with tempfile.TemporaryDirectory(prefix="standline-bench-") as name:
        folder = Path(name)
        ours = seconds(archive, services, folder, afresh=True)
        read = seconds(deque, log.stream(), 0)
        yield Measure("archive in Parquet", "read the log", log.count(), ours, read)
        manifest = archive(services, folder)
        with open_duckdb(folder, manifest, Limits()) as engine:
            scope = Scope(manifest.upto, as_of)
            rounds = range(effort.rounds)
            ours = min(seconds(deque, answers.positions(engine, scope), 0) for _ in rounds)
            floor = seconds(_positions, log, as_of)
            step = "step through the log with the rule"
            yield Measure("analyse: positions as of a day", step, log.count(), ours, floor)
            scope = Scope(manifest.upto)
            ours = min(seconds(deque, answers.changes(engine, scope), 0) for _ in rounds)
            yield Measure("analyse: all changes", step, log.count(), ours, seconds(_changes, log))
        if can_measure_memory():
            before, at_most = run_in_process(_memory_taken, folder, manifest, as_of)
            process = "the same process before them", log.count(), at_most, before
            yield Measure("memory of both, at most", *process, unit="bytes")


def _memory_taken(folder: Path, manifest: Manifest, as_of: int) -> tuple[int, int]:
    """Run both queries, and return this process's memory in bytes before them and at most."""
    before = process_memory()
    with open_duckdb(folder, manifest, Limits()) as engine:
        deque(answers.positions(engine, Scope(manifest.upto, as_of)), 0)
        deque(answers.changes(engine, Scope(manifest.upto)), 0)
    return before, process_memory(AT_MOST)


def _positions(log: EventLog, as_of: int) -> None:
    for readings in _lanes(log).values():
        position(readings, as_of=as_of)


def _changes(log: EventLog) -> None:
    for readings in _lanes(log).values():
        changes(readings)


def _lanes(log: EventLog) -> Lanes:
    published: dict[str, SaidDate | None] = {}
    lanes: Lanes = defaultdict(list)
    for number, event in log.stream():
        if isinstance(event, DocumentFiled):
            date = event.published_at
            published[event.originator_id] = parse_date(date) if date else None
        elif isinstance(event, StatementRecorded):
            said = parse_date(event.said_at)
            day = published.get(event.document)
            lanes[event.topic, event.speaker].append(
                Reading(
                    statement=number,
                    speaker=event.speaker,
                    counts_from=counting_instant(said, day, event.recorded_at),
                    timed=said.timed,
                    rank=RANKS[event.attribution],
                    joint=event.attribution == "joint",
                    stance=event.stance,
                    wording=event.wording,
                    known_from=number,
                )
            )
    return lanes
