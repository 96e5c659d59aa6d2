"""Measure a whole import of made-up UN roll calls, until pages show them.

Their file has the form of the real one, a row for each vote, and uses the same map.
"""

from __future__ import annotations

import csv
import gzip
import random
import tempfile
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.benchmark.floors import floor_of
from timeline.benchmark.measure import Measure, processor_seconds, size_of_read_models
from timeline.benchmark.processes import AT_MOST, can_measure_memory, process_memory, run_in_process
from timeline.bootstrap import open_store
from timeline.interchange.importing.files import ImportOptions, import_files
from timeline.interchange.importing.loading import BATCH
from timeline.interchange.maps.map_file import read_map
from timeline.stores.sqlite_driver import make_private
from timeline.stores.sqlite_log import connect
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.benchmark.floors import Floor

    Vote = tuple[str, ...]

COLUMNS = ("actor", "topic", "stance", "occurred_at", "text", "source")
STATES, VOTING, QUESTIONS = 200, 180, 7
"""The number of states, of states that vote in a roll call, and of questions."""

STANCES = ("yes", "yes", "yes", "abstain", "no")
STEADY = 10
"""Average number of a state's votes on a question between changes."""

FIRST_DAY, DAYS = date(1946, 1, 1), 27_000
"""The days that any number of roll calls covers."""

TABLE = "CREATE TABLE votes (actor TEXT, topic TEXT, stance TEXT, day TEXT, text TEXT, source TEXT)"
INDEX = "CREATE INDEX votes_by_topic ON votes (topic, actor, day)"


class ImportCost(msgspec.Struct, frozen=True):
    """The cost of an import: processor seconds, and memory in bytes before it and at most."""

    recorded: float
    shown: float
    before: int
    at_most: int


def roll_calls(votes: int, votes_map: Path) -> Iterator[Measure]:
    """Measure an import of votes in a process of its own, as the command does it.

    All data is in SQLite files; times are processor seconds.
    """
    with tempfile.TemporaryDirectory(prefix="standline-votes-") as name:
        folder = Path(name)
        file = folder / "votes.csv.gz"
        write_roll_calls(file, votes)
        url = StoreUrl.parse(f"sqlite:///{folder / 'votes.db'}")
        result = run_in_process(_imported, url.text, file, votes_map)
        with floor_of(url) as floor:
            inserted = _inserted(floor)
        loaded = processor_seconds(load_bare, file, folder / "bare.db")
        same_bytes, bare = "insert the same bytes at once", "load the file into a table, index it"
        yield Measure("roll calls, recorded", same_bytes, votes, result.recorded, inserted)
        both = result.recorded + result.shown
        yield Measure("roll calls, until pages show them", bare, votes, both, loaded)
        if can_measure_memory():
            process = "the same process before it", votes, result.at_most, result.before
            yield Measure("memory of that import, at most", *process, unit="bytes")
        with closing(open_store(url.text)) as services:
            yield size_of_read_models("read models of roll calls", services)


def write_roll_calls(file: Path, votes: int) -> None:
    """Write a packed CSV file with a number of votes."""
    with gzip.open(file, "wt", compresslevel=1, encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        rows.writerows(islice(_votes(-(-votes // VOTING)), votes))


def _votes(roll_calls: int) -> Iterator[Vote]:
    chance = random.Random(1)  # noqa: S311 # nosec B311 - the same votes in every run
    stances: dict[tuple[int, int], str] = {}
    for number in range(roll_calls):
        day = (FIRST_DAY + timedelta(days=number * DAYS // roll_calls)).isoformat()
        question = chance.randrange(QUESTIONS)
        words = f"Resolution {number} on question {question}, as it was put to the vote"
        for state in chance.sample(range(STATES), VOTING):
            lane = state, question
            if lane not in stances or chance.randrange(STEADY) == 0:
                stances[lane] = chance.choice(STANCES)
            voting = f"State {state}", f"Question {question}", stances[lane]
            yield (*voting, day, words, f"Assembly, roll call {number}")


def _imported(address: str, file: Path, votes_map: Path) -> ImportCost:
    before = process_memory()
    options = ImportOptions(by="bench", mapping=read_map(votes_map))
    with closing(open_store(address)) as services:
        recorded = processor_seconds(import_files, services, [file], options)
        derived = processor_seconds(services.models.catch_up)
    return ImportCost(recorded, derived, before, process_memory(AT_MOST))


def _inserted(floor: Floor) -> float:
    """Return the seconds of inserting all rows of the log."""
    rows, taken = floor.scan(), 0.0
    while some := list(islice(rows, BATCH)):
        taken += processor_seconds(floor.insert, some)
    return taken


def load_bare(file: Path, table: Path) -> None:
    """Put every row of the file into one table with one index, in one transaction."""
    make_private(table)
    with (
        closing(connect(table)) as connection,
        gzip.open(file, "rt", encoding="utf-8", newline="") as votes,
    ):
        connection.execute("BEGIN")
        connection.execute(TABLE)
        rows = islice(csv.reader(votes), 1, None)
        connection.executemany("INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute(INDEX)
        connection.execute("COMMIT")
