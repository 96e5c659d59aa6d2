"""How long one query may take: then the database itself gives it up, and lets its thread go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOOK_EVERY = 50_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond."""

GIVEN_UP = frozenset({9, "57014"})
"""Codes of SQLite (INTERRUPT) and PostgreSQL (query_canceled) for a query that was ended early."""


def limited(conn: Connection, seconds: float) -> Connection:
    """Let no query of a connection take longer, until it goes back to its pool; 0 sets no limit.

    A query that does raises SQLAlchemy's `OperationalError`, and `timeline.stores.trouble` tells it
    from others.
    """
    if not seconds:
        return conn
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
    else:
        _watch(conn, seconds)
    return conn


def _watch(conn: Connection, seconds: float) -> None:
    """Let SQLite look at the clock while it works, from the beginning of each query on."""
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
    """Let a connection of SQLite work as long as it takes, for whoever gets it next."""
    driver.set_progress_handler(None, 0)
