"""A log that lost its end together with what was read from it is noticed all the same."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from timeline.bootstrap import open_store
from timeline.stores.acknowledged import remember, remembered
from timeline.stores.log import AnotherLog
from timeline.stores.rows import LogPlace
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def robbed(sqlite_url: str, tmp_path: Path) -> StoreUrl:
    """A store of which log and read models lost what lay in their write-ahead logs."""
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(1), introduced(2)])
        services.models.catch_up()
    folder = tmp_path / "robbed"
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(3)])
        services.models.catch_up()
        hidden = shutil.ignore_patterns("robbed", "*-wal", "*-shm")
        shutil.copytree(tmp_path, folder, ignore=hidden)
    return StoreUrl.parse(f"sqlite:///{folder / 'newsroom.db'}")


def test_two_lost_write_ahead_logs_are_noticed(robbed: StoreUrl) -> None:
    with pytest.raises(AnotherLog, match="ends at event 2, and lacks what was recorded up to ev"):
        open_store(robbed.text)
    with closing(open_store(robbed.text, prepare=False)) as services:
        assert services.log.head() == services.models.shown() == 2
        with pytest.raises(AnotherLog):
            services.models.rebuild()


def test_who_asks_for_it_goes_on_with_what_is_left(robbed: StoreUrl) -> None:
    with closing(open_store(robbed.text, prepare=False)) as services:
        services.models.rebuild(as_it_is=True)
    with closing(open_store(robbed.text)) as services:
        services.log.append([introduced(4)])
    with closing(open_store(robbed.text)) as services:
        assert services.log.count() == 3


def test_another_log_of_the_same_length_is_noticed(sqlite_url: str) -> None:
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(1)])
        head = services.log.place()
    remember(StoreUrl.parse(sqlite_url).log_path, LogPlace(head.position, bytes(32)))
    with pytest.raises(AnotherLog):
        open_store(sqlite_url)


@pytest.mark.thorough
@pytest.mark.parametrize("told", [b"", b"\0" * 95, b"00000000000000000009 ff 00000000\n", b"\xff"])
def test_a_note_that_cannot_be_read_says_nothing(sqlite_url: str, told: bytes) -> None:
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(1)])
    log = StoreUrl.parse(sqlite_url).log_path
    assert remembered(log) is not None
    log.with_suffix(".head").write_bytes(told)
    with closing(open_store(sqlite_url)) as services:
        assert services.log.head() == 1


def test_it_is_its_owner_s_alone_and_never_in_the_way_of_an_append(sqlite_url: str) -> None:
    note = StoreUrl.parse(sqlite_url).beside("head")
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(1)])
        assert note.stat().st_mode & 0o777 == 0o600
        note.unlink()
        note.mkdir()
        assert services.log.append([introduced(2)]) == [2]
