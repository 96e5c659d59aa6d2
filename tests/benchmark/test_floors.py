"""A floor holds what was put into it, and reads what the log holds."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import psycopg
import pytest

from timeline.benchmark.floors import floor_of
from timeline.benchmark.made_up import MadeUpRecord
from timeline.benchmark.measure import size_of_read_models
from timeline.bootstrap import open_store
from timeline.stores.sqlite_log import connect
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.benchmark.floors import Row
    from timeline.domain.event import Event

ROWS: list[Row] = [(n, f"stream-{n}", 1, "topic.opened", bytes((n,))) for n in range(1, 30)]
COUNTED = "SELECT * FROM floor ORDER BY position"


def test_rows_go_in_at_once(store_url: str) -> None:
    with closing(open_store(store_url)), floor_of(StoreUrl.parse(store_url)) as floor:
        floor.insert(ROWS[:10])
        floor.insert_at_once(ROWS[10:])
        assert rows_in(StoreUrl.parse(store_url)) == ROWS


def rows_in(url: StoreUrl) -> list[Row]:
    if url.is_sqlite:
        with closing(connect(url.beside("floor.db"))) as connection:
            return [tuple(row) for row in connection.execute(COUNTED)]
    with psycopg.connect(url.text) as connection:
        return [tuple(row) for row in connection.execute(COUNTED)]


def test_each_event_of_the_log_is_applied(store_url: str) -> None:
    made = MadeUpRecord()
    applied: list[Event] = []
    events = [*made.nouns(), *islice(made.events(), 50)]
    with closing(open_store(store_url)) as services:
        services.log.append(events)
        with floor_of(services.url) as floor:
            floor.apply(applied.append)
    assert applied == events


@pytest.mark.thorough
def test_read_models_are_measured_by_the_pages_that_they_use(
    sqlite_url: str, tmp_path: Path
) -> None:
    made = MadeUpRecord()
    with closing(open_store(sqlite_url)) as services:
        services.log.append([*made.nouns(), *islice(made.events(), 2_000)])
        services.models.rebuild()
        models = services.url.beside(f"read-{services.log.live_generation()}.db")
        files = models, services.url.log_path
        before = size_of_read_models("read models", services)
        with closing(connect(models)) as connection:
            connection.execute("DELETE FROM statements")
        after = size_of_read_models("read models", services)
        packed = [packed_size(file, tmp_path / f"{file.name}.packed") for file in files]
        assert before.number == services.log.count()
    assert [after.takes, after.floor_takes] == pytest.approx(packed, rel=0.15)
    assert after.takes < 0.8 * before.takes


def packed_size(file: Path, copy: Path) -> int:
    """Return the bytes of a copy without free pages."""
    with closing(connect(file)) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")
    return copy.stat().st_size
