"""A connection to the database of a store, which one of several servers keeps.

Where one is lost another takes over, after some seconds in which none does: meanwhile a standby is
read. A server that stopped answering, and whose connections stay, is left as if they had broken.

Who stopped in the middle of a transaction is ended, since others would wait without end. Of a
frozen machine the connections stay. Between two statements the database ends it by itself
(`idle_in_transaction_session_timeout`). In the middle of one it waits for the rest, for as long as
it takes: there, who waited for the lock in vain looks whether its holder still does anything.
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
"""Seconds without an answer after which a server is asked whether it still gives any."""

SOON = 3
"""Seconds within which it has to give one, and a new connection has to be made."""

PASSED_OVER = 10.0
"""Seconds for which nobody waits again for a server that gave none, where there are others."""

MAKESHIFT = 2.0
"""Seconds for which a standby is read before the primary is looked for again."""

SETTINGS = {
    "connect_timeout": str(SOON),
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""What holds unless the address of the store says otherwise."""

ASKS_FOR_TLS = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")
"""PostgreSQL's SSLRequest, which every server answers by a letter."""

WRITABLE = frozenset({"read-write", "primary"})

_silent: dict[tuple[str, str], float] = {}
"""When a server last gave no answer, by host and port."""


class StoreConnection(psycopg.Connection[Row]):
    """A connection that breaks where its server stopped answering, whatever its wires say.

    ``until`` is when a connection to a standby is to be given up, if it is one.
    """

    until: float | None = None

    @classmethod
    def connect(cls, conninfo: str = "", *, reads_standby: bool = False, **kwargs: Any) -> Self:  # type: ignore[override]  # noqa: ANN401 - psycopg's own
        """Connect to whom the address names; raises `psycopg.OperationalError` where none answers.

        With ``reads_standby`` it is one that can only be read, where the address asks for one that
        takes writes and there is none.
        """
        named = SETTINGS | conninfo_to_dict(conninfo)
        settings = answering(named)
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
        """Whether a standby was read long enough, and there may be a primary again."""
        return self.until is not None and monotonic() > self.until

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - psycopg's own
        """Wait for an answer; raises `psycopg.OperationalError` where there will be none."""
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
        """Tell whether the server is silent for others, too; one that works long is not."""
        if _is_passed_over(self.server):
            return True
        if monotonic() - since <= SILENCE or self._answers_others():
            return False
        _silent[self.server] = monotonic()
        return True

    def _answers_others(self) -> bool:
        """Tell whether the server answers before it asks who is there, however many are."""
        try:
            with socket.socket(self._family) as asked:
                asked.settimeout(SOON)
                asked.connect(self._address)
                asked.sendall(ASKS_FOR_TLS)
                return bool(asked.recv(1))
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
        """Which server it leads to: host and port."""
        return self.info.host, str(self.info.port)


def answering(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings without the servers that gave no answer lately, if there are others."""
    hosts = str(settings.get("host") or "").split(",")
    ports = str(settings.get("port") or "5432").split(",")
    servers = list(zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=False))
    kept = [server for server in servers if not _is_passed_over(server)]
    if "hostaddr" in settings or not kept or kept == servers:
        return settings
    names, numbers = zip(*kept, strict=True)
    return settings | {"host": ",".join(names), "port": ",".join(numbers)}


def _is_passed_over(server: tuple[str, str]) -> bool:
    return monotonic() - _silent.get(server, -PASSED_OVER) < PASSED_OVER


def has_standbys(settings: dict[str, Any]) -> bool:
    """Tell whether settings name several servers, of which one is to take writes."""
    return "," in str(settings.get("host")) and settings.get("target_session_attrs") in WRITABLE


END_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE datname = current_database() AND relation = to_regclass(%s) AND mode = %s AND granted
AND state = 'active'
AND wait_event_type = 'Client' AND query_start < clock_timestamp() - interval '20 seconds'
"""
"""Takes a table and the mode in which it is locked; ends who locked it, and has been in the middle
of one statement for so long that it does not go on for want of the rest."""


def let_others_if_silent(conn: Connection, seconds: float) -> None:
    """Let the database end this transaction where nothing comes for as long between statements."""
    if conn.dialect.name == "postgresql":
        milliseconds = int(seconds * 1000)
        conn.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds}")


@contextmanager
def ending_holders(engine: Engine, table: str) -> Iterator[None]:
    """Where a lock on a row of a table is not to be had in time, end who holds it and stopped.

    The error stays one: what was to be done is done at the next try.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            with engine.connect() as conn:
                conn.exec_driver_sql(END_HOLDERS, (table, "RowShareLock"))
        raise
