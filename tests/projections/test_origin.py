"""Read models belong to the log that they were made from, and are never given to an emptier one."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from tests.stores.test_chain import overwrite, tampering
from timeline.bootstrap import open_store
from timeline.projections.queries import log
from timeline.stores.engines import generations
from timeline.stores.log import AnotherLog
from timeline.stores.proving import LogDoesNotHold
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.bootstrap import Services


@contextmanager
def opened(address: str, *, prepare: bool = True) -> Iterator[Services]:
    with closing(open_store(address, create=False, prepare=prepare)) as services:
        yield services


@pytest.fixture
def store(store_url: str) -> str:
    """A store with ten events that its read models show, closed."""
    with closing(open_store(store_url)) as services:
        services.log.append([introduced(number) for number in range(10)])
        services.models.catch_up()
    return store_url


def lose_events_from(address: str, position: int) -> None:
    """Leave of the log what an older copy of it had."""
    url = StoreUrl.parse(address)
    with tampering(url) as change:
        change("DELETE FROM stored_events WHERE {} >= ?", (position,))
        if url.is_sqlite:
            change("UPDATE sqlite_sequence SET seq = ?", (position - 1,))
        else:
            change("SELECT setval('stored_events_notification_id_seq', ?)", (position - 1,))


def refused(address: str, why: str) -> None:
    with pytest.raises(AnotherLog, match=why) as info, opened(address):
        pass
    assert "\n" not in str(info.value)
    assert "standline replay --as-it-is" in str(info.value)


def test_an_older_log_beside_newer_read_models_is_refused(store: str) -> None:
    lose_events_from(store, 7)
    refused(store, "this log ends at event 6, .* another one, up to event 10")
    with opened(store, prepare=False) as services:
        assert services.models.shown() == 10


def test_so_is_one_that_was_gone_on_with(store: str) -> None:
    lose_events_from(store, 7)
    with opened(store, prepare=False) as services:
        services.log.append([introduced(number) for number in range(20, 40)])
    refused(store, "this log ends at event 26, .* another one, up to event 10")


def test_a_rebuild_from_it_must_be_asked_for(store: str) -> None:
    lose_events_from(store, 7)
    with opened(store, prepare=False) as services:
        with pytest.raises(AnotherLog):
            services.models.rebuild()
        assert generations(services.url) == [1]
        services.models.rebuild(as_it_is=True)
        assert generations(services.url) == [2]
    with opened(store) as services:
        assert services.models.catch_up() == 0
        assert services.models.shown() == 6
        with services.models.engine().connect() as conn:
            assert log.count(conn) == 6


def test_read_models_that_the_log_does_not_know_of_are_evidence_too(store: str) -> None:
    with opened(store) as services:
        services.models.rebuild()
        services.log.append([introduced(10)])
        services.models.catch_up()
    lose_events_from(store, 11)
    with tampering(StoreUrl.parse(store)) as change:
        change("UPDATE live SET generation = 1", ())
    refused(store, "up to event 11")
    assert generations(StoreUrl.parse(store)) == [1, 2]


def test_an_older_log_that_a_running_site_finds_beneath_it_is_refused(store: str) -> None:
    with opened(store) as services:
        lose_events_from(store, 7)
        for seconds in (1.0, None):
            with pytest.raises(AnotherLog, match="ends at event 6"):
                services.models.catch_up(seconds)
        services.log.append([introduced(number) for number in range(20, 24)])
        with pytest.raises(AnotherLog, match="ends at event 10"):
            services.models.catch_up(1.0)
        services.log.append([introduced(24)])
        with pytest.raises(AnotherLog, match="ends at event 11"):
            services.models.catch_up(1.0)
        assert services.models.shown() == 10


def test_a_log_whose_write_ahead_log_was_deleted_is_refused(
    sqlite_url: str, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    with closing(open_store(sqlite_url)) as services:
        services.log.append([introduced(1)])
        services.models.catch_up()
        shutil.copytree(services.url.log_path.parent, crashed, ignore=lambda *_: ["crashed"])
    (crashed / "newsroom.db-wal").unlink()
    refused(f"sqlite:///{crashed / 'newsroom.db'}", "this log ends at event 0, .* up to event 1")


def test_a_log_that_is_ahead_of_its_read_models_is_followed(store: str) -> None:
    with opened(store, prepare=False) as services:
        services.log.append([introduced(number) for number in range(20, 25)])
    with opened(store) as services:
        assert services.models.catch_up() == 0
        assert services.models.shown() == 15


def test_a_rebuild_stops_at_an_event_that_is_not_as_it_was_recorded(store: str) -> None:
    with opened(store) as services:
        _, _, third, *_ = services.log.rows()
        overwrite(services.url, 3, third[4].replace(b"person", b"office"))
        for rebuild in (services.models.rebuild, services.models.check):
            with pytest.raises(LogDoesNotHold, match="event 3, or one before it"):
                rebuild()
        assert generations(services.url) == [1]
        services.models.rebuild(as_it_is=True)
        assert services.models.shown() == 10


def test_a_rebuild_stops_where_a_version_is_missing(store: str) -> None:
    with opened(store) as services:
        with tampering(services.url) as change:
            change("UPDATE stored_events SET originator_version = 2 WHERE {} = ?", (4,))
        with pytest.raises(LogDoesNotHold, match="event 4 does not follow in its stream"):
            services.models.rebuild()
