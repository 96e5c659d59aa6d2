"""The log in a SQLite file: a table of events whose rowid is the position."""

from __future__ import annotations

import json
import os
import threading
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import mkstemp
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, ClassVar

from eventsourcing import persistence
from eventsourcing.persistence import PersistenceError
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from timeline.stores import acknowledged
from timeline.stores.rows import LogPlace
from timeline.stores.shape import IN_FILE
from timeline.stores.sqlite_driver import address, dbapi2, is_busy, is_read_only, make_private
from timeline.stores.sqlite_traces import clear_traces
from timeline.stores.tables import LogTables
from timeline.stores.trouble import only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from timeline.stores.clock import Stamp
    from timeline.stores.rows import ChainedRow
    from timeline.stores.tables import MakeLastEvents

PATIENCE = 60.0
"""Seconds that a writer waits for another, or for a switch of generations."""

KEPT, MOST = 16, 64
"""Connections that stay open when idle, and at most."""

ROOM = 65_536
"""Free bytes that the disk must have: more than most forms take."""

PAUSE = 0.002
"""Seconds between two checks whether another process wrote."""

NOW = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
INSERT = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state, chain)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)

HEAD = (
    "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'), 0),"
    " COALESCE((SELECT MAX(reached) FROM clock), 0), made_at,"
    " (SELECT chain FROM stored_events ORDER BY rowid DESC LIMIT 1) FROM live"
)


def connect(path: Path) -> Any:  # noqa: ANN401 - pysqlite3 ships no types
    """Open a connection that writes durably and wipes what it overwrites."""
    connection = dbapi2.connect(
        address(path), timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri=True
    )
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON").fetchall()
    return connection


class LogConnection(SQLiteConnection):
    """A connection whose write transactions take the file's write lock at once.

    So what they read first is still true when they write.
    """

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction, and roll it back unless ``commit``; raises the library's errors."""
        try:
            with ExitStack() as ending:
                cursor = self.cursor()
                ending.enter_context(cursor)
                ending.callback(self.rollback)  # of what is committed nothing is left
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                yield cursor
                if commit:
                    self.commit()
        except dbapi2.Error as error:
            kind = getattr(persistence, type(error).__name__, PersistenceError)
            raise kind(error) from error


class LogPool(SQLiteConnectionPool):
    """A pool of connections; readers never wait behind a waiting writer."""

    def __init__(self, path: Path) -> None:
        # A read-only file is opened anew each time: it may become writable later.
        idle = 0 if is_read_only(path) else KEPT
        most = MOST - idle
        super().__init__(
            db_name=str(path), pool_size=idle, max_overflow=most, pool_timeout=PATIENCE
        )
        self._path = path

    def get_connection(
        self, timeout: float | None = None, *, is_writer: bool | None = None
    ) -> SQLiteConnection:
        """Return a connection, without the library's lock, which would block readers."""
        del is_writer
        return super().get_connection(timeout)

    def _create_connection(self) -> LogConnection:
        connection = connect(self._path)
        connection.row_factory = dbapi2.Row
        return LogConnection(connection, max_age=None)


class LogDatastore(SQLiteDatastore):
    """Opens transactions on the log; writers of one process take turns."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.path = path
        self.pool = LogPool(path)
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction; with ``commit`` it holds the write lock from its start."""
        turn = self._turn if commit else nullcontext()
        with turn, super().transaction(commit=commit) as cursor:
            yield cursor


class SQLiteLogRecorder(SQLiteApplicationRecorder, LogTables):
    """Reads and writes the rows of the log."""

    CLASH: ClassVar = dbapi2.IntegrityError
    HAS_GAPS: ClassVar = False
    INDEXES: ClassVar = ("sqlite_autoindex_stored_events_1", "tree_nodes_upto")
    NAMES: ClassVar = {
        "log": "",
        "position": "rowid",
        "now": NOW,
        "value": "?",
        "sequence": "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'), 0)",
        "shape": IN_FILE,
        "any_value": "IN (SELECT value FROM json_each(?))",
    }
    datastore: LogDatastore

    def insert_events(
        self,
        stored_events: Sequence[Any],  # the library's name for what `write_events` gives
        *,
        stamps: Sequence[Stamp] = (),
        finish: MakeLastEvents | None = None,
        **_: Any,  # noqa: ANN401 - the library's hook
    ) -> Sequence[int]:
        """Append in one transaction, and store the new end of the log beside it."""
        with self.locked() as cursor:
            cursor.execute(HEAD)
            last, *head = only(cursor.fetchall())
            positions = range(last + 1, last + 1 + len(stored_events))
            place = self._place(cursor, positions, head, stored_events, stamps, finish)
        acknowledged.remember(self.datastore.path, place)
        return positions

    def remember(self) -> None:
        """Store the end of the log in a file beside it."""
        # The append is done: it succeeds even if this write fails.
        with suppress(PersistenceError, dbapi2.Error):
            acknowledged.remember(self.datastore.path, LogPlace(*self.place()))

    def remembered(self) -> LogPlace | None:
        """Return the stored end of the log."""
        return acknowledged.remembered(self.datastore.path)

    def check_room(self) -> None:
        """Raise `OSError` if the disk is full, by a test write."""
        path = self.datastore.path
        if is_read_only(path):
            return
        descriptor, probe = mkstemp(prefix=f"{path.stem}.", suffix=".room", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            Path(probe).unlink()
            file.write(bytes(ROOM))

    def put_rows(self, cursor: SQLiteCursor, rows: Iterable[ChainedRow]) -> None:
        """Put rows at their own positions, under the write lock."""
        cursor.executemany(INSERT, rows)

    @contextmanager
    def locked(self) -> Iterator[SQLiteCursor]:
        """Hold the write lock in a transaction, which commits unless the block raises."""
        with self.datastore.transaction(commit=True) as cursor:
            yield cursor

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[str], Iterator[Any]]]:
        """Yield a function that runs queries in one transaction, begun by the first query."""
        with self.datastore.transaction(commit=False) as cursor:
            plain = cursor.sqlite_cursor
            plain.row_factory = None
            yield plain.execute

    @contextmanager
    def build_lock(self, patience: float) -> Iterator[None]:
        """Hold the lock of rebuilds: a file lock, which the system frees when its holder dies.

        Raises `TimeoutError` if another process holds it for ``patience`` seconds.
        """
        lock_file = self.datastore.path.with_suffix(".rebuild.db")
        make_private(lock_file)
        with closing(dbapi2.connect(str(lock_file), patience, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except dbapi2.OperationalError as error:
                if not is_busy(error):
                    raise
                raise TimeoutError from error
            yield

    def await_write(
        self, timeout: float, is_new: Callable[[], bool], given_up: Callable[[], bool]
    ) -> bool:
        """Wait until ``is_new`` holds after a write; return false when the time is up.

        ``given_up`` is called at least once a second; once it returns true, the wait ends.
        """
        deadline = monotonic() + timeout
        seen = None
        with closing(connect(self.datastore.path)) as connection:
            while True:
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != seen and is_new():
                    return True
                if monotonic() >= deadline or given_up():
                    return False
                seen = version
                sleep(PAUSE)

    def clear_traces(self) -> None:
        """Remove traces of overwritten states from the disk."""
        clear_traces(self.datastore.path)

    def _select(self, question: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        with self.datastore.transaction(commit=False) as cursor:
            plain = cursor.sqlite_cursor
            plain.row_factory = None
            return plain.execute(question, values).fetchall()

    def _list_param(self, texts: Sequence[str]) -> str:
        return json.dumps(list(texts))
