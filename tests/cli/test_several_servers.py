"""Several servers of one store: pages go on whatever becomes of the one that brings them up."""

from __future__ import annotations

import signal
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from tests.stores.newsroom import introduced
from tests.support.loaded_processes import LoadedProcess
from tests.support.waiting import wait_until
from timeline.bootstrap import Services, open_store
from timeline.stores.following import LEADING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SERVE = """
import sys
from timeline.cli import main
from timeline.projections.writing import projector
from timeline.stores import postgres_connection
projector.SILENCE = 1.0
projector.Projector._step.__kwdefaults__["patience"] = 1.0
postgres_connection.END_HOLDERS = postgres_connection.END_HOLDERS.replace("20 seconds", "1 second")
main(sys.argv[1:])
"""
"""The command line, which takes who stops while it projects for gone after a second, not twenty."""

LEADER = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = %s AND granted
"""
IS_HELD_UP = """
SELECT application_name FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND query NOT LIKE '%FOR UPDATE%'
"""


class Newsroom(NamedTuple):
    """A store, two servers by name, and somebody who looks into the database."""

    services: Services
    servers: dict[str, LoadedProcess]
    operator: psycopg.Connection

    def records(self) -> int:
        """Record something, and return where."""
        return self.services.log.append([introduced(self.services.log.head() + 1)])[-1]

    def shows(self, position: int) -> None:
        """Wait until pages show it."""
        wait_until(lambda: self.services.models.shown() >= position)

    def leader(self) -> str:
        """Wait until a server leads, and return its name."""
        wait_until(self._leaders)
        (name,) = self._leaders()
        return name

    def leads_after(self, other: str) -> None:
        """Wait until another server leads than that one."""
        wait_until(lambda: self._leaders() not in ([], [other]))

    def _leaders(self) -> list[str]:
        return self._names(LEADER, LEADING)

    def _names(self, question: str, *values: int) -> list[str]:
        found = self.operator.execute(question, values or None).fetchall()
        return [name for (name,) in found]

    def is_held_up(self, name: str) -> bool:
        """Tell whether a server waits for what we hold, in the middle of its work."""
        return name in self._names(IS_HELD_UP)


@pytest.fixture
def newsroom(opened_postgres_url: str) -> Iterator[Newsroom]:
    with ExitStack() as stack:
        services = stack.enter_context(closing(open_store(opened_postgres_url)))
        operator = psycopg.connect(opened_postgres_url, autocommit=True)
        stack.enter_context(operator)
        servers = {}
        for name in ("one", "other"):
            store = f"{opened_postgres_url}&application_name={name}"
            servers[name] = stack.enter_context(running(store))
        yield Newsroom(services, servers, operator)


@contextmanager
def running(store: str) -> Iterator[LoadedProcess]:
    with LoadedProcess(SERVE, "serve", "--store", store, "--port", "0") as process:
        try:
            while not process.stdout.readline().startswith("serving"):
                assert process.poll() is None, process.stderr.read()
            yield process
        finally:
            process.kill()


def killed(newsroom: Newsroom, leader: str) -> int:
    newsroom.servers[leader].kill()
    return newsroom.records()


def frozen(newsroom: Newsroom, leader: str) -> int:
    newsroom.servers[leader].send_signal(signal.SIGSTOP)
    return newsroom.records()


def frozen_between_queries(newsroom: Newsroom, leader: str) -> int:
    return _frozen_at("read_1.clock", newsroom, leader)


def frozen_while_it_sends_rows(newsroom: Newsroom, leader: str) -> int:
    return _frozen_at("read_1.log_index", newsroom, leader)


def _frozen_at(table: str, newsroom: Newsroom, leader: str) -> int:
    """Hold a server up where it asks for a table while it projects, and freeze it there."""
    with psycopg.connect(newsroom.services.url.text) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        position = newsroom.records()
        wait_until(lambda: newsroom.is_held_up(leader))
        newsroom.servers[leader].send_signal(signal.SIGSTOP)
    return position


def cut_off(newsroom: Newsroom, leader: str) -> int:
    mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
    newsroom.operator.execute(mine, (leader,))
    return newsroom.records()


@pytest.mark.parametrize(
    "lose", [killed, frozen, frozen_between_queries, frozen_while_it_sends_rows]
)
def test_where_the_server_that_leads_is_lost_another_one_goes_on(
    newsroom: Newsroom, lose: Callable[[Newsroom, str], int]
) -> None:
    leader = newsroom.leader()
    newsroom.shows(newsroom.records())
    newsroom.shows(lose(newsroom, leader))
    newsroom.leads_after(leader)
    newsroom.shows(newsroom.records())


def test_a_server_that_was_frozen_goes_on_and_shows_each_event_once(newsroom: Newsroom) -> None:
    leader = newsroom.leader()
    position = frozen_between_queries(newsroom, leader)
    newsroom.shows(position)
    newsroom.servers[leader].send_signal(signal.SIGCONT)
    newsroom.leads_after(leader)
    (other,) = newsroom.servers.keys() - {leader}
    newsroom.servers[other].kill()
    assert newsroom.leader() in newsroom.servers
    newsroom.shows(newsroom.records())
    assert newsroom.leader() == leader
    assert newsroom.services.models.reached().aside == 0
    assert newsroom.services.models.check() == ()


def test_where_the_connections_of_the_server_that_leads_are_cut_one_goes_on(
    newsroom: Newsroom,
) -> None:
    newsroom.shows(cut_off(newsroom, newsroom.leader()))
    assert newsroom.leader() in newsroom.servers
    newsroom.shows(newsroom.records())
