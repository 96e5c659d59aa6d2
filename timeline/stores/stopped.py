"""Ends who stopped in the middle of a transaction, on PostgreSQL: others would wait without end.

Of a frozen machine the connections stay. Between two statements the database ends it by itself
(`idle_in_transaction_session_timeout`). In the middle of one it waits for the rest, for as long as
it takes: there, who waited for the lock in vain looks whether its holder still does anything.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

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
