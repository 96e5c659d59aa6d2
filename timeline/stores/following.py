"""How a server follows the log: alone, or as one of several, of which one leads.

The leader brings the read models up to the log and notifies the others, which neither wait for it
nor repeat its work. See docs/adr/0046.
"""

from __future__ import annotations

from contextlib import closing, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Connection, func, select

from timeline.stores.postgres_connection import StoreConnection
from timeline.stores.trouble import only

if TYPE_CHECKING:
    from collections.abc import Callable

    AwaitWrite = Callable[[float, Callable[[], bool], Callable[[], bool]], bool]

LEADING = 0x6C656164
"""Advisory lock of the leader, held as long as its session lasts."""

SHOWN = "standline_shown"
"""Channel of notifications that the read models were brought up."""

LEASE = 3.0
"""Seconds of silence after which the database ends a session, and with it the lead."""

BEAT = 0.5
"""Most seconds between two heartbeats of the leader, or two tries of others to lead."""

LOOK_ANYWAY = 1.0
"""Seconds after which every server checks, even without a notification."""

LATE = 5.0
"""If the read models lag for so many seconds, a server that does not lead brings them up."""

# Servers before PostgreSQL 14 have no such setting.
END_WHEN_SILENT = (
    "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = 'idle_session_timeout'"
)


class LogFollower:
    """Follows the log alone, and so always leads."""

    leads = True

    def __init__(self, head: Callable[[], int], await_write: AwaitWrite) -> None:
        self._head = head
        self._await_write = await_write

    def wait(self, after: int, timeout: float, given_up: Callable[[], bool]) -> bool:
        """Wait until there may be something to do; return false when the time is up.

        For a leader that is an event after position ``after``. Ends within a second, with false,
        once ``given_up`` returns true.
        """
        return self._head() > after or self._await_write(
            timeout, lambda: self._head() > after, given_up
        )

    def beat(self, *_progress: object) -> None:
        """Send a heartbeat to other servers, if there are any; call this now and then."""


class SharedLogFollower(LogFollower):
    """Follows the log as one of several servers, on a connection of its own.

    A leader that dies loses the lead at once, one that stops (a frozen machine, a cut cable) after
    ``LEASE`` seconds.
    """

    def __init__(self, conninfo: str, written: str, head: Callable[[], int]) -> None:
        self._conninfo = conninfo
        self._written = written
        self._head = head
        self._steps_in = False
        self._connect()

    def _connect(self) -> None:
        connection = StoreConnection.connect(self._conninfo, autocommit=True)
        self._connection: StoreConnection[Any] = connection
        self._holds, self._heard = False, True
        self._said = -BEAT
        connection.execute(END_WHEN_SILENT, (f"{LEASE * 1000:.0f}",))
        connection.execute(f"LISTEN {SHOWN}")

    def close(self) -> None:
        """Close the connection, and give up the lead."""
        self._connection.close()

    @property
    def leads(self) -> bool:  # type: ignore[override]  # who is alone never asks
        """Whether this server must bring the read models up."""
        return self._holds or self._steps_in

    def wait(self, after: int, timeout: float, given_up: Callable[[], bool]) -> bool:
        """Wait until there may be something to do; return false when the time is up.

        For a server that does not lead, that is a notification of the leader.
        """
        since = monotonic()
        until = since + timeout
        self._steps_in = False
        while True:
            self._take_part()
            is_behind = self._head() > after
            if self._heard or (self._holds and is_behind):
                self._heard = False
                return True
            if not is_behind:
                since = monotonic()
            elif monotonic() - since > LATE:
                self._steps_in = True
                return True
            left = until - monotonic()
            if left <= 0 or given_up():
                return False
            self._hear(min(left, LOOK_ANYWAY))

    def beat(self, *_progress: object) -> None:
        # A lost lead is noticed in the next wait.
        with suppress(psycopg.Error):
            self._say()

    def _take_part(self) -> None:
        """Send a heartbeat, and take the lead if it is free."""
        try:
            self._say()
        except psycopg.OperationalError:
            # This server was silent for too long, or the database was away.
            self.close()
            self._connect()
            self._say()

    def _say(self) -> None:
        if monotonic() - self._said < BEAT:
            return
        question = "SELECT true" if self._holds else f"SELECT pg_try_advisory_lock({LEADING})"
        (leads,) = only(self._connection.execute(question))
        self._said = monotonic()
        if leads and not self._holds:
            self._holds = True
            self._connection.execute(f"UNLISTEN {SHOWN}")
            self._connection.execute(f"LISTEN {self._written}")

    def _hear(self, seconds: float) -> None:
        try:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                self._heard = not self._holds
        except psycopg.OperationalError:
            # The connection broke: the next heartbeat, which is due now, will notice.
            self._said = -BEAT


def can_share_following(conninfo: str) -> bool:
    """Tell whether several servers can share following a database, with one leader.

    A standby sends no notifications, and behind a pooler a session, with its lock, may be shared.
    """
    with closing(StoreConnection.connect(conninfo, autocommit=True)) as connection:
        question = "SELECT pg_backend_pid(), pg_is_in_recovery()"
        process, is_standby = only(connection.execute(question))
        return process == connection.info.backend_pid and not is_standby


def tell_shown(conn: Connection) -> None:
    """Notify other servers, on commit, that the read models were brought up."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_notify(SHOWN, "")))
