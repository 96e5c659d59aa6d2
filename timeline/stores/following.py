"""How a server follows the log: by itself, or as one of several, of which one leads.

Who leads brings the read models up to the log. The others hear that it did: they neither wait for
it nor do its work once more. See docs/adr/0046.
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
"""Advisory lock of the server that leads, held for as long as its session lasts."""

SHOWN = "standline_shown"
"""Channel on which servers hear that the read models went on."""

LEASE = 3.0
"""Seconds of silence after which the database ends a session, and with it the lead."""

BEAT = 0.5
"""Seconds after which who leads says that it lives, and who does not tries to lead, at most."""

LOOK_ANYWAY = 1.0
"""Seconds after which everybody looks, whatever was heard."""

LATE = 5.0
"""Seconds in which nobody brings read models up, after which who does not lead does so."""

# Servers before PostgreSQL 14 have no such setting.
END_WHEN_SILENT = (
    "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = 'idle_session_timeout'"
)


class Following:
    """Follows the log by itself, and so always leads."""

    leads = True

    def __init__(self, head: Callable[[], int], await_write: AwaitWrite) -> None:
        self._head = head
        self._await_write = await_write

    def wait(self, after: int, timeout: float, given_up: Callable[[], bool]) -> bool:
        """Return as soon as there may be something to do, or false when the time is up.

        For who leads that is what follows position ``after``. Ends within a second, with false,
        once ``given_up`` says so.
        """
        return self._head() > after or self._await_write(
            timeout, lambda: self._head() > after, given_up
        )

    def beat(self, *_progress: object) -> None:
        """Say that this server is at work, where there are others; to be called now and then."""


class OneOfSeveral(Following):
    """Follows the log as one of several servers, on a connection of its own.

    A leader that dies lets go of the lead at once, and one that stops (a frozen machine, a cut
    cable) after ``LEASE`` seconds.
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
        """Let go of the connection, and of the lead."""
        self._connection.close()

    @property
    def leads(self) -> bool:  # type: ignore[override]  # who is alone never asks
        """Whether this server is to bring the read models up."""
        return self._holds or self._steps_in

    def wait(self, after: int, timeout: float, given_up: Callable[[], bool]) -> bool:
        """Return as soon as there may be something to do, or false when the time is up.

        For who does not lead that is what the read models show more.
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
        # Who lost the lead on the way finds out when it waits.
        with suppress(psycopg.Error):
            self._say()

    def _take_part(self) -> None:
        """Say that this server lives, and lead if nobody does."""
        try:
            self._say()
        except psycopg.OperationalError:
            # It was silent for too long, or the database was away.
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
            # It broke, which is found out by saying something on it: now, and not at the next beat.
            self._said = -BEAT


def tells_servers_apart(conninfo: str) -> bool:
    """Tell whether a database can let one of several servers lead.

    One that takes no writes tells nobody of them, and behind a pooler a session, with its lock, may
    be anybody's.
    """
    with closing(StoreConnection.connect(conninfo, autocommit=True)) as connection:
        question = "SELECT pg_backend_pid(), pg_is_in_recovery()"
        process, is_standby = only(connection.execute(question))
        return process == connection.info.backend_pid and not is_standby


def tell_shown(conn: Connection) -> None:
    """Tell other servers, with the commit, that the read models went on."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_notify(SHOWN, "")))
