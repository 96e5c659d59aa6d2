"""A log that is missing or empty beside the rest of its store is not made anew."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from timeline.bootstrap import open_store
from timeline.domain.errors import NotFound, StandlineError
from timeline.stores.log import EventLog
from timeline.stores.sqlite_driver import dbapi2
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(sqlite_url: str) -> Path:
    """The log's file of a store that is whole and closed."""
    with closing(open_store(sqlite_url)) as services:
        services.desk.drafts.count()
    return StoreUrl.parse(sqlite_url).log_path


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def refused_and_left_alone(log: Path, why: str) -> None:
    before = files(log.parent)
    for create in (True, False):
        with pytest.raises(StandlineError, match=why) as refused:
            EventLog.open(StoreUrl.parse(f"sqlite:///{log}"), create=create)
        assert not isinstance(refused.value, NotFound)
        assert "\n" not in str(refused.value)
    assert files(log.parent) == before


@pytest.mark.parametrize("left", ["newsroom.read-1.db", "newsroom.desk.db"])
def test_a_missing_log_beside_its_neighbour_is_refused(store: Path, left: str) -> None:
    for file in store.parent.iterdir():
        if file.name != left:
            file.unlink()
    refused_and_left_alone(store, f"newsroom.db is missing or empty, but {left} of the same store")


def test_a_log_of_no_bytes_beside_its_neighbours_is_refused(store: Path) -> None:
    store.write_bytes(b"")
    refused_and_left_alone(store, "is missing or empty, but newsroom.desk.db")


def test_an_empty_file_does_not_cost_the_write_ahead_log_beside_it(
    store: Path, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    (crashed / "newsroom.db").touch()
    shutil.copy(store, crashed / "newsroom.db-wal")
    refused_and_left_alone(crashed / "newsroom.db", "newsroom.db-wal of the same store")


def test_a_log_that_lost_its_tables_with_its_write_ahead_log_is_refused(store: Path) -> None:
    store.unlink()
    with closing(dbapi2.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    assert store.stat().st_size
    refused_and_left_alone(store, "newsroom.desk.db of the same store")


def test_an_empty_file_alone_is_no_store_until_one_is_made(tmp_path: Path) -> None:
    url = StoreUrl.parse(f"sqlite:///{tmp_path / 'new.db'}")
    url.log_path.touch()
    with pytest.raises(NotFound, match="there is no store"):
        EventLog.open(url, create=False)
    assert url.log_path.stat().st_size == 0
    with closing(EventLog.open(url)) as log:
        assert log.head() == 0


def test_a_missing_log_schema_beside_its_neighbours_is_refused(postgres_url: str) -> None:
    open_store(postgres_url).close()
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DROP SCHEMA log CASCADE")
    with pytest.raises(StandlineError, match="the schema read_1 of the same store is there"):
        EventLog.open(StoreUrl.parse(postgres_url))
