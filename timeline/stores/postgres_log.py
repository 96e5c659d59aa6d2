"""The log in a PostgreSQL database: the library's table, in a schema called ``log``."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, ClassVar, cast

import psycopg
from eventsourcing.persistence import InternalError, OperationalError
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
)
from psycopg.errors import LockNotAvailable
from psycopg.rows import DictRow, dict_row, tuple_row

from timeline.stores.following import LOOK_ANYWAY, OneOfSeveral, tells_servers_apart
from timeline.stores.postgres_connection import END_HOLDERS, StoreConnection
from timeline.stores.postgres_pool import (
    NO_PRIMARY,
    LogPool,
    LostCommitError,
    again_if_disconnected,
    is_disconnected,
    unknown,
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
    from timeline.stores.following import Following
    from timeline.stores.rows import ChainedRow
    from timeline.stores.tables import Remaking

PATIENCE = 60
"""Seconds that a writer waits for another one, a switch of generations included."""

STANDBY_PAUSE = 0.25
"""Seconds after which who waits on a standby looks again: nobody is told of writes there."""

REPLAYED_AT = (
    "SELECT (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000000)::bigint"
    " WHERE pg_is_in_recovery()"
)

AT_ONCE = 2_000
"""Rows that a long answer is fetched by."""

REBUILDING = 0x7265627569
"""Advisory lock of who rebuilds the read models."""

SILENCE = 10.0
"""Seconds of silence after which who began to append has stopped, and lets others."""

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
"""The last position that was given out; more than any to a role that may not look."""
NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
INSERT = (
    "COPY log.stored_events (notification_id, originator_id, originator_version, topic, state,"
    " chain) FROM STDIN (FORMAT BINARY)"
)


class LogDatastore(PostgresDatastore):
    """Connections by the store's address, whatever it says of hosts and certificates."""

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

    @again_if_disconnected
    def insert_events(
        self,
        stored_events: Sequence[Any],  # the library's name for what `write_events` gives
        *,
        stamps: Sequence[Stamp] = (),
        finish: Remaking | None = None,
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
        self,
        cursor: Cursor[Any],
        rows: Sequence[ChainedRow],
        leaves: Sequence[bytes],
        risen: Rises,
    ) -> Edge:
        """Put rows and leaves of a restored log, and let the next append follow them."""
        edge = super().restore(cursor, rows, leaves, risen)
        cursor.execute(
            "SELECT setval(%s::regclass, MAX(notification_id)) FROM log.stored_events", (SEQUENCE,)
        )
        return edge

    @contextmanager
    def locked(self) -> Iterator[Cursor[Any]]:
        """Hold the write lock; what is done with the cursor is kept unless an error leaves.

        Raises `LostCommitError` where the connection broke in the commit, and `OperationalError`
        where it broke before, or the lock was not to be had.
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
                # It had stopped for too long, before it committed.
                raise OperationalError(str(error)) from error.__cause__
            raise
        if warnings:
            raise unknown(warnings[0])

    def _end_holders(self) -> None:
        """End who holds the write lock and stopped; what was to be written is at the next try."""
        with StoreConnection.connect(self.datastore.conninfo) as connection:
            connection.execute(END_HOLDERS, (TABLE, "ExclusiveLock"))

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[str], Iterator[Any]]]:
        """Lend a way to ask in one transaction, which begins with the first question."""
        with StoreConnection.connect(self.datastore.conninfo) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with psycopg.ServerCursor(connection, "snapshot") as cursor:
                cursor.itersize = AT_ONCE
                # Texts of bytes are twice as long, and are taken apart again.
                yield partial(cursor.execute, binary=True)

    @contextmanager
    def build_lock(self, patience: float) -> Iterator[None]:
        """Hold the lock of rebuilds: a session's, which the server frees when its holder dies.

        Raises `TimeoutError` where somebody else keeps it for ``patience`` seconds.
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
        """Return as soon as ``is_new`` holds after a write, or false when the time is up.

        ``given_up`` is asked at least once a second whether anybody still waits.
        """
        deadline = monotonic() + timeout
        with StoreConnection.connect(self.datastore.conninfo, autocommit=True) as connection:
            is_told = self._listens(connection)
            while not is_new():
                left = deadline - monotonic()
                if left <= 0 or given_up():
                    return False
                if is_told:
                    for _ in connection.notifies(timeout=min(left, LOOK_ANYWAY), stop_after=1):
                        pass
                else:
                    sleep(min(left, STANDBY_PAUSE))
        return True

    def following(self) -> AbstractContextManager[Following]:
        """Follow the log as one of several servers, where the database tells them apart."""
        conninfo = self.datastore.conninfo
        if not tells_servers_apart(conninfo):
            return super().following()
        return closing(OneOfSeveral(conninfo, self.channel_name, lambda: self.latest()[0]))

    def _listens(self, connection: Connection[Any]) -> bool:
        """Listen for writes, and tell whether the server takes listeners: a standby takes none."""
        try:
            connection.execute(f"LISTEN {self.channel_name}")
        except psycopg.errors.ReadOnlySqlTransaction:
            return False
        return True

    def replayed_at(self) -> int | None:
        """Return when what a standby took over last was written, in microseconds UTC.

        It is ``None`` of a server that is none, and of one that took nothing over yet.
        """
        found = self._select(REPLAYED_AT)
        return found[0][0] if found else None

    def remember(self) -> None:
        """Keep nothing: a server has one write-ahead log for all, and does not start without it."""

    def remembered(self) -> None:
        """Return nothing."""

    def check_room(self) -> None:
        """See nothing: the disk is the server's."""

    def clear_traces(self) -> None:
        """Remove from the server's disk what an overwritten state leaves behind."""
        with self.datastore.get_connection() as connection:
            clear_traces(connection, "log")

    @again_if_disconnected
    def _select(self, question: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(question, values, prepare=True).fetchall()

    def _several(self, texts: Sequence[str]) -> list[str]:
        return list(texts)


@contextmanager
def _warned(connection: Connection[Any]) -> Iterator[list[str]]:
    """Collect warnings: a commit that no standby confirmed succeeds with nothing but one."""
    warnings: list[str] = []

    def note(diagnostic: Diagnostic) -> None:
        if diagnostic.severity_nonlocalized == "WARNING":
            # Later it says nothing any more: the answer that it came with is gone.
            warnings.append(str(diagnostic.message_primary))

    connection.add_notice_handler(note)
    try:
        yield warnings
    finally:
        connection.remove_notice_handler(note)
