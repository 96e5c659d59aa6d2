"""Connections to several servers of one store: which is asked, left, or only read."""

from __future__ import annotations

import signal
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from timeline.stores import postgres_connection
from timeline.stores.postgres_connection import StoreConnection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import PostgresServer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connection, "SILENCE", 0.3)
    monkeypatch.setattr(postgres_connection, "SOON", 1)
    monkeypatch.setattr(postgres_connection, "_silent", {})


@contextmanager
def frozen(server: PostgresServer) -> Iterator[None]:
    """Let a server stop answering, whose connections stay."""
    postmaster = psutil.Process(server.pid)
    processes = [postmaster, *postmaster.children(recursive=True)]
    try:
        tell(processes, signal.SIGSTOP)
        yield
    finally:
        tell(processes, signal.SIGCONT)


def tell(processes: list[psutil.Process], sign: signal.Signals) -> None:
    """Send a signal to processes, of which one that has to tidy up may be done by now."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sign)


def test_a_server_that_stopped_answering_is_left_and_others_do_not_wait_for_it_again(
    own_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        closing(StoreConnection.connect(own_postgres.url)) as connection,
        closing(StoreConnection.connect(own_postgres.url)) as other,
        frozen(own_postgres),
    ):
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            connection.execute("SELECT 1")
        assert connection.closed
        monkeypatch.setattr(postgres_connection, "SILENCE", float("inf"))
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            other.execute("SELECT 1")


def test_a_server_that_works_long_is_waited_for(postgres_url: str) -> None:
    with closing(StoreConnection.connect(postgres_url)) as connection:
        assert connection.execute("SELECT 1 FROM pg_sleep(1)").fetchone() == (1,)


def test_a_server_that_takes_nobody_in_any_more_answers_all_the_same(
    own_postgres: PostgresServer,
) -> None:
    with closing(StoreConnection.connect(own_postgres.url)) as connection:
        connection.execute("ALTER ROLE postgres NOLOGIN")
        connection.commit()
        assert connection.execute("SELECT 1 FROM pg_sleep(1)").fetchone() == (1,)


def test_a_server_that_answers_again_is_waited_for_again(own_postgres: PostgresServer) -> None:
    with (
        closing(StoreConnection.connect(own_postgres.url)) as before,
        frozen(own_postgres),
        pytest.raises(psycopg.OperationalError, match="does not answer"),
    ):
        before.execute("SELECT 1")
    with closing(StoreConnection.connect(own_postgres.url)) as connection:
        assert connection.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone() == (1,)


def test_a_server_that_was_silent_is_not_asked_where_there_are_others() -> None:
    silent = {("10.0.0.1", "5432"): float("inf")}
    postgres_connection._silent.update(silent)  # noqa: SLF001 - what it remembers
    several = {"host": "10.0.0.1,10.0.0.2", "port": "5432"}
    answering = postgres_connection.without_silent_servers
    assert answering(several) == {"host": "10.0.0.2", "port": "5432"}
    assert answering(several | {"port": "5432,5433"}) == {"host": "10.0.0.2", "port": "5433"}
    assert answering({"host": "10.0.0.1"}) == {"host": "10.0.0.1"}


def test_where_none_takes_writes_a_standby_is_read_for_a_while(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that takes no writes is one for which a session is read-only.
    reads = f"{postgres_url}&options=-c%20default_transaction_read_only%3Don"
    wanted = f"{reads}&target_session_attrs=read-write"
    with pytest.raises(psycopg.OperationalError):
        StoreConnection.connect(wanted, reads_standby=True)
    monkeypatch.setattr(postgres_connection, "has_standbys", lambda _: True)
    with pytest.raises(psycopg.OperationalError):
        StoreConnection.connect(wanted)
    monkeypatch.setattr(postgres_connection, "MAKESHIFT", 0.0)
    with closing(StoreConnection.connect(wanted, reads_standby=True)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert connection.is_over
    with closing(StoreConnection.connect(postgres_url, reads_standby=True)) as connection:
        assert not connection.is_over


def test_the_last_server_that_answers_is_read_though_it_takes_no_writes(postgres_url: str) -> None:
    settings = conninfo_to_dict(postgres_url) | {
        "options": "-c default_transaction_read_only=on",
        "target_session_attrs": "read-write",
    }
    primary = "10.0.0.1"
    wanted = make_conninfo("", **settings | {"host": f"{primary},{settings['host']}"})
    postgres_connection._silent[primary, "5432"] = float("inf")  # noqa: SLF001 - what it remembers
    with closing(StoreConnection.connect(wanted, reads_standby=True)) as connection:
        assert connection.until is not None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"host": "a,b", "target_session_attrs": "read-write"}, True),
        ({"host": "a,b", "target_session_attrs": "primary"}, True),
        ({"host": "a,b"}, False),
        ({"host": "a", "target_session_attrs": "read-write"}, False),
    ],
)
def test_standbys_are_read_where_several_are_named_and_one_is_to_take_writes(
    settings: dict[str, str], *, expected: bool
) -> None:
    assert postgres_connection.has_standbys(settings) == expected
