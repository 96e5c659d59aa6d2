"""The log in a PostgreSQL database: the library's table, in the schema ``log``."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, ClassVar, cast

import psycopg
from eventsourcing.persistence import InternalError, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.errors import LockNotAvailable
from psycopg.rows import DictRow, dict_row, tuple_row

from timeline.stores.following import LOOK_ANYWAY, SharedLogFollower, can_share_following
from timeline.stores.postgres_connection import END_HOLDERS, StoreConnection
from timeline.stores.postgres_pool import (
    NO_PRIMARY,
    LogPool,
    LostCommitError,
    is_disconnected,
    outcome_unknown,
    retry_if_disconnected,
)
from timeline.stores.postgres_traces import clear_traces
from timeline.stores.shape import IN_SCHEMA
from timeline.stores.tables import LogTables
from timeline.stores.trouble import only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from psycopg import Connection, Cursor
    from psycopg.errors import Diagnostic

    from timeline.ledger.merkle import Edge
    from timeline.stores.clock import Rises, Stamp
    from timeline.stores.following import LogFollower
    from timeline.stores.rows import ChainedRow
    from timeline.stores.tables import MakeLastEvents

PATIENCE = 60
"""Seconds that a writer waits for another, or for a switch of generations."""

STANDBY_PAUSE = 0.25
"""Seconds between two checks on a standby, which sends no notifications of writes."""

REPLAYED_AT = (
    "SELECT (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000000)::bigint"
    " WHERE pg_is_in_recovery()"
)

AT_ONCE = 2_000
"""Rows of a long result that are fetched at once."""

REBUILDING = 0x7265627569
"""Advisory lock of a rebuild of the read models."""

SILENCE = 10.0
"""Seconds of silence after which a transaction that appends is ended."""

BEGIN_APPEND = (
    "SELECT pg_notify(%s, ''),"
    f" set_config('idle_in_transaction_session_timeout', '{SILENCE * 1000:.0f}', true)"
)

TABLE = "log.stored_events"
SEQUENCE = "log.stored_events_notification_id_seq"
LAST_GIVEN = (
    f"(SELECT CASE WHEN has_sequence_privilege('{SEQUENCE}', 'SELECT')"  # noqa: S608 - ours
    " THEN COALESCE(last_value, 0) ELSE 9223372036854775807 END FROM pg_sequences"
    " WHERE schemaname || '.' || sequencename = '" + SEQUENCE + "')"
)
"""The last position given out; the largest number if the role may not read it."""
NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
INSERT = (
    "COPY log.stored_events (notification_id, originator_id, originator_version, topic, state,"
    " chain) FROM STDIN (FORMAT BINARY)"
)


class LogDatastore(PostgresDatastore):
    """Connects by the store's address, with all its hosts and options."""

    def __init__(self, conninfo: str) -> None:
        super().__init__(
            "", "", "", "", "", schema="log", originator_id_type="text", lock_timeout=PATIENCE
        )
        self.conninfo = conninfo
        self.pool: LogPool = LogPool(  # type: ignore[assignment]  # lends connections of ours
            conninfo,
            connection_class=StoreConnection[DictRow],
            kwargs={"row_factory": dict_row, "reads_standby": True},
            min_size=1,
            max_size=64,
            open=False,
            configure=self.after_connect_func(),
            check=LogPool.check_connection,
            timeout=PATIENCE,
            reconnect_timeout=0,
        )


