"""SQLAlchemy engines of the databases beside the log: read models and the desk."""

from __future__ import annotations

import glob
import os
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, DisconnectionError

from timeline.stores import postgres_traces, sqlite_traces
from timeline.stores.postgres_connection import StoreConnection
from timeline.stores.query_limit import unlimit
from timeline.stores.sqlite_driver import (
    address,
    dbapi2,
    is_read_only,
    make_private,
    use_write_ahead_log,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from timeline.stores.store_url import StoreUrl

PATIENCE = 60.0
"""Seconds to wait for another writer, or for a connection."""

POOL = {"pool_size": 16, "max_overflow": 48, "pool_timeout": PATIENCE, "pool_use_lifo": True}
"""The connection returned last is lent first, so that few readers use few connections."""

READING, WRITING = 1_024, 32_768
"""KiB of page cache of a SQLite connection: each thread of a server has one, and only the one that
writes, or makes an index, is quicker with more."""

KEPT = "kilobytes kept"
"""The key of a connection's cache size in its info."""

_SETTLE = 0x5374616E646C696E
"""Advisory lock of processes that make schemas: two at once would fail."""


def read_engine(url: StoreUrl, generation: int) -> Engine:
    """Return the engine of a generation of read models."""
    if url.is_sqlite:
        return _sqlite_engine(url.beside(f"read-{generation}.db"), synchronous="NORMAL")
    return _postgres_engine(url, f"read_{generation}")


@contextmanager
def filling_engine(url: StoreUrl, generation: int) -> Iterator[Engine]:
    """Yield an engine to fill a generation that nobody reads yet.

    On SQLite it is durable only after the block: an interrupted fill must start again.
    """
    if not url.is_sqlite:
        with closing_engine(read_engine(url, generation)) as engine:
            yield engine
        return
    path = url.beside(f"read-{generation}.db")
    with closing_engine(_sqlite_engine(path, synchronous="OFF", journal="MEMORY")) as engine:
        yield engine
    with closing(dbapi2.connect(address(path), uri=True)) as connection:
        use_write_ahead_log(connection)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """Yield an engine, and dispose of it afterwards."""
    try:
        yield engine
    finally:
        engine.dispose()


def desk_engine(url: StoreUrl) -> Engine:
    """Return the engine of the desk, which is made if needed; nothing can rebuild its data."""
    if url.is_sqlite:
        make_private(url.beside("desk.db"))
        return _sqlite_engine(url.beside("desk.db"), synchronous="FULL")
    if not has_schema(url, "desk"):
        _run(url, SQL("CREATE SCHEMA IF NOT EXISTS desk"))
    return _postgres_engine(url, "desk")


def has_desk(url: StoreUrl) -> bool:
    """Tell whether the store has a desk yet."""
    return url.beside("desk.db").exists() if url.is_sqlite else has_schema(url, "desk")


def has_schema(url: StoreUrl, name: str) -> bool:
    """Tell whether a PostgreSQL schema exists."""
    query = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    with StoreConnection.connect(url.text) as connection:
        return connection.execute(query, (name,)).fetchone() is not None


def generations(url: StoreUrl) -> list[int]:
    """Return the numbers of all generations, finished or not."""
    if url.is_sqlite:
        paths = url.log_path.parent.glob(f"{glob.escape(url.log_path.stem)}.read-*.db")
        names = [path.stem.rpartition(".read-")[2] for path in paths]
    else:
        with StoreConnection.connect(url.text) as connection:
            rows = connection.execute("SELECT nspname FROM pg_namespace").fetchall()
        names = [name.removeprefix("read_") for (name,) in rows if name.startswith("read_")]
    return sorted(int(name) for name in names if name.isdecimal())


def create_generation(url: StoreUrl, generation: int) -> None:
    """Create an empty generation, in place of one with the same number."""
    drop_generation(url, generation)
    if url.is_sqlite:
        make_private(url.beside(f"read-{generation}.db"))
    else:
        _run(url, SQL("CREATE SCHEMA {}").format(Identifier(f"read_{generation}")))


def drop_generation(url: StoreUrl, generation: int) -> None:
    """Remove a generation, if it exists."""
    if url.is_sqlite:
        database = url.beside(f"read-{generation}.db")
        for end in ("", "-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
    else:
        name = Identifier(f"read_{generation}")
        _run(url, SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))


def clear_traces(url: StoreUrl, generation: int) -> None:
    """Remove traces of erased words in a generation of read models from the disk.

    Raises `StandlineError` if a reader or a missing right prevents it.
    """
    _clear_traces(url, f"read-{generation}.db", f"read_{generation}")


def clear_traces_of_desk(url: StoreUrl) -> None:
    """Remove traces of deleted rows of the desk from the disk; raises as `clear_traces` does."""
    _clear_traces(url, "desk.db", "desk")


def _clear_traces(url: StoreUrl, file: str, schema: str) -> None:
    if url.is_sqlite:
        sqlite_traces.clear_traces(url.beside(file))
    else:
        with StoreConnection.connect(url.text, autocommit=True) as connection:
            postgres_traces.clear_traces(connection, schema)


def release(conn: Connection) -> None:
    """Return a connection to its pool; ignore that its server may have gone away."""
    with suppress(DBAPIError):
        conn.close()


@contextmanager
def exclusive(engine: Engine, patience: float = PATIENCE) -> Iterator[Connection]:
    """Open a transaction that holds SQLite's write lock from its start.

    Raises SQLAlchemy's `OperationalError` if a lock takes longer than ``patience`` seconds.
    """
    milliseconds = max(1, int(patience * 1000))
    with engine.connect() as conn, conn.execution_options(exclusive=milliseconds).begin():
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        yield conn


@contextmanager
def schema_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that makes tables; a second one waits for the first."""
    with exclusive(engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_SETTLE)))
        yield conn


def _sqlite_engine(path: Path, *, synchronous: str, journal: str = "WAL") -> Engine:
    def connect() -> Any:  # noqa: ANN401 - pysqlite3 ships no types
        connection = dbapi2.connect(
            address(path), timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri=True
        )
        if journal != "WAL":
            connection.execute(f"PRAGMA journal_mode={journal}").fetchone()
        elif not is_read_only(path):
            use_write_ahead_log(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA secure_delete=ON").fetchone()
        connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    # A read-only file is opened anew each time: it may become writable later.
    pool = {"poolclass": NullPool} if is_read_only(path) else {"poolclass": QueuePool} | POOL
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, **pool)

    @event.listens_for(engine, "checkin")
    def checkin(driver: Any, _record: object) -> None:  # noqa: ANN401 - pysqlite3 ships no types
        if driver is not None:
            unlimit(driver)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        milliseconds = conn.get_execution_options().get("exclusive")
        kilobytes = READING if milliseconds is None else WRITING
        _set_cache_size(conn, kilobytes)
        if milliseconds is None:
            conn.exec_driver_sql("BEGIN")
        else:
            conn.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
            try:
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                conn.exec_driver_sql(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")

    return engine


def _set_cache_size(conn: Connection, kilobytes: int) -> None:
    """Set the page cache of a connection, unless it has that size already."""
    info = conn.connection.info
    if info.get(KEPT) != kilobytes:
        conn.exec_driver_sql(f"PRAGMA cache_size = -{kilobytes}")
        info[KEPT] = kilobytes


def _postgres_engine(url: StoreUrl, schema: str) -> Engine:
    own_options = conninfo_to_dict(url.text).get("options") or ""

    def connect() -> psycopg.Connection:
        options = f"{own_options} -c search_path={schema}".strip()
        return StoreConnection.connect(url.text, reads_standby=True, options=options)

    engine = create_engine("postgresql+psycopg://", creator=connect, pool_pre_ping=True, **POOL)

    @event.listens_for(engine, "checkout")
    def checkout(driver: StoreConnection, _record: object, _proxy: object) -> None:
        if driver.is_over:
            raise DisconnectionError

    return engine


def _run(url: StoreUrl, statement: Any) -> None:  # noqa: ANN401 - composed SQL
    with StoreConnection.connect(url.text) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETTLE,))
        connection.execute(statement)
