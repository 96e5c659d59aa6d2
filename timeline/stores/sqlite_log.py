"""The log in a SQLite file: one table of events whose row id is the position."""

from __future__ import annotations

import json
import threading
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import OperationalError
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteTransaction,
)

from timeline.domain.errors import StandlineError
from timeline.stores.clock import rises
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.utils import Environment

    from timeline.stores.rows import Row

PATIENCE = 60.0
"""Seconds that a writer waits for another one, a switch of generations included."""

PAUSE = 0.002
"""Seconds between two looks at whether another process wrote."""

INSERT = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)"
    " VALUES (?, ?, ?, ?, ?)"
)
SELECT = "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events "


def connect(path: Path) -> Any:  # noqa: ANN401 - pysqlite3 ships no types
    """Open a connection that writes durably and leaves no trace of what it overwrites."""
    connection = dbapi2.connect(
        str(path), timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON").fetchall()
    return connection


class WriteTransaction(SQLiteTransaction):
    """Takes the file's write lock at once, so that what it reads first is still true later."""

    def __enter__(self) -> SQLiteCursor:
        """Begin; raises `OperationalError` when another process keeps the lock too long."""
        cursor = self.connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except dbapi2.OperationalError as error:
            raise OperationalError(error) from error
        return cursor


class LogConnection(SQLiteConnection):
    """A connection whose writing transactions begin with the lock."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction and give it up unless it is to commit."""
        kind = WriteTransaction if commit else SQLiteTransaction
        with kind(self, commit=commit) as cursor, cursor:
            yield cursor


class LogPool(SQLiteConnectionPool):
    """Connections to the log; a reader never waits behind a writer that waits."""

    def __init__(self, path: Path) -> None:
        super().__init__(db_name=str(path), pool_size=16, max_overflow=48, pool_timeout=PATIENCE)
        self._path = path

    def get_connection(
        self, timeout: float | None = None, *, is_writer: bool | None = None
    ) -> SQLiteConnection:
        """Issue a connection, without the library's interlock, which holds readers up."""
        del is_writer
        return super().get_connection(timeout)

    def _create_connection(self) -> LogConnection:
        connection = connect(self._path)
        connection.row_factory = dbapi2.Row
        return LogConnection(connection, max_age=None)


class LogDatastore(SQLiteDatastore):
    """Transactions on the log; writers of one process take turns."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.path = path
        self.pool = LogPool(path)
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction; one that is to commit holds the write lock from its start."""
        turn = self._turn if commit else nullcontext()
        with turn, super().transaction(commit=commit) as cursor:
            yield cursor


class SQLiteLogRecorder(SQLiteApplicationRecorder):
    """Reads and writes the rows of the log."""

    datastore: LogDatastore

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        stamps: Sequence[int] = (),
        **_: Any,  # noqa: ANN401 - the library's hook
    ) -> Sequence[int]:
        c.execute(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'), 0),"
            " COALESCE((SELECT MAX(reached) FROM clock), 0)"
        )
        head, reached = c.fetchone()
        risen = rises(reached, stamps)
        positions = range(head + 1, head + 1 + len(stored_events))
        self._put(
            c,
            (
                (position, s.originator_id, s.originator_version, s.topic, s.state)
                for position, s in zip(positions, stored_events, strict=True)
            ),
            [(stamp, positions[index]) for index, stamp in risen],
        )
        return positions

    def _put(
        self, c: SQLiteCursor, rows: Iterable[tuple[Any, ...]], clock: Iterable[tuple[int, int]]
    ) -> None:
        c.executemany(INSERT, rows)
        c.executemany("INSERT INTO clock (reached, position) VALUES (?, ?)", clock)

    def latest(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at, zeros for an empty log."""
        ((position, reached),) = self._select(
            "SELECT COALESCE((SELECT MAX(rowid) FROM stored_events), 0),"
            " COALESCE((SELECT MAX(reached) FROM clock), 0)"
        )
        return position, reached

    def range(self, after: int, upto: int) -> list[Row]:
        """Return the rows of a range of positions in order."""
        return self._select(SELECT + "WHERE rowid > ? AND rowid <= ? ORDER BY rowid", after, upto)

    def next_position(self, after: int) -> int | None:
        """Return the first position after this one; positions have gaps."""
        ((found,),) = self._select("SELECT MIN(rowid) FROM stored_events WHERE rowid > ?", after)
        return found

    def first_rows(self, streams: Sequence[str]) -> list[Row]:
        """Return the first row of each of these streams that exists."""
        where = "WHERE originator_version = 1 AND originator_id IN (SELECT value FROM json_each(?))"
        return self._select(SELECT + where, json.dumps(streams))

    def known_by(self, reached: int) -> int:
        """Return the last position before the running maximum of recorded_at passes this."""
        ((found,),) = self._select(
            "SELECT COALESCE(MAX(rowid), 0) FROM stored_events WHERE rowid < COALESCE((SELECT"
            " position FROM clock WHERE reached > ? ORDER BY reached LIMIT 1),"
            " 9223372036854775807)",
            reached,
        )
        return found

    def _select(self, statement: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        with self.datastore.transaction(commit=False) as cursor:
            plain = cursor.sqlite_cursor
            plain.row_factory = None
            return plain.execute(statement, values).fetchall()

    def generation(self) -> int:
        """Return the number of the live generation of read models."""
        ((number,),) = self._select("SELECT generation FROM live")
        return number

    def set_generation(self, cursor: SQLiteCursor, number: int) -> None:
        """Make another generation live; ``cursor`` is the one that holds the write lock."""
        cursor.execute("UPDATE live SET generation = ?", (number,))

    @contextmanager
    def locked(self) -> Iterator[SQLiteCursor]:
        """Hold the write lock; what is done with the cursor is kept unless an error leaves."""
        with self.datastore.transaction(commit=True) as cursor:
            yield cursor

    def restore(
        self, cursor: SQLiteCursor, rows: Sequence[Row], clock: Sequence[tuple[int, int]]
    ) -> None:
        """Put rows at their own positions under the write lock."""
        self._put(cursor, rows, clock)

    def overwrite(self, states: dict[int, bytes]) -> None:
        """Put other states in place of those at these positions, and leave no trace of them."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.executemany(
                "UPDATE stored_events SET state = ? WHERE rowid = ?",
                [(state, position) for position, state in states.items()],
            )
        self._empty_write_ahead_log()

    def _empty_write_ahead_log(self) -> None:
        deadline = monotonic() + PATIENCE
        with closing(connect(self.datastore.path)) as connection:
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if monotonic() > deadline:
                    msg = "a reader keeps the write-ahead log, which still holds the erased words"
                    raise StandlineError(msg, fix="stop other processes and erase again")
                sleep(PAUSE)

    def await_write(self, timeout: float, is_new: Callable[[], bool]) -> bool:
        """Return as soon as ``is_new`` holds after a write, or false when the time is up."""
        deadline = monotonic() + timeout
        with closing(connect(self.datastore.path)) as connection:
            seen = None
            while True:
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != seen and is_new():
                    return True
                if monotonic() >= deadline:
                    return False
                seen = version
                sleep(PAUSE)


class SQLiteLogFactory(SQLiteFactory):
    """Builds the library's parts around our datastore."""

    application_recorder_class = SQLiteLogRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore = LogDatastore(Path(env[self.SQLITE_DBNAME]))
