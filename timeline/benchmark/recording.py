"""Measure recording by a command and by an import, compared with inserting the same bytes."""

from __future__ import annotations

import tempfile
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.commands import RecordStatement
from timeline.benchmark.made_up import ACTORS, FIRST_DAY, TOPICS
from timeline.benchmark.measure import Measure, processor_seconds, seconds
from timeline.domain.event import Byline
from timeline.domain.instants import iso
from timeline.interchange.importing.files import ImportOptions, import_files
from timeline.stores.mapper import write_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timeline.benchmark.floors import Floor, Row
    from timeline.benchmark.measure import Effort
    from timeline.bootstrap import Services

    Timed = Callable[..., float]

COMMANDS, ROWS = 100, 1_000
DAYS = 9_000
"""Number of days that the statements cover."""

ONE_BY_ONE = "insert the same bytes, one by one"


def recording(
    services: Services, floor: Floor, inserted: count[int], effort: Effort
) -> Iterator[Measure]:
    """Measure in a store with the topics and actors of a made-up record.

    Recording validates a statement, finds its topic and actor, files its source and is durable;
    ``inserted`` is the number of rows of the floor.
    """
    yield from _Recording(services, floor, inserted, effort).measures()


class _Recording:
    def __init__(
        self, services: Services, floor: Floor, inserted: count[int], effort: Effort
    ) -> None:
        self._services = services
        self._floor = floor
        self._inserted = inserted
        self._rounds = range(effort.rounds)
        self._made = count()

    def measures(self) -> Iterator[Measure]:
        yield self._commands("a statement by command", seconds)
        yield self._commands("a statement by command, processor", processor_seconds)
        yield self._import()

    def _commands(self, name: str, timed: Timed) -> Measure:
        ours, floor = [], []
        for _ in self._rounds:
            commands = [self._command() for _ in range(COMMANDS)]
            taken, rows = self._measured(partial(self._record, commands), timed)
            ours.append(taken)
            floor.append(sum(timed(self._floor.insert, some) for some in _by_source(rows)))
        return Measure(name, ONE_BY_ONE, COMMANDS, min(ours), min(floor))

    def _import(self) -> Measure:
        ours, floor = [], []
        with tempfile.TemporaryDirectory(prefix="standline-import-") as folder:
            file = Path(folder) / "rows.jsonl"
            for _ in self._rounds:
                file.write_bytes(b"".join(self._row() for _ in range(ROWS)))
                options = ImportOptions(by="bench", batch=ROWS)
                take = partial(import_files, self._services, [file], options)
                taken, rows = self._measured(take, seconds)
                ours.append(taken)
                floor.append(seconds(self._floor.insert_at_once, rows))
        return Measure("1,000 rows by import", self._floor.BULK, ROWS, min(ours), min(floor))

    def _measured(self, record: Callable[[], object], timed: Timed) -> tuple[float, list[Row]]:
        """Return the cost of recording, and the new rows of the log for the floor."""
        log = self._services.log
        before = log.head()
        taken = timed(record)
        rows = [
            (next(self._inserted), event.originator_id, 1, event.TOPIC, write_event(event))
            for _, event in log.stream(before)
        ]
        return taken, rows

    def _record(self, commands: Sequence[RecordStatement]) -> None:
        for command in commands:
            by = Byline(self._services.clock(), "bench", "cli:")
            self._services.newsroom.statements.record(by, command)

    def _command(self) -> RecordStatement:
        return msgspec.convert(self._statement_row(), RecordStatement, strict=False)

    def _row(self) -> bytes:
        return msgspec.json.encode({"kind": "statement"} | self._statement_row()) + b"\n"

    def _statement_row(self) -> dict[str, Any]:
        """Return a statement as in a form or a file, with a source of its own."""
        number = next(self._made)
        said_at = iso((FIRST_DAY + number % DAYS) * 86_400)[:10]
        return {
            "topic": f"question-{number % TOPICS}",
            "actor": f"state-{number % ACTORS}",
            "stance": ("for", "against", "abstained")[number % 3],
            "said_at": said_at,
            "attribution": "quoted",
            "paraphrase": f"State {number % ACTORS} says that it will be number {number}.",
            "quote": {"text": f"it will be number {number}", "lang": "en"},
            "source": {"outlet": "Daily", "title": f"Report {number}", "published_at": said_at},
        }


def _by_source(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows of each command's transaction: a source with its statements."""
    return (rows[begin : begin + 2] for begin in range(0, len(rows), 2))