class PostgresLogRecorder(PostgresApplicationRecorder, LogTables):
    """Reads and writes the rows of the log."""

    CLASH: ClassVar = psycopg.IntegrityError
    HAS_GAPS: ClassVar = True
    INDEXES: ClassVar = (
        "stored_events_pkey",
        "stored_events_originator_id_originator_version_key",
        "clock_pkey",
        "tree_nodes_pkey",
        "tree_nodes_level_upto_key",
    )
    NAMES: ClassVar = {
        "log": "log.",
        "position": "notification_id",
        "now": NOW,
        "value": "%s",
        "sequence": LAST_GIVEN,
        "shape": IN_SCHEMA.format(schema="'log'"),
        "any_value": "= ANY(%s)",
    }
    datastore: LogDatastore

    @retry_if_disconnected
    def insert_events(
        self,
        stored_events: Sequence[Any],  # the library's name for what `write_events` gives
        *,
        stamps: Sequence[Stamp] = (),
        finish: MakeLastEvents | None = None,
        **_: Any,  # noqa: ANN401 - the library's hook
    ) -> Sequence[int]:
        """Append in one transaction, under the lock that keeps positions in commit order."""
        with self.locked() as cursor:
            cursor.execute(BEGIN_APPEND, (self.channel_name,))
            cursor.execute(
                "SELECT nextval(%s::regclass),"
                " COALESCE((SELECT MAX(reached) FROM log.clock), 0), made_at,"
                " (SELECT chain FROM log.stored_events ORDER BY notification_id DESC LIMIT 1)"
                " FROM log.live, generate_series(1, %s)",
                (SEQUENCE, len(stored_events)),
            )
            answers = cursor.fetchall()
            head = only(answers)[1:]
            positions = [position for position, *_ in answers]
            self._place(cursor, positions, head, stored_events, stamps, finish)
        return positions

    def put_rows(self, cursor: Cursor[Any], rows: Iterable[ChainedRow]) -> None:
        """Put rows at their own positions, under the write lock."""
        with cursor.copy(INSERT) as copy:
            copy.set_types(["int8", "text", "int8", "text", "bytea", "bytea"])
            for row in rows:
                copy.write_row(row)

    def restore(
        self, cursor: Cursor[Any], rows: Sequence[ChainedRow], leaves: Sequence[bytes], risen: Rises
    ) -> Edge:
        """Put rows and leaves of a restored log, and let the next append follow them."""
        edge = super().restore(cursor, rows, leaves, risen)
        cursor.execute(
            "SELECT setval(%s::regclass, MAX(notification_id)) FROM log.stored_events", (SEQUENCE,)
        )
        return edge

    @contextmanager
    def locked(self) -> Iterator[Cursor[Any]]:
        """Hold the write lock in a transaction, which commits unless the block raises.

        Raises `LostCommitError` if the connection broke in the commit, and `OperationalError` if it
        broke before, or the lock could not be had.
        """
        commits = False
        try:
            with (
                self.datastore.get_connection() as connection,
                _warned(connection) as warnings,
                connection.transaction(),
                connection.cursor(binary=True, row_factory=tuple_row) as cursor,
            ):
                if cast("StoreConnection[Any]", connection).until is not None:
                    raise psycopg.OperationalError(NO_PRIMARY)
                for statement in self.lock_table_statements:
                    cursor.execute(statement)
                yield cursor
                commits = True
        except OperationalError as error:
            if commits and is_disconnected(error):
                raise LostCommitError(str(error)) from error.__cause__
            if isinstance(error.__cause__, LockNotAvailable):
                self._end_holders()
            raise
        except InternalError as error:
            if is_disconnected(error):
                # It was silent for too long, and ended before the commit.
                raise OperationalError(str(error)) from error.__cause__
            raise
        if warnings:
            raise outcome_unknown(warnings[0])

    def _end_holders(self) -> None:
        """End sessions that hold the write lock and have stopped, so that the next try succeeds."""
        with StoreConnection.connect(self.datastore.conninfo) as connection:
            connection.execute(END_HOLDERS, (TABLE, "ExclusiveLock"))

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[str], Iterator[Any]]]:
        """Yield a function that runs queries in one transaction, begun by the first query."""
        with StoreConnection.connect(self.datastore.conninfo) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with psycopg.ServerCursor(connection, "snapshot") as cursor:
                cursor.itersize = AT_ONCE
                # As text, bytes are twice as long and must be decoded.
                yield partial(cursor.execute, binary=True)

    @contextmanager
    def build_lock(self, patience: float) -> Iterator[None]:
        """Hold the lock of rebuilds: a session's, which the server frees when its holder dies.

        Raises `TimeoutError` if another process holds it for ``patience`` seconds.
        """
        with StoreConnection.connect(self.datastore.conninfo, autocommit=True) as connection:
            # Zero would mean to wait for ever.
            connection.execute(f"SET lock_timeout = {max(1, int(patience * 1000))}")
            try:
                connection.execute("SELECT pg_advisory_lock(%s)", (REBUILDING,))
            except LockNotAvailable as error:
                raise TimeoutError from error
            yield

    def await_write(
        self, timeout: float, is_new: Callable[[], bool], given_up: Callable[[], bool]
    ) -> bool:
        """Wait until ``is_new`` holds after a write; return false when the time is up.

        ``given_up`` is called at least once a second; once it returns true, the wait ends.
        """
        deadline = monotonic() + timeout
        with StoreConnection.connect(self.datastore.conninfo, autocommit=True) as connection:
            listens = self._listens(connection)
            while not is_new():
                left = deadline - monotonic()
                if left <= 0 or given_up():
                    return False
                if listens:
                    for _ in connection.notifies(timeout=min(left, LOOK_ANYWAY), stop_after=1):
                        pass
                else:
                    sleep(min(left, STANDBY_PAUSE))
        return True

    def following(self) -> AbstractContextManager[LogFollower]:
        """Follow the log as one of several servers, if the database supports that."""
        conninfo = self.datastore.conninfo
        if not can_share_following(conninfo):
            return super().following()
        return closing(SharedLogFollower(conninfo, self.channel_name, lambda: self.latest()[0]))

    def _listens(self, connection: Connection[Any]) -> bool:
        """Listen for writes, and tell whether that works: a standby refuses it."""
        try:
            connection.execute(f"LISTEN {self.channel_name}")
        except psycopg.errors.ReadOnlySqlTransaction:
            return False
        return True

    def replayed_at(self) -> int | None:
        """Return the commit time of a standby's last replayed transaction, in microseconds UTC.

        It is ``None`` if this is no standby, or nothing was replayed yet.
        """
        rows = self._select(REPLAYED_AT)
        return rows[0][0] if rows else None

    def remember(self) -> None:
        """Do nothing: a server has one write-ahead log, and does not start without it."""

    def remembered(self) -> None:
        """Return nothing."""

    def check_room(self) -> None:
        """Do nothing: the disk is the server's."""

    def clear_traces(self) -> None:
        """Remove traces of overwritten states from the server's disk."""
        with self.datastore.get_connection() as connection:
            clear_traces(connection, "log")

    @retry_if_disconnected
    def _select(self, question: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(question, values, prepare=True).fetchall()

    def _list_param(self, texts: Sequence[str]) -> list[str]:
        return list(texts)


@contextmanager
def _warned(connection: Connection[Any]) -> Iterator[list[str]]:
    """Collect warnings: a commit that no standby confirmed succeeds with only a warning."""
    warnings: list[str] = []

    def note(diagnostic: Diagnostic) -> None:
        if diagnostic.severity_nonlocalized == "WARNING":
            # Read it now: it is invalid once its result is gone.
            warnings.append(str(diagnostic.message_primary))

    connection.add_notice_handler(note)
    try:
        yield warnings
    finally:
        connection.remove_notice_handler(note)
