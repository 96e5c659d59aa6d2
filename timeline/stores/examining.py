"""Examines a store without changing it: damage, rights and free space."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from timeline.stores.postgres_connection import StoreConnection
from timeline.stores.sqlite_driver import address, dbapi2
from timeline.stores.trouble import is_damaged, reason_of

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.stores.store_url import StoreUrl

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename"
INDEXES = """
SELECT (regexp_match(indexdef, 'USING btree \\((.*)\\)$'))[1] FROM pg_indexes
WHERE schemaname = %s AND tablename = %s AND indexdef ~ 'USING btree' AND indexdef !~ ' WHERE '
"""
"""The columns of each full index of a table."""
READ_ALL = "SELECT count(*), sum(hashtext(t::text)) FROM {} t"
"""Reads every row of a table on the server, out-of-line values included."""
READ_INDEX = "SELECT count(*) FROM (SELECT FROM {} ORDER BY {}) rows_in_order"
BY_INDEX_ALONE = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_bitmapscan = off",
    "SET LOCAL enable_sort = off",
    "SET LOCAL enable_incremental_sort = off",
)

MAY = (
    "SELECT has_schema_privilege('log', 'USAGE')"
    " AND has_table_privilege('log.stored_events', 'SELECT, INSERT'),"
    " has_database_privilege(current_database(), 'CREATE')"
)


def database_of(url: StoreUrl) -> str:
    """Return the name and version of the database."""
    if url.is_sqlite:
        return f"SQLite {dbapi2.sqlite_version}"
    with StoreConnection.connect(url.text) as connection:
        ((version,),) = connection.execute("SHOW server_version").fetchall()
    return f"PostgreSQL {version}"


def parts_of(url: StoreUrl, generation: int) -> dict[str, str]:
    """Return the parts of a store, each with its file name or schema."""
    if url.is_sqlite:
        files = {
            "log": url.log_path,
            "read models": url.beside(f"read-{generation}.db"),
            "desk": url.beside("desk.db"),
        }
        return {part: file.name for part, file in files.items() if file.exists()}
    schemas = {"log": "log", "read models": f"read_{generation}", "desk": "desk"}
    with StoreConnection.connect(url.text) as connection:
        there = {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace")}
    return {part: schema for part, schema in schemas.items() if schema in there}


def damage_of(url: StoreUrl, place: str) -> str:
    """Return what is damaged in a file or schema of a store; empty if all can be read.

    PostgreSQL notices damaged pages by checksums, its default, but takes a page of zeros for an
    unused one: then an index has rows that the table lacks, which shows for vacuumed rows.
    """
    if url.is_sqlite:
        return _damaged_pages(url.log_path.with_name(place))
    return _damaged_tables(url.text, place)


def _damaged_pages(file: Path) -> str:
    try:
        with closing(dbapi2.connect(address(file), uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except dbapi2.DatabaseError as error:
        if not is_damaged(error):
            raise
        return str(error)
    return "" if answer == "ok" else " ".join(str(answer).split())


def _damaged_tables(conninfo: str, schema: str) -> str:
    with StoreConnection.connect(conninfo, autocommit=True, row_factory=tuple_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for (table,) in connection.execute(TABLES, (schema,)).fetchall():
            try:
                with connection.transaction():
                    lost = _lost_rows(connection, schema, table)
            except psycopg.Error as error:
                if not is_damaged(error):
                    raise
                return f"{table}: {reason_of(error)}"
            if lost:
                return f"{table}: {lost} of its rows are gone"
    return ""


def _lost_rows(connection: psycopg.Connection[tuple[Any, ...]], schema: str, table: str) -> int:
    """Read a table and its indexes, and return how many more rows the indexes have."""
    place = Identifier(schema, table)
    ((rows, _),) = connection.execute(SQL(READ_ALL).format(place))
    orders = connection.execute(INDEXES, (schema, table)).fetchall()
    for setting in BY_INDEX_ALONE:
        connection.execute(setting.encode())
    known = [
        count
        for (order,) in orders
        for (count,) in connection.execute(SQL(READ_INDEX).format(place, SQL(order)))
    ]
    return int(max(known, default=rows) - rows)


def open_to_others(url: StoreUrl) -> list[str]:
    """Return the files of a store that users outside its owner and group may access."""
    if not url.is_sqlite:
        return []
    files = url.log_path.parent.glob(f"{url.log_path.stem}.*")
    return sorted(file.name for file in files if file.stat().st_mode & stat.S_IRWXO)


def lacking_rights(url: StoreUrl) -> str:
    """Return, in words, a right that a server needs and this user lacks."""
    if url.is_sqlite:
        return "" if _can_write(url.log_path) else "this user may only read it"
    with StoreConnection.connect(url.text) as connection:
        ((records, rebuilds),) = connection.execute(MAY).fetchall()
    if not records:
        return "this role may not append to the log"
    return "" if rebuilds else "this role may make no schema, which a rebuild needs"


def _can_write(log: Path) -> bool:
    return os.access(log, os.W_OK) and os.access(log.parent, os.W_OK)


def room_of(url: StoreUrl) -> tuple[int, int] | None:
    """Return the free bytes, and those that a rebuild needs; ``None`` for a database server."""
    if not url.is_sqlite:
        return None
    read = url.log_path.parent.glob(f"{url.log_path.stem}.read-*.db")
    needed = max((file.stat().st_size for file in read), default=0)
    return shutil.disk_usage(url.log_path.parent).free, needed
