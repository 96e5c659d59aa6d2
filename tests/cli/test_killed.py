"""kill -9 in the middle: what was on record stays, and the next command goes on by itself."""

from __future__ import annotations

import csv
import signal
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from tests.cli.terminal import (
    DONE,
    INTERRUPTED,
    answered,
    done,
    ended,
    only_line,
    ran,
    standline,
)
from tests.support.loaded_processes import LoadedCommand
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.thorough

TOPICS, ACTORS, DAYS = 5, 20, 80
ROWS = TOPICS * ACTORS * DAYS
BATCH = 1_000
BATCHES = ("--batch", str(BATCH))
WORDS = ("opposes", "doubts", "accepts", "supports")


@pytest.fixture(scope="module")
def many_rows(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("rows") / "many.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(next(remarks())))
        table.writeheader()
        table.writerows(remarks())
    return str(path)


def remarks() -> Iterator[dict[str, str]]:
    for n in range(ROWS):
        day, rest = divmod(n, TOPICS * ACTORS)
        topic, actor = divmod(rest, ACTORS)
        yield {
            "topic": f"topic-{topic}",
            "topic_question": f"Should plan {topic} be followed?",
            "actor": f"Actor {actor}",
            "stance": WORDS[(day // 7 + actor) % len(WORDS)],
            "said_at": f"2025-{1 + day // 28:02d}-{1 + day % 28:02d}",
            "source.outlet": "Harbour News",
            "source.published_at": "2025-06-01",
        }


def events(store: str) -> list[tuple[int, str]]:
    log = EventLog.open(StoreUrl.parse(store), create=False)
    try:
        return [(row.position, row.stream) for row in log.stored()]
    finally:
        log.close()


def kill_at(process: LoadedCommand, reached: Callable[[], int], wanted: float) -> None:
    while reached() < wanted:
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.01)
    process.kill()
    process.communicate()


def generation(store: str) -> int:
    """Return which read models of a store are live."""
    with closing(EventLog.open(StoreUrl.parse(store))) as log:
        return log.live_generation()


def filled(store: str, number: int) -> int:
    """Return how far a generation of read models is filled, -1 before it is there."""
    url = StoreUrl.parse(store)
    try:
        if url.is_sqlite:
            address = f"file:{url.beside(f'read-{number}.db')}?mode=ro"
            with closing(dbapi2.connect(address, uri=True)) as connection:
                row = connection.execute("SELECT position FROM progress").fetchone()
        else:
            with psycopg.connect(store) as connection:
                asked = SQL("SELECT position FROM {}.progress").format(Identifier(f"read_{number}"))
                row = connection.execute(asked).fetchone()
    except (dbapi2.Error, psycopg.Error):
        return -1
    return int(row[0]) if row else 0


def stances(store: str) -> list[dict[str, Any]]:
    return [
        {name: each[name] for name in ("topic", "actor", "stance", "first_said", "statements")}
        for each in answered("positions", "--store", store)
    ]


def test_an_import_that_was_killed_is_finished_by_importing_again(
    new_store_url: str, many_rows: str, tmp_path: Path
) -> None:
    log = EventLog.open(StoreUrl.parse(new_store_url))
    process = LoadedCommand("import", many_rows, *BATCHES, "--store", new_store_url)
    kill_at(process, log.count, BATCH + 1)
    log.close()
    recorded = events(new_store_url)

    # The next command goes on by itself, with what had been recorded.
    half = stances(new_store_url)
    known = sum(topic["statements"] for topic in answered("topics", "--store", new_store_url))
    assert 0 < known < ROWS
    assert known % BATCH == 0
    assert sum(each["statements"] > 0 for each in half) == len(half) == TOPICS * ACTORS

    again = done("import", many_rows, "--store", new_store_url).out.splitlines()
    assert again[:2] == [f"{ROWS - known:,} rows recorded", f"{known:,} known already"]
    assert events(new_store_url)[: len(recorded)] == recorded
    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    done("import", many_rows, "--store", whole)
    assert stances(new_store_url) == stances(whole)
    assert done("replay", "--check", "--store", new_store_url).out.endswith(
        "equal to the live ones\n"
    )


def test_an_import_that_was_interrupted_says_so_and_the_next_goes_on(
    new_store_url: str, many_rows: str
) -> None:
    with closing(EventLog.open(StoreUrl.parse(new_store_url))) as log:
        process = LoadedCommand("import", many_rows, *BATCHES, "--store", new_store_url)
        while log.count() < BATCH:
            assert process.poll() is None
            time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    answer = ended(process)
    assert (answer.status, answer.out) == (INTERRUPTED, "")
    assert only_line(answer.err.lstrip("\n")) == "stopped"
    known = sum(topic["statements"] for topic in answered("topics", "--store", new_store_url))
    assert known % BATCH == 0
    again = done("import", many_rows, "--store", new_store_url).out.splitlines()
    assert again[:2] == [f"{ROWS - known:,} rows recorded", f"{known:,} known already"]


def test_a_replay_that_was_killed_leaves_the_live_answers(
    new_store_url: str, many_rows: str
) -> None:
    done("import", many_rows, "--store", new_store_url)
    before, made = answered("positions", "--store", new_store_url), generation(new_store_url)
    for share in (0.0, 0.5):
        process = LoadedCommand("replay", "--store", new_store_url)
        kill_at(process, partial(filled, new_store_url, made + 1), share * ROWS)
        assert answered("positions", "--store", new_store_url) == before
    assert ran("replay", "--store", new_store_url).status == DONE
    assert answered("positions", "--store", new_store_url) == before
    assert generation(new_store_url) == made + 1
    assert standline("replay", "--check", "--store", new_store_url).status == DONE
