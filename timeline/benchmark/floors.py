"""Floors: the time that the same database takes for the same bytes and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from sqlalchemy import text

from timeline.projections.tables import indexes, schema
from timeline.projections.writing.bulk import insert_rows
from timeline.stores.engines import create_generation, drop_generation, exclusive, read_engine
from timeline.stores.mapper import read_event
from timeline.stores.sqlite_driver import make_private
from timeline.stores.sqlite_log import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.stores.store_url import StoreUrl

Row = tuple[int, str, int, str, bytes]
"""A row of the log's table: position, stream, version, type and state."""

ASIDE = 999_999
"""The number of the generation that the floor of a rebuild writes and removes."""

AT_ONCE = 5_000
SHAPE = (
    "(position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,"
    " type TEXT NOT NULL, state {bytes} NOT NULL, UNIQUE (stream, version))"
)
TYPES = ("int4", "text", "int4", "text", "bytea")
"""The PostgreSQL types of the columns."""


class Floor(ABC):
    """One database, used directly, with the same durability as the log.

    ``BULK`` describes its fastest way for many rows.
    """

    BULK: ClassVar[str]

    @abstractmethod
    def insert(self, rows: Sequence[Row]) -> None:
        """Put rows into a table of the log's shape, in one durable transaction."""

    def insert_at_once(self, rows: Sequence[Row]) -> None:
        """Do the same in the fastest way for many rows."""
        self.insert(rows)

    @abstractmethod
    def scan(self) -> Iterator[Row]:
        """Yield every row of the log in one query."""

    def read(self) -> int:
        """Read and decode the whole log, and return the number of events."""
        count = 0
        for _, stream, version, topic, state in self.scan():
            read_event(stream, version, topic, state)
            count += 1
        return count

    def apply(self, apply: Callable[[Event], object]) -> None:
        """Read and decode the whole log, and apply each event."""
        for _, stream, version, topic, state in self.scan():
            apply(read_event(stream, version, topic, state))


class SQLiteFloor(Floor):
    """A file next to the log, written in its own transactions."""

    BULK = "insert the same bytes at once"

    def __init__(self, url: StoreUrl) -> None:
        self._log = connect(url.log_path)
        make_private(url.beside("floor.db"))
        self._own = connect(url.beside("floor.db"))
        self._own.execute("PRAGMA journal_mode=WAL").fetchone()
        self._own.execute(f"CREATE TABLE floor {SHAPE.format(bytes='BLOB')} STRICT")

    def insert(self, rows: Sequence[Row]) -> None:
        """Put rows into a table of the log's shape, in one durable transaction."""
        self._own.execute("BEGIN IMMEDIATE")
        self._own.executemany("INSERT INTO floor VALUES (?, ?, ?, ?, ?)", rows)
        self._own.execute("COMMIT")

    def scan(self) -> Iterator[Row]:
        """Yield every row of the log in one query."""
        columns = "rowid, originator_id, originator_version, topic, state"
        yield from self._log.execute(f"SELECT {columns} FROM stored_events ORDER BY rowid")  # noqa: S608 - own names

    def close(self) -> None:
        self._log.close()
        self._own.close()


class PostgresFloor(Floor):
    """A table next to the log's, written over its own connection."""

    BULK = "COPY the same bytes"

    def __init__(self, url: StoreUrl) -> None:
        self._connection = psycopg.connect(url.text, autocommit=True)
        self._connection.execute("DROP TABLE IF EXISTS floor")
        self._connection.execute(f"CREATE TABLE floor {SHAPE.format(bytes='BYTEA')}")

    def insert(self, rows: Sequence[Row]) -> None:
        """Put rows into a table of the log's shape, in one durable transaction."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO floor VALUES (%s, %s, %s, %s, %s)", rows)

    def insert_at_once(self, rows: Sequence[Row]) -> None:
        """Do the same by `COPY`."""
        with (
            self._connection.transaction(),
            self._connection.cursor() as cursor,
            cursor.copy("COPY floor FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(TYPES)
            for row in rows:
                copy.write_row(row)

    def scan(self) -> Iterator[Row]:
        """Yield every row of the log in one query."""
        columns = "notification_id, originator_id, originator_version, topic, state"
        query = f"SELECT {columns} FROM log.stored_events ORDER BY notification_id"  # noqa: S608 - own names
        with self._connection.transaction(), self._connection.cursor("scan", binary=True) as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(query)

    def close(self) -> None:
        self._connection.execute("DROP TABLE floor")
        self._connection.close()


@contextmanager
def floor_of(url: StoreUrl) -> Iterator[Floor]:
    """Open the floor of a store while the block runs."""
    with closing(SQLiteFloor(url) if url.is_sqlite else PostgresFloor(url)) as floor:
        yield floor


def write_generation(url: StoreUrl, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Write the prepared rows of a whole generation, and create its indexes."""
    create_generation(url, ASIDE)
    engine = read_engine(url, ASIDE)
    try:
        with exclusive(engine) as conn:
            schema.metadata.create_all(conn)
        for name, all_rows in rows.items():
            for begin in range(0, len(all_rows), AT_ONCE):
                with exclusive(engine) as conn:
                    some = all_rows[begin : begin + AT_ONCE]
                    insert_rows(conn, schema.metadata.tables[name], some)
        for name, columns in (indexes.LIVE | indexes.DEFERRED).items():
            with exclusive(engine) as conn:
                conn.execute(text(f"CREATE INDEX {name} ON {columns}"))
    finally:
        engine.dispose()
        drop_generation(url, ASIDE)
