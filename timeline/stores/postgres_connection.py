"""Connections to the database of a store, which may have several servers.

If the primary is lost, a standby takes over after some seconds; meanwhile a standby is read. A
server that stops answering while its connections stay open is treated as disconnected.

A client that stops in the middle of a transaction (a frozen machine) is disconnected, since others
would wait for its locks. Between two statements the database does that itself
(`idle_in_transaction_session_timeout`). In the middle of a statement it would wait for ever: so a
process that waited for a lock in vain ends a holder that does nothing.
"""

from __future__ import annotations

import socket
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import LockNotAvailable
from psycopg.rows import Row
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from sqlalchemy import Connection, Engine


SILENCE = 5.0
"""Seconds without an answer after which the server is probed."""

SOON = 3
"""Seconds within which it must answer the probe, and a new connection must be made."""

PASSED_OVER = 10.0
"""Seconds for which a silent server is not tried again, if there are others."""

MAKESHIFT = 2.0
"""Seconds for which a standby is read before the primary is tried again."""

SETTINGS = {
    "connect_timeout": str(SOON),
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""Defaults, which the address of the store may override."""

ASKS_FOR_TLS = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")
"""PostgreSQL's SSLRequest, which every server answers with one byte."""

WRITABLE = frozenset({"read-write", "primary"})

_silent: dict[tuple[str, str], float] = {}
"""When a server was last silent, by host and port."""


class StoreConnection(psycopg.Connection[Row]):
    """A connection that breaks if its server stops answering, even if TCP does not notice.

    ``until`` is the time at which a connection to a standby must be given up; else ``None``.
    """

    until: float | None = None

    @classmethod
    def connect(cls, conninfo: str = "", *, reads_standby: bool = False, **kwargs: Any) -> Self:  # type: ignore[override]  # noqa: ANN401 - psycopg's own
        """Connect to a server of the address; raises `psycopg.OperationalError` if none answers.

        With ``reads_standby`` it falls back to a read-only standby, if the address asks for a
        writable server and there is none.
        """
        named = SETTINGS | conninfo_to_dict(conninfo)
        settings = without_silent_servers(named)
        try:
            connection = super().connect(make_conninfo("", **settings), **kwargs)
        except psycopg.OperationalError:
            if not reads_standby or not has_standbys(named):
                raise
            settings["target_session_attrs"] = "any"
            connection = super().connect(make_conninfo("", **settings), **kwargs)
            connection.until = monotonic() + MAKESHIFT
        _silent.pop(connection.server, None)
        return connection

    @property
    def is_over(self) -> bool:
        """Whether a standby was read long enough, so that the primary should be tried again."""
        return self.until is not None and monotonic() > self.until

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - psycopg's own
        """Wait for an answer; raises `psycopg.OperationalError` if there will be none."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        since = monotonic()
        try:
            state = next(gen)
            while True:
                ready = yield state
                if ready:
                    since = monotonic()
                elif self._stopped_answering(since):
                    self._give_up(gen)
                elif monotonic() - since > SILENCE:
                    since = monotonic()
                state = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _give_up(self, gen: Generator[Any, Any, Any]) -> NoReturn:
        error = psycopg.OperationalError(f"the server at {self.server[0]} does not answer")
        try:
            gen.throw(error)
        finally:
            self.close()
        raise error

    def _stopped_answering(self, since: float) -> bool:
        """Tell whether the server is silent to a new connection, too; a busy server is not."""
        if _is_passed_over(self.server):
            return True
        if monotonic() - since <= SILENCE or self._answers_others():
            return False
        _silent[self.server] = monotonic()
        return True

    def _answers_others(self) -> bool:
        """Tell whether the server answers an SSLRequest, which needs no free connection slot."""
        try:
            with socket.socket(self._family) as probe:
                probe.settimeout(SOON)
                probe.connect(self._address)
                probe.sendall(ASKS_FOR_TLS)
                return bool(probe.recv(1))
        except OSError:
            return False

    @property
    def _family(self) -> socket.AddressFamily:
        if self.info.host.startswith("/"):
            return socket.AF_UNIX
        return socket.AF_INET6 if ":" in self.info.hostaddr else socket.AF_INET

    @property
    def _address(self) -> str | tuple[str, int]:
        host, port = self.info.host, self.info.port
        return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (self.info.hostaddr, port)

    @property
    def server(self) -> tuple[str, str]:
        """Host and port of the server."""
        return self.info.host, str(self.info.port)


def without_silent_servers(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings without recently silent servers, if others are left."""
    hosts = str(settings.get("host") or "").split(",")
    ports = str(settings.get("port") or "5432").split(",")
    servers = list(zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=False))
    responding = [server for server in servers if not _is_passed_over(server)]
    if "hostaddr" in settings or not responding or responding == servers:
        return settings
    names, numbers = zip(*responding, strict=True)
    return settings | {"host": ",".join(names), "port": ",".join(numbers)}


def _is_passed_over(server: tuple[str, str]) -> bool:
    return monotonic() - _silent.get(server, -PASSED_OVER) < PASSED_OVER


def has_standbys(settings: dict[str, Any]) -> bool:
    """Tell whether settings name several servers and ask for a writable one."""
    return "," in str(settings.get("host")) and settings.get("target_session_attrs") in WRITABLE


END_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE datname = current_database() AND relation = to_regclass(%s) AND mode = %s AND granted
AND state = 'active'
AND wait_event_type = 'Client' AND query_start < clock_timestamp() - interval '20 seconds'
"""
"""Takes a table and a lock mode; ends sessions that hold this lock and have waited for the rest of
one statement too long."""


def let_others_if_silent(conn: Connection, seconds: float) -> None:
    """Make PostgreSQL end this transaction if it is idle for so long between statements."""
    if conn.dialect.name == "postgresql":
        milliseconds = int(seconds * 1000)
        conn.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds}")


@contextmanager
def ending_holders(engine: Engine, table: str) -> Iterator[None]:
    """If a row lock of a table cannot be had in time, end holders that have stopped.

    The error is still raised: the next try succeeds.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            with engine.connect() as conn:
                conn.exec_driver_sql(END_HOLDERS, (table, "RowShareLock"))
        raise
