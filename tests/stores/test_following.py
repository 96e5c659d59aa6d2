"""Several servers that follow one log: one of them leads, and there is always one."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.stores.newsroom import introduced
from timeline.stores import following
from timeline.stores.following import LEADING, SHOWN, LogFollower, SharedLogFollower
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 20.0
"""Seconds in which what is waited for comes, on any machine."""

HOLDER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"


@pytest.fixture
def url(opened_postgres_url: str) -> str:
    return opened_postgres_url


@pytest.fixture
def servers(url: str) -> Iterator[list[LogFollower]]:
    """Two servers, of which the first leads."""
    with ExitStack() as stack:
        found = []
        for _ in range(2):
            log = stack.enter_context(closing(EventLog.open(StoreUrl.parse(url))))
            found.append(stack.enter_context(log.following()))
            looks(found[-1])
        yield found


@pytest.fixture
def elsewhere(url: str) -> Iterator[EventLog]:
    with closing(EventLog.open(StoreUrl.parse(url))) as log:
        yield log


@pytest.fixture
def operator(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def looks(server: LogFollower, after: int = 0, seconds: float = 0) -> bool:
    """Let a server wait for as long, and tell whether there may be something to do for it."""
    return server.wait(after, seconds, lambda: False)


def until_one_leads(*servers: LogFollower) -> LogFollower:
    """Let servers look in turn until one of them leads, and return it."""
    while not any(server.leads for server in servers):
        for server in servers:
            looks(server, seconds=0.1)
    (found,) = (server for server in servers if server.leads)
    return found


def test_who_is_alone_in_a_file_leads_and_hears_of_an_append(opened_sqlite_url: str) -> None:
    with closing(EventLog.open(StoreUrl.parse(opened_sqlite_url))) as log, log.following() as alone:
        assert not looks(alone)
        head = log.append([introduced(1)])[-1]
        assert looks(alone)
        assert not looks(alone, head)
        assert alone.leads


def test_one_of_several_leads_and_hears_of_an_append(
    servers: list[LogFollower], elsewhere: EventLog
) -> None:
    first, second = servers
    assert (first.leads, second.leads) == (True, False)
    assert not looks(first)
    elsewhere.append([introduced(1)])
    assert looks(first, seconds=SOON)
    assert not looks(second, seconds=0.5)


def test_who_does_not_lead_hears_of_what_is_shown(
    servers: list[LogFollower], operator: psycopg.Connection
) -> None:
    operator.execute(f"NOTIFY {SHOWN}")
    assert looks(servers[1], seconds=SOON)
    assert not looks(servers[1])
    assert not servers[1].leads


def test_where_the_leader_is_gone_another_one_leads_at_its_next_look(
    servers: list[LogFollower], elsewhere: EventLog
) -> None:
    first, second = servers
    first.close()  # type: ignore[attr-defined]  # one of several has a connection
    elsewhere.append([introduced(1)])
    assert looks(second, seconds=SOON)
    assert second.leads


def test_who_leads_and_is_cut_off_comes_back_and_one_of_them_leads(
    servers: list[LogFollower], operator: psycopg.Connection
) -> None:
    ((process,),) = operator.execute(HOLDER, (LEADING,)).fetchall()
    operator.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))
    for server in servers:
        looks(server, seconds=following.BEAT * 2)
    assert [server.leads for server in servers].count(True) == 1


def test_who_is_cut_off_asks_no_more_often_than_others(
    url: str, operator: psycopg.Connection
) -> None:
    asked: list[int] = []

    def head() -> int:
        ((process,),) = operator.execute(HOLDER, (LEADING,)).fetchall() or ((0,),)
        if len(asked) == 1:
            operator.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))
        asked.append(process)
        return 0

    with closing(SharedLogFollower(url, "written", head)) as alone:
        looks(alone)
        looks(alone, seconds=following.BEAT * 2)
        assert alone.leads
    assert len(asked) < 10


def test_who_leads_and_stops_loses_the_lead_and_finds_out(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LEASE", 0.3)
    with (
        closing(EventLog.open(StoreUrl.parse(url))) as log,
        log.following() as stopped,
        log.following() as other,
    ):
        looks(stopped)
        monkeypatch.setattr(following, "LOOK_ANYWAY", 0.1)
        monkeypatch.setattr(following, "BEAT", 0.1)
        assert until_one_leads(other) is other
        assert stopped.leads
        looks(stopped)
        assert not stopped.leads


@pytest.mark.thorough
def test_who_leads_and_works_for_long_keeps_the_lead_by_saying_so(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LEASE", 2.0)
    monkeypatch.setattr(following, "BEAT", 0.1)
    with (
        closing(EventLog.open(StoreUrl.parse(url))) as log,
        log.following() as working,
        log.following() as other,
    ):
        looks(working)
        for _ in range(12):
            looks(other, seconds=0.2)
            working.beat("events", 1, 2)
        assert not other.leads


def test_where_nobody_brings_pages_up_who_does_not_lead_does_so(
    servers: list[LogFollower], elsewhere: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LATE", 0.2)
    monkeypatch.setattr(following, "LOOK_ANYWAY", 0.1)
    second = servers[1]
    assert not looks(second, seconds=0.5)
    head = elsewhere.append([introduced(1)])[-1]
    assert looks(second, seconds=SOON)
    assert second.leads
    assert not looks(second, head)
    assert not second.leads


def test_behind_a_pooler_everybody_leads_since_a_lock_would_be_anybodys(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psycopg.ConnectionInfo.backend_pid", 1)
    with (
        closing(EventLog.open(StoreUrl.parse(url))) as log,
        log.following() as one,
        log.following() as other,
    ):
        for server in (one, other):
            looks(server)
            assert server.leads


def test_nobody_waits_any_more_for_a_server_that_ends(servers: list[LogFollower]) -> None:
    answers = [True, False]
    assert not servers[0].wait(0, 600, answers.pop)
    assert answers == []
