"""SQLAlchemy engines for what lies beside the log: generations of read models, and the desk."""

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
"""The connection given back last is lent first: few readers need few, and others keep nothing."""

READING, WRITING = 1_024, 32_768
"""KiB of a SQLite database that a connection keeps in memory: a server has one for each thread, and
only the one that writes, or makes an index, is quicker for more."""

KEPT = "kilobytes kept"
"""What is noted with a connection: how much it keeps."""

_SETTLE = 0x5374616E646C696E
"""Advisory lock of those who make schemas: two at once would fail."""


def read_engine(url: StoreUrl, generation: int) -> Engine:
    """Return the engine of a generation of read models, which a rebuild can make again."""
    if url.is_sqlite:
        return _sqlite_engine(url.beside(f"read-{generation}.db"), synchronous="NORMAL")
    return _postgres_engine(url, f"read_{generation}")


@contextmanager
def filling_engine(url: StoreUrl, generation: int) -> Iterator[Engine]:
    """Lend the engine with which a generation is filled that nobody reads yet.

    On SQLite nothing of it is durable until the block ends: who is interrupted begins anew.
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
    """Lend an engine and let go of its connections."""
    try:
        yield engine
    finally:
        engine.dispose()


def desk_engine(url: StoreUrl) -> Engine:
    """Return the engine of the desk, which nothing can make again; it is made if need be."""
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
    """Tell whether a schema is there, on PostgreSQL."""
    query = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    with StoreConnection.connect(url.text) as connection:
        return connection.execute(query, (name,)).fetchone() is not None


def generations(url: StoreUrl) -> list[int]:
    """Return the numbers of the generations that there are, finished or not."""
    if url.is_sqlite:
        paths = url.log_path.parent.glob(f"{glob.escape(url.log_path.stem)}.read-*.db")
        names = [path.stem.rpartition(".read-")[2] for path in paths]
    else:
        with StoreConnection.connect(url.text) as connection:
            rows = connection.execute("SELECT nspname FROM pg_namespace").fetchall()
        names = [name.removeprefix("read_") for (name,) in rows if name.startswith("read_")]
    return sorted(int(name) for name in names if name.isdecimal())


def create_generation(url: StoreUrl, generation: int) -> None:
    """Make room for a generation, empty even if one of that number was begun before."""
    drop_generation(url, generation)
    if url.is_sqlite:
        make_private(url.beside(f"read-{generation}.db"))
    else:
        _run(url, SQL("CREATE SCHEMA {}").format(Identifier(f"read_{generation}")))


def drop_generation(url: StoreUrl, generation: int) -> None:
    """Remove a generation; one that is not there is fine."""
    if url.is_sqlite:
        database = url.beside(f"read-{generation}.db")
        for end in ("", "-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
    else:
        name = Identifier(f"read_{generation}")
        _run(url, SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))


def clear_traces(url: StoreUrl, generation: int) -> None:
    """Remove from the disk what erased words left behind in a generation of read models.

    Raises `StandlineError` where a reader or a missing right keeps the old bytes.
    """
    _clear_traces(url, f"read-{generation}.db", f"read_{generation}")


def clear_traces_of_desk(url: StoreUrl) -> None:
    """Remove from the disk what was deleted from the desk; raises as `clear_traces` does."""
    _clear_traces(url, "desk.db", "desk")


def _clear_traces(url: StoreUrl, file: str, schema: str) -> None:
    if url.is_sqlite:
        sqlite_traces.clear_traces(url.beside(file))
    else:
        with StoreConnection.connect(url.text, autocommit=True) as connection:
            postgres_traces.clear_traces(connection, schema)


def let_go(conn: Connection) -> None:
    """Give a connection back; one whose server went away is dropped, which is no news by then."""
    with suppress(DBAPIError):
        conn.close()


@contextmanager
def exclusive(engine: Engine, patience: float = PATIENCE) -> Iterator[Connection]:
    """Open a transaction that, on SQLite, is the only writing one from its start.

    Raises SQLAlchemy's `OperationalError` where a lock is not to be had in ``patience`` seconds.
    """
    milliseconds = max(1, int(patience * 1000))
    with engine.connect() as conn, conn.execution_options(exclusive=milliseconds).begin():
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        yield conn


@contextmanager
def settling(engine: Engine) -> Iterator[Connection]:
    """Open the transaction that makes tables: of two at once, the second waits for the first."""
    with exclusive(engine) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_SETTLE)))
        yield conn


def _sqlite_engine(path: Path, *, synchronous: str, journal: str = "WAL") -> Engine:
    def connect() -> Any:  # noqa: ANN401 - pysqlite3 ships no types
        connection = dbapi2.connect(
            address(path),
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        if journal != "WAL":
            connection.execute(f"PRAGMA journal_mode={journal}").fetchone()
        elif not is_read_only(path):
            use_write_ahead_log(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA secure_delete=ON").fetchone()
        connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    # What is read without locks is opened anew each time: somebody who may write comes later.
    pool = {"poolclass": NullPool} if is_read_only(path) else {"poolclass": QueuePool} | POOL
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, **pool)

    @event.listens_for(engine, "checkin")
    def checkin(driver: Any, _record: object) -> None:  # noqa: ANN401 - pysqlite3 ships no types
        if driver is not None:
            unlimit(driver)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        milliseconds = conn.get_execution_options().get("exclusive")
        kept = READING if milliseconds is None else WRITING
        _keep(conn, kept)
        if milliseconds is None:
            conn.exec_driver_sql("BEGIN")
        else:
            conn.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
            try:
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                conn.exec_driver_sql(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")

    return engine


def _keep(conn: Connection, kept: int) -> None:
    """Let a connection keep so many kilobytes of pages, if it does not already."""
    noted = conn.connection.info
    if noted.get(KEPT) != kept:
        conn.exec_driver_sql(f"PRAGMA cache_size = -{kept}")
        noted[KEPT] = kept


def _postgres_engine(url: StoreUrl, schema: str) -> Engine:
    given = conninfo_to_dict(url.text).get("options") or ""

    def connect() -> psycopg.Connection:
        options = f"{given} -c search_path={schema}".strip()
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
