"""A file system that takes no writes: what is there is read, and nothing waits."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from tests.stores.test_log_survives import room_for
from timeline.bootstrap import open_store
from timeline.desk.desk import Desk
from timeline.domain.errors import StandlineError
from timeline.projections.queries import log
from timeline.stores import sqlite_driver
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl
from timeline.stores.trouble import StoreReadOnly

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(sqlite_url: str) -> str:
    """A store with two events, of which its read models show one, closed."""
    with closing(open_store(sqlite_url)) as services:
        services.desk.drafts.count()
        services.log.append([introduced(1)])
        services.models.catch_up()
        services.log.append([introduced(2)])
    return sqlite_url


@pytest.fixture
def nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every file system for one that takes no writes."""
    # A fake: to mount one takes rights that those who run tests need not have.
    real = os.statvfs

    class Told:
        def __init__(self, path: object) -> None:
            self.f_flag = real(path).f_flag | os.ST_RDONLY  # type: ignore[arg-type]

    monkeypatch.setattr("os.statvfs", Told)


def test_what_is_there_is_read_and_nothing_is_written(
    store: str, request: pytest.FixtureRequest
) -> None:
    folder = StoreUrl.parse(store).log_path.parent
    request.getfixturevalue("nothing_is_written")
    before = {file.name for file in folder.iterdir()}
    with closing(open_store(store, create=False)) as services:
        assert services.log.head() == 2
        assert services.models.shown() == 1
        with services.models.engine().connect() as conn:
            assert log.count(conn) == 1
        assert services.desk.drafts.count() == 0
        for write in (
            services.models.catch_up,
            lambda: services.log.append([introduced(3)]),
            lambda: services.desk.drafts.discard("ann", ["none"]),
        ):
            with pytest.raises(StoreReadOnly, match="attempt to write a readonly database"):
                write()
    assert {file.name for file in folder.iterdir()} == before


def test_what_is_read_by_who_may_not_write_is_read_as_it_is_after_another_wrote(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access
    mine = {"may_write": False}

    def access(path: str, mode: int) -> bool:
        return real(path, mode) and (mode != os.W_OK or mine["may_write"])

    # A fake: root, who may run these tests, may write whatever its rights are.
    monkeypatch.setattr("os.access", access)
    with closing(open_store(store, create=False)) as reading:
        assert reading.log.head() == 2
        assert reading.models.shown() == 1
        mine["may_write"] = True
        with closing(open_store(store)) as writing:
            writing.log.append([introduced(3)])
            writing.models.catch_up()
        mine["may_write"] = False
        assert reading.log.head() == 3
        assert reading.models.shown() == 3


def test_what_a_crash_left_in_the_write_ahead_log_is_read_too(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    crashed = tmp_path / "crashed"
    with closing(EventLog.open(StoreUrl.parse(store))) as record:
        record.append([introduced(3)])
        shutil.copytree(tmp_path, crashed, ignore=lambda *_: ["crashed"])
    request.getfixturevalue("nothing_is_written")
    with closing(EventLog.open(StoreUrl.parse(f"sqlite:///{crashed / 'newsroom.db'}"))) as record:
        assert record.head() == 3


def test_a_full_disk_is_told_at_once(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_waiting(_seconds: float) -> None:
        msg = "only for another writer is waited"
        raise AssertionError(msg)

    url = StoreUrl.parse(store)
    url.beside("desk.db").unlink()
    monkeypatch.setattr(sqlite_driver, "sleep", no_waiting)
    with room_for(1), closing(Desk(url)) as desk, pytest.raises(StandlineError):
        desk.drafts.count()
