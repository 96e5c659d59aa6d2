"""An acknowledged append is there afterwards, whoever is killed."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.stores.newsroom import introduced
from tests.support.loaded_processes import LoadedProcess
from tests.support.postgres import cloned_database
from timeline.domain.errors import Conflict, OutcomeUnknown, StandlineError
from timeline.stores import postgres_log
from timeline.stores.log import EventLog
from timeline.stores.postgres_connection import END_HOLDERS
from timeline.stores.postgres_log import BEGIN_APPEND, TABLE, PostgresLogRecorder
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import PostgresServer
    from timeline.stores.rows import LogPlace

pytestmark = pytest.mark.thorough


AT_COMMIT = """FROM pg_stat_activity
    WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'"""
"""Sessions that wait for a standby; so do the server's own workers, whom nobody means."""

APPENDING = "import sys; from tests.stores.appending import main; main(*sys.argv[1:])"


def appender(url: StoreUrl, first: int, size: int) -> LoadedProcess:
    return LoadedProcess(APPENDING, url.text, str(first), str(size))


def acknowledged(lines: Iterator[str]) -> set[tuple[int, str]]:
    whole = (line.split() for line in lines if line.endswith("\n"))
    return {(int(position), stream) for position, stream in whole}


def recorded(log: EventLog) -> set[tuple[int, str]]:
    return {(position, event.originator_id) for position, event in log.stream()}


@pytest.mark.parametrize("size", [1, 100])
def test_what_a_killed_process_was_told_is_on_record(url: StoreUrl, size: int) -> None:
    EventLog.open(url).close()
    told: set[tuple[int, str]] = set()
    for round_ in range(3):
        process = appender(url, round_ * 1_000_000, size)
        first = [process.stdout.readline() for _ in range(size + 1)]
        time.sleep(0.3)
        process.kill()
        told |= acknowledged(iter([*first, *process.stdout.readlines()]))
        process.communicate()
    log = EventLog.open(url)
    assert len(told) > 3 * size
    assert told <= recorded(log)
    assert log.count() % size == 0
    log.close()


def test_what_was_told_is_on_record_after_the_server_was_killed(
    own_postgres: PostgresServer,
) -> None:
    url = StoreUrl.parse(own_postgres.url)
    EventLog.open(url).close()
    process = appender(url, 0, 10)
    first = [process.stdout.readline() for _ in range(11)]
    time.sleep(0.5)
    own_postgres.kill()
    process.kill()
    told = acknowledged(iter([*first, *process.stdout.readlines()]))
    process.communicate()
    own_postgres.start()
    log = EventLog.open(url)
    assert len(told) > 10
    assert told <= recorded(log)
    assert log.count() % 10 == 0
    log.close()


def test_a_log_goes_on_after_the_server_was_started_again(own_postgres: PostgresServer) -> None:
    log = EventLog.open(StoreUrl.parse(own_postgres.url))
    log.append([introduced(1)])
    own_postgres.kill()
    own_postgres.start()
    assert log.append([introduced(2)]) > [1]
    assert log.count() == 2
    log.close()


def test_a_commit_that_no_standby_confirmed_is_told_as_unknown(
    own_postgres: PostgresServer,
) -> None:
    log = EventLog.open(StoreUrl.parse(own_postgres.url))
    log.append([introduced(1)])
    with (
        without_its_standby(own_postgres, "pg_cancel_backend"),
        pytest.raises(OutcomeUnknown, match="unknown: canceling wait for synchronous replication"),
    ):
        log.append([introduced(2)])
    log.close()


def test_a_server_that_goes_away_while_it_commits_leaves_the_outcome_unknown(
    own_postgres: PostgresServer,
) -> None:
    log = EventLog.open(StoreUrl.parse(own_postgres.url))
    log.append([introduced(1)])
    stand_alone(own_postgres)
    killer = threading.Thread(target=kill_while_it_commits, args=(own_postgres,))
    killer.start()
    with pytest.raises(OutcomeUnknown):
        log.append([introduced(2)])
    killer.join()
    own_postgres.start()
    with psycopg.connect(own_postgres.url, autocommit=True) as operator:
        operator.execute("ALTER SYSTEM RESET synchronous_standby_names")
        operator.execute("SELECT pg_reload_conf()")
    assert [position for position, _ in log.stream()] == [1, 2]
    log.close()


def test_what_the_server_forbids_is_not_asked_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = EventLog.open(StoreUrl.parse(f"{postgres_url}&options=-c%20statement_timeout%3D300"))
    monkeypatch.setattr("timeline.stores.postgres_pool.PAUSE", None)
    with psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
        with pytest.raises(StandlineError, match="canceling statement due to statement timeout"):
            log.append([introduced(1)])
    assert log.append([introduced(1)])
    log.close()


