"""Limits the time of a query: the database itself cancels it and frees the thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOOK_EVERY = 50_000
"""Steps of SQLite's virtual machine between two checks of the clock: about a millisecond."""

GIVEN_UP = frozenset({9, "57014"})
"""Error codes of SQLite (INTERRUPT) and PostgreSQL (query_canceled) for a cancelled query."""


def limit_queries(conn: Connection, seconds: float) -> Connection:
    """Limit each query of a connection until it goes back to its pool; 0 sets no limit.

    A longer query raises SQLAlchemy's `OperationalError`; `timeline.stores.trouble` recognises it.
    """
    if not seconds:
        return conn
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
    else:
        _watch(conn, seconds)
    return conn


def _watch(conn: Connection, seconds: float) -> None:
    """Make SQLite check the time since the beginning of each query."""
    until = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() > until

    @event.listens_for(conn, "before_cursor_execute")
    def begin(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's hook
        nonlocal until
        until = time.monotonic() + seconds

    driver: Any = conn.connection.dbapi_connection
    driver.set_progress_handler(is_over, LOOK_EVERY)


def unlimit(driver: Any) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    """Remove the limit from a SQLite connection."""
    driver.set_progress_handler(None, 0)
