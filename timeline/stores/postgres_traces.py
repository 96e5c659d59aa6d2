"""Removes traces of erased words from a PostgreSQL server.

An update keeps the old row until a vacuum; a plain VACUUM leaves its bytes in free space of pages;
a checkpoint leaves them in recycled files of the write-ahead log. Replicas, archives and backups
are up to the operator.
"""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from psycopg import Connection

TRACES_IN_WRITE_AHEAD_LOG = Message(
    "traces_in_write_ahead_log",
    "the words are erased, but the server's write-ahead log still holds them",
    fix="grant this role pg_checkpoint, pg_monitor and pg_switch_wal, and erase again",
)
TRACES_IN_OLD_ROWS = Message(
    "traces_in_old_rows",
    "the words are erased, but a long transaction keeps the old rows",
    fix="end it and erase again",
)

PATIENCE = 60.0
PAUSE = 0.05

HOLDERS = """
SELECT count(*) FROM (
    SELECT backend_xid, backend_xmin FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND COALESCE(datname, current_database()) = current_database()
    UNION ALL SELECT transaction, NULL FROM pg_prepared_xacts WHERE database = current_database()
    UNION ALL SELECT NULL, xmin FROM pg_replication_slots
) AS open (own, oldest)
WHERE GREATEST(age(own), age(oldest)) >= age(%s::xid)
"""
"""Counts the sessions, prepared transactions and replication slots that keep rows from before a
transaction, by what they read or write."""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"


def clear_traces(connection: Connection[Any], schema: str) -> None:
    """Rewrite the tables of a schema, and overwrite all files of the write-ahead log.

    Takes a connection in autocommit mode. Raises `StandlineError` if a reader or a missing right
    prevents it.
    """
    _await_holders(connection)
    plain = connection.cursor(row_factory=tuple_row)
    for (table,) in plain.execute(TABLES, (schema,)).fetchall():
        connection.execute(SQL("VACUUM (FULL) {}").format(Identifier(schema, table)))
    try:
        _overwrite_write_ahead_log(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StandlineError(TRACES_IN_WRITE_AHEAD_LOG) from error


def _await_holders(connection: Connection[Any]) -> None:
    plain = connection.cursor(row_factory=tuple_row)
    (now,) = plain.execute("SELECT pg_current_xact_id()::xid::text").fetchall()[0]
    deadline = monotonic() + PATIENCE
    while plain.execute(HOLDERS, (now,)).fetchall() != [(0,)]:
        if monotonic() > deadline:
            raise StandlineError(TRACES_IN_OLD_ROWS)
        sleep(PAUSE)


def _overwrite_write_ahead_log(connection: Connection[Any]) -> None:
    connection.execute("SELECT pg_switch_wal()")
    connection.execute("CHECKPOINT")
    for _ in connection.execute("SELECT name FROM pg_ls_waldir()").fetchall():
        connection.execute("SELECT pg_logical_emit_message(false, 'standline', '')")
        connection.execute("SELECT pg_switch_wal()")
    connection.execute("CHECKPOINT")