def test_who_stops_while_they_append_lets_others_and_appends_after_them(
    opened_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, other = (EventLog.open(StoreUrl.parse(opened_postgres_url)) for _ in range(2))
    has_begun, told = threading.Event(), list[int]()
    place = PostgresLogRecorder._place  # noqa: SLF001 - where it stops

    def stop(recorder: PostgresLogRecorder, *given: Any) -> LogPlace:  # noqa: ANN401 - what it takes
        monkeypatch.undo()
        has_begun.set()
        time.sleep(1.5)
        return place(recorder, *given)

    monkeypatch.setattr(postgres_log, "BEGIN_APPEND", BEGIN_APPEND.replace("10000", "300"))
    monkeypatch.setattr(PostgresLogRecorder, "_place", stop)
    stopping = threading.Thread(target=lambda: told.extend(stopped.append([introduced(1)])))
    stopping.start()
    has_begun.wait()
    (position,) = other.append([introduced(2)])
    assert told == []
    stopping.join()
    assert told > [position]
    assert other.count() == 2
    for log in (stopped, other):
        log.close()


def test_who_stops_in_the_middle_of_their_rows_is_ended_by_who_waited_in_vain(
    opened_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_log, "PATIENCE", 1)
    monkeypatch.setattr(postgres_log, "END_HOLDERS", END_HOLDERS.replace("20 s", "0 s"))
    log = EventLog.open(StoreUrl.parse(opened_postgres_url))
    with (
        suppress(psycopg.Error),
        psycopg.connect(opened_postgres_url) as stopped,
        stopped.cursor() as cursor,
    ):
        cursor.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
        with cursor.copy("COPY log.clock FROM STDIN"):
            with pytest.raises(StandlineError, match="lock timeout"):
                log.append([introduced(1)])
            assert log.append([introduced(1)])
    assert log.count() == 1
    log.close()


def test_who_stops_in_the_middle_of_their_rows_in_another_database_is_left_alone(
    opened_postgres_url: str,
) -> None:
    # A copy's tables have the numbers of the original's.
    with (
        cloned_database(opened_postgres_url) as elsewhere,
        psycopg.connect(elsewhere) as stopped,
        psycopg.connect(opened_postgres_url) as waiting,
        stopped.cursor() as cursor,
    ):
        cursor.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
        with cursor.copy("COPY log.clock FROM STDIN"):
            waiting.execute(END_HOLDERS.replace("20 s", "0 s"), (TABLE, "ExclusiveLock"))
        cursor.execute("SELECT true")


def kill_while_it_commits(server: PostgresServer) -> None:
    with psycopg.connect(server.url, autocommit=True) as operator:
        waiting = f"SELECT pid {AT_COMMIT}"
        while not operator.execute(waiting).fetchall():
            time.sleep(0.05)
    server.kill()


def test_an_append_whose_answer_was_lost_is_not_a_conflict_with_itself(
    own_postgres: PostgresServer,
) -> None:
    log = EventLog.open(StoreUrl.parse(own_postgres.url))
    log.append([introduced(1)])
    with without_its_standby(own_postgres, "pg_terminate_backend"):
        assert log.append([introduced(2), introduced(3)]) == [2, 3]
    with pytest.raises(Conflict):
        log.append([introduced(2)])
    assert log.count() == 3
    log.close()


def test_a_full_disk_refuses_in_one_line_loses_nothing_and_is_got_over(sqlite_url: str) -> None:
    log = EventLog.open(StoreUrl.parse(sqlite_url))
    told: list[int] = []
    with room_for(300_000), pytest.raises(StandlineError, match="has room") as refused:
        append_for_ever(log, told)
    assert "\n" not in str(refused.value)
    assert [position for position, _ in log.stream()] == told
    assert log.append([introduced(len(told))]) == [told[-1] + 1]
    log.close()


def append_for_ever(log: EventLog, told: list[int]) -> None:
    for number in count():
        told += log.append([introduced(number, name="x" * 2_000)])


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def without_its_standby(server: PostgresServer, end: str) -> Iterator[None]:
    """Let commits wait for a standby that is not there; end the first that does, then none."""
    stand_alone(server)
    operator = subprocess.Popen([sys.executable, "-c", OPERATOR, server.url, end, AT_COMMIT])
    try:
        yield
        assert operator.wait(30) == 0
    finally:
        operator.kill()
        operator.wait()


def stand_alone(server: PostgresServer) -> None:
    """Let commits wait for a standby that is not there, from the next one on.

    It is the checkpointer that tells them to, once it has read the setting; what a session
    shows of it says nothing about that, so a commit is tried until one has to wait.
    """
    with connected(server) as operator, connected(server) as committer:
        operator.execute("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
        operator.execute("SELECT pg_reload_conf()")
        while not has_to_wait(committer, operator):
            pass


def connected(server: PostgresServer) -> psycopg.Connection:
    return psycopg.connect(server.url, autocommit=True)


def has_to_wait(committer: psycopg.Connection, operator: psycopg.Connection) -> bool:
    """Whether a commit waits for a standby; it is let go on then."""
    cancel = f"SELECT pg_cancel_backend(pid) {AT_COMMIT}"
    waited = False
    with ThreadPoolExecutor(1) as pool:
        commit = pool.submit(committer.execute, "SELECT pg_logical_emit_message(true, '', '')")
        while not commit.done():
            waited |= bool(operator.execute(cancel).fetchall())
            time.sleep(0.02)
        commit.result()
    return waited


OPERATOR = """
import sys, time, psycopg
address, end, at_commit = sys.argv[1:]
with psycopg.connect(address, autocommit=True) as operator:
    while not operator.execute(f"SELECT {end}(pid) {at_commit}").fetchall():
        time.sleep(0.05)
    operator.execute("ALTER SYSTEM RESET synchronous_standby_names")
    operator.execute("SELECT pg_reload_conf()")
"""
