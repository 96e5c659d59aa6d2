"""The log: everything that the newsroom ever recorded, in order."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec
from eventsourcing.persistence import IntegrityError

from timeline.domain.aggregate import Aggregate
from timeline.domain.errors import Conflict, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores import postgres_log, postgres_setup, sqlite_log, sqlite_setup
from timeline.stores.clock import stamp_of
from timeline.stores.mapper import exact_parts, read_event, state_of, write_events
from timeline.stores.postgres_log import PostgresLogRecorder
from timeline.stores.progress import OnProgress, silent
from timeline.stores.proving import OUT_OF_TURN, LogDoesNotHold, Proof
from timeline.stores.redactions import REDACTIONS, redacted_events, without_words
from timeline.stores.restoring import Snapshot, restore
from timeline.stores.rows import LogPlace, StoredRow
from timeline.stores.sqlite_log import SQLiteLogRecorder
from timeline.stores.tree import StoredTree
from timeline.stores.trouble import UnreadableEvent, translate_db_errors
from timeline.stores.verifying import VerifiedLog, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from timeline.domain.event import Event
    from timeline.stores.following import LogFollower
    from timeline.stores.four_eyes import FourEyesNote
    from timeline.stores.mapper import EncodedEvent
    from timeline.stores.recordable import Numbered
    from timeline.stores.redactions import RedactedEvent
    from timeline.stores.restoring import Finish
    from timeline.stores.rows import ChainedRow, EventRow
    from timeline.stores.store_url import StoreUrl
    from timeline.stores.tables import LogTables

REDACTION_MISSING = Message(
    "redaction_missing",
    "no redaction on record names %(positions)s",
    fix="record the redaction first",
)
REBUILD_UNDER_WAY = Message(
    "rebuild_under_way", "%(builder)s rebuilds the read models", fix="wait until it has finished"
)
ANOTHER_LOG = Message(
    "another_log",
    "this log ends at event %(head)s, and what pages read was made from another one, up to event"
    " %(shown)s",
    fix="put that log back, with its -wal file, or restore a backup; `standline replay --as-it-is`"
    " goes on with this one",
)
ACKNOWLEDGED_MISSING = Message(
    "acknowledged_missing",
    "this log ends at event %(head)s, and lacks what was recorded up to event %(known)s",
    fix="put that log back, with its -wal file, or restore a backup; `standline replay --as-it-is`"
    " goes on with this one",
)
TABLES_ALTERED = Message(
    "tables_altered",
    "the log's tables are not as they were made: there is %(what)s",
    fix="find out who did that; take away what should not be there, or restore a backup",
)
SEQUENCE_LOWERED = Message(
    "sequence_lowered",
    "the last position that was given out is said to be %(given)s, and the log ends at %(head)s",
    fix="restore a backup: what is appended next would get a number that is taken",
)
END_LOST = Message(
    "end_lost",
    "the log ends at event %(head)s, and positions up to %(given)s were given out",
    fix="restore a backup",
)
RECORDED_IN_BETWEEN = Message(
    "recorded_in_between",
    "somebody else recorded something there in between",
    fix="look at it as it is now and try again",
)

EVENT_TOO_LONG = Message(
    "event_too_long",
    "ids, codes and keys of this have %(length)s bytes, %(most)s are allowed",
    fix="record it in parts, or under shorter keys",
)
MOST_COMMITTED = 65_000
"""Most bytes of an event's committed part, so that its entry fits into a bundle."""

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R")

LARGEST = 2**63 - 1
"""The largest position that a database can look for."""

FIRST_STRIDE = 1_000
STRIDE = 20_000
"""Most positions read at once: few round trips, and bounded memory."""

REBUILD_PATIENCE = 3_600.0


class AnotherLog(StandlineError):  # noqa: N818 - named as its kin
    """The log lacks events that were read from it: it is an older one, or of another store."""


class EventLog:
    """Appends events, and reads them by stream, by position and by time."""

    def __init__(self, recorder: LogTables) -> None:
        self._recorder = recorder
        self._held = threading.local()
        self.before_append: Callable[[Sequence[Event]], None] = lambda _events: None
        """Raises an error if the desk forbids to record these events."""
        self._named: set[RedactedEvent] = set()
        self._last_redaction = 0

    @classmethod
    @translate_db_errors()
    def open(cls, url: StoreUrl, *, create: bool = True) -> Self:
        """Open the log of a store, and make its tables if needed.

        Raises `StandlineError` for a store that is not ours, newer or not writable.
        """
        if url.is_sqlite:
            sqlite_setup.set_up(url.log_path, create=create)
            return cls(SQLiteLogRecorder(sqlite_log.LogDatastore(url.log_path)))
        postgres_setup.set_up(url.text, create=create)
        return cls(PostgresLogRecorder(postgres_log.LogDatastore(url.text)))

    def close(self) -> None:
        """Close every connection."""
        self._recorder.datastore.close()

    @translate_db_errors()
    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        """Append all of these events or none, and return their positions.

        The ``numbered`` events follow them. Raises `Conflict` if a stream has new events, `Refused`
        if the clock is behind the log or far ahead of it, an event is too long, or the desk forbids
        it.
        """
        if not events:
            return []
        head = self.head() if numbered else 0
        likely = range(head + 1, head + 1 + len(events))
        all_events = [*events, *(make(likely) for make in numbered)]
        self.before_append(all_events)
        stored = write_events(all_events)
        _check_lengths(stored)
        stamps = [stamp_of(event) for event in all_events]

        def finish(positions: Sequence[int]) -> list[EncodedEvent]:
            return write_events([make(positions[: len(events)]) for make in numbered])

        try:
            positions = self._recorder.insert_events(stored, stamps=stamps, finish=finish)
        except IntegrityError as error:
            return self._recorded_after_all(stored[: len(events)], error)
        return list(positions[: len(events)])

    @translate_db_errors()
    def stream_of(self, stream: str) -> list[Event]:
        """Return the events of one small stream, oldest first."""
        return self.streams_of([stream]).get(stream, [])

    def load(self, aggregate: type[A], stream: str) -> A | None:
        """Return the aggregate of a stream; ``None`` if there is no such stream."""
        return aggregate.replay(self.stream_of(stream))

    @translate_db_errors()
    def first_events(self, streams: Collection[str]) -> dict[str, tuple[int, Event]]:
        """Return position and first event of those streams that exist."""
        rows = without_words(self._recorder.first_rows(list(streams)), self._redacted())
        return {row[1]: (row[0], read_row(row)) for row in rows}

    @translate_db_errors()
    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of those small streams that exist, oldest first, up to a position."""
        by_stream: dict[str, list[Event]] = {}
        rows = sorted(self._recorder.rows_of(list(streams)), key=lambda row: row[0])
        redactions = ((row[0], row[1], row[4]) for row in rows if row[3] in REDACTIONS)
        for row in without_words(rows, frozenset(redacted_events(redactions))):
            if upto is None or row[0] <= upto:
                by_stream.setdefault(row[1], []).append(read_row(row))
        return by_stream

    @translate_db_errors()
    def with_content(self, stream: str) -> list[int]:
        """Return the positions in one stream whose free text is not erased."""
        # Raw rows: words that an interruption left, or somebody put back, count too.
        rows = self._recorder.rows_of([stream])
        return [row[0] for row in rows if exact_parts(row[4])[1:] != (None, None)]

    def head(self) -> int:
        """Return the last position, 0 for an empty log."""
        return self.last()[0]

    @translate_db_errors()
    def last(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at, zeros for an empty log."""
        return self._recorder.latest()

    @translate_db_errors()
    def made_at(self) -> int:
        """Return the instant at which the store was made or filled, in microseconds UTC."""
        return self._recorder.made_at()

    @translate_db_errors()
    def place(self) -> LogPlace:
        """Return the last position with the hash of everything up to there."""
        return LogPlace(*self._recorder.place())

    @translate_db_errors()
    def standing(self) -> tuple[int, LogPlace]:
        """Return what `live_generation` and `place` do, in one query."""
        generation, position, chain = self._recorder.standing()
        return generation, LogPlace(position, chain)

    @translate_db_errors()
    def place_at(self, position: int) -> LogPlace:
        """Return a position with the hash of everything up to there."""
        return LogPlace(position, self._recorder.chains(position, position)[0])

    @translate_db_errors()
    def place_after(self, read: LogPlace, position: int) -> LogPlace:
        """Return a later position with its hash, for a reader who has read up to a place.

        Raises `AnotherLog` unless they read this log.
        """
        before, after = self._recorder.chains(read.position, position)
        if before != read.chain:
            raise AnotherLog(ANOTHER_LOG, head=self.head(), shown=read.position)
        return LogPlace(position, after)

    @translate_db_errors()
    def tree(self) -> StoredTree:
        """Return the ledger's tree over the log as it stands now."""
        return StoredTree(self._recorder)

    @translate_db_errors()
    def count(self) -> int:
        """Return how many events there are; positions have gaps."""
        return self._recorder.count()

    @translate_db_errors()
    def position_at(self, instant: int) -> int:
        """Return the last position known at an instant (in microseconds)."""
        return self._recorder.known_at(instant)

    def stream(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Event]]:
        """Yield position and event of a range, by default up to the present head.

        Raises `UnreadableEvent` at the first event that cannot be read.
        """
        for row in self.rows(after, upto):
            yield row[0], read_row(row)

    @translate_db_errors()
    def begin_proof(self) -> Proof:
        """Return a proof of this log, at its beginning."""
        return Proof(frozenset(redacted_events(self._recorder.redactions())))

    def proven(self, proof: Proof, after: int, upto: int) -> Iterator[tuple[int, Event]]:
        """Yield position and event of a range that follows what was proven before.

        Raises `LogDoesNotHold` at the first event that is not as it was recorded, and
        `UnreadableEvent` at the first that cannot be read.
        """
        for rows in self._strides(self._recorder.chained_range, after, upto):
            events, unreadable = _read_rows(rows)
            # The caller may quarantine the unreadable event and go on after it.
            proof.leaves(rows if unreadable is None else rows[: len(events) + 1])
            yield from events
            if unreadable is not None:
                raise unreadable

    def prove(self, proof: Proof, after: int, upto: int) -> None:
        """Prove a range that follows what was proven before; raises `LogDoesNotHold`."""
        for rows in self._strides(self._recorder.chained_range, after, upto):
            proof.leaves(rows)

    @translate_db_errors()
    def check_acknowledged(self) -> None:
        """Raise `AnotherLog` if the file beside the log says that the log lost its end."""
        known = self._recorder.remembered()
        if known is not None and self.place_at(known.position).chain != known.chain:
            raise AnotherLog(ACKNOWLEDGED_MISSING, head=self.head(), known=known.position)

    @translate_db_errors()
    def accept(self) -> None:
        """Accept the log as it is as all that was ever acknowledged."""
        self._recorder.remember()

    @translate_db_errors()
    def check_tables(self) -> None:
        """Raise `StandlineError` if the log's tables are missing or have triggers or the like."""
        if wrong := self._recorder.differences():
            raise StandlineError(TABLES_ALTERED, what=", ".join(wrong))

    @translate_db_errors()
    def check_end(self) -> None:
        """Raise `StandlineError` unless the next position follows the last event."""
        last_given, head = self._recorder.given_out()
        if last_given < head:
            raise StandlineError(SEQUENCE_LOWERED, given=last_given, head=head)
        if lost := self.lost_at_the_end():
            raise StandlineError(END_LOST, given=lost, head=head)

    @translate_db_errors()
    def lost_at_the_end(self) -> int:
        """Return the last position ever given out if the log ends before it, else 0.

        It is always 0 for a database whose positions have gaps.
        """
        last_given, head = self._recorder.given_out()
        return last_given if last_given > head and not self._recorder.HAS_GAPS else 0

    @translate_db_errors()
    def check_turns(self) -> None:
        """Raise `LogDoesNotHold` if a version does not follow the one before in its stream."""
        if (position := self._recorder.out_of_turn()) is not None:
            raise LogDoesNotHold(OUT_OF_TURN, position)

    @translate_db_errors()
    def verify(
        self, roots: Mapping[int, bytes] | None = None, on_progress: OnProgress = silent
    ) -> VerifiedLog:
        """Verify every event, the tree, and ``roots`` by number of events.

        Raises `LogDoesNotHold` at the first event that is not as it was recorded, and
        `StandlineError` if the end is lost or the tables were altered.
        """
        self.check_tables()
        with self._recorder.whole_log() as whole_log:
            verified = verify(self._recorder, whole_log, roots or {}, on_progress)
        self.check_turns()
        self.check_end()
        return verified

    def event(self, position: int) -> Event | None:
        """Return the event at a position; ``None`` in a gap."""
        if not 0 < position < LARGEST:
            return None
        return next((event for _, event in self.stream(position - 1, position)), None)

    def stored(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]:
        """Yield the exact bytes of a range, as the ledger needs them.

        Raises `UnreadableEvent` at the first that cannot be decoded.
        """
        for row in self.rows(after, upto):
            try:
                parts = exact_parts(row[4])
            except msgspec.MsgspecError as error:
                raise _unreadable(row, error) from error
            yield StoredRow(*row[:4], *parts)

    def rows(self, after: int = 0, upto: int | None = None) -> Iterator[EventRow]:
        """Yield the stored rows of a range, readable or not.

        The words of events that a redaction names are left out, whatever is stored.
        """
        end = self.head() if upto is None else upto
        for rows in self._strides(self._recorder.range, after, end):
            yield from without_words(rows, self._redacted())

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yield a snapshot of the log as it is now, unaffected by later writes."""
        with translate_db_errors(), self._recorder.whole_log() as whole_log:
            yield Snapshot(whole_log)

    @translate_db_errors()
    def restore(
        self, rows: Iterable[StoredRow], finish: Finish = lambda _cursor, _seal: None
    ) -> None:
        """Restore a whole log into an empty store: all rows at their own positions, or none.

        ``finish`` is called last, with the cursor of the transaction and the seal of the log.
        Raises `Refused` if the store is not empty or the rows are not a log.
        """
        restore(self._recorder, rows, finish)
        self._recorder.remember()

    @translate_db_errors()
    def check_room(self) -> None:
        """Raise `StandlineError` if the disk of a writable SQLite log is full."""
        self._recorder.check_room()

    @translate_db_errors()
    def replayed_at(self) -> int | None:
        """Return the commit time of a standby's last replayed transaction, in microseconds UTC.

        It is ``None`` if this is no standby, or nothing was replayed yet.
        """
        return self._recorder.replayed_at()

    @translate_db_errors()
    def last_backup(self) -> tuple[int, int]:
        """Return instant (in microseconds UTC) and last position of the last backup.

        Both are 0 if there was none.
        """
        return self._recorder.backup()

    @translate_db_errors()
    def note_backup(self, at: int, upto: int) -> None:
        """Note a backup: its instant in microseconds UTC, and its last position."""
        self._recorder.note_backup(at, upto)

    @translate_db_errors()
    def four_eyes(self) -> tuple[FourEyesNote, ...]:
        """Return the notes of who demanded or lifted four eyes, the oldest first."""
        return self._recorder.four_eyes()

    def asks_four_eyes(self) -> bool:
        """Tell whether a second person must agree to each decision."""
        notes = self.four_eyes()
        return bool(notes) and notes[-1].asked

    @translate_db_errors()
    def note_four_eyes(self, note: FourEyesNote) -> None:
        """Add a note that four eyes are demanded or lifted."""
        with self._recorder.locked() as cursor:
            self._recorder.set_four_eyes(cursor, (*self._recorder.four_eyes(), note))

    def restore_four_eyes(self, cursor: Any, notes: tuple[FourEyesNote, ...]) -> None:  # noqa: ANN401
        """Store the notes of a backup, in the transaction that restores a log."""
        self._recorder.set_four_eyes(cursor, notes)

    @translate_db_errors()
    def erase(self, positions: Collection[int]) -> None:
        """Overwrite salt and content at these positions; what the ledger covers stays.

        Raises `Refused` unless a redaction on record names them. It may be repeated.
        """
        rows = [row for position in positions for row in self.stored(position - 1, position)]
        events = self._redacted()
        redacted = {row.position for row in rows if (row.position, row.stream) in events}
        if not redacted.issuperset(positions):
            numbers = ", ".join(str(position) for position in sorted(set(positions) - redacted))
            raise Refused(REDACTION_MISSING, positions=numbers)
        erased = {row.position: state_of(row.committed, None, None) for row in rows}
        self._recorder.overwrite(erased)
        self._recorder.clear_traces()

    @translate_db_errors()
    def live_generation(self) -> int:
        """Return the number of the live generation of read models, 0 if there is none."""
        return self._recorder.generation()

    def set_live_generation(self, number: int) -> None:
        """Make another generation live when the surrounding `write_lock` ends."""
        self._recorder.set_generation(self._held.cursor, number)

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Block appends until the block ends; everybody may still read."""
        with translate_db_errors(), self._recorder.locked() as cursor:
            self._held.cursor = cursor
            try:
                yield
            finally:
                del self._held.cursor

    @contextmanager
    def rebuild_lock(self, patience: float = REBUILD_PATIENCE) -> Iterator[None]:
        """Hold the lock of rebuilds; that of a dead process is free.

        Waits for another holder; raises `Conflict` with its name after ``patience`` seconds.
        """
        with ExitStack() as stack, translate_db_errors():
            try:
                stack.enter_context(self._recorder.build_lock(patience))
            except TimeoutError as error:
                raise Conflict(
                    REBUILD_UNDER_WAY, builder=self._recorder.builder() or "another process"
                ) from error
            self._recorder.set_builder(f"process {os.getpid()} on {socket.gethostname()}")
            stack.callback(self._recorder.set_builder, None)
            yield

    @translate_db_errors()
    def wait(
        self, after: int, timeout: float, given_up: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait for an event after position ``after``; return false when the time is up.

        Ends within a second, with false, once ``given_up`` returns true. It holds a connection:
        let one thread wait and tell the others.
        """
        return self.head() > after or self._recorder.await_write(
            timeout, lambda: self.head() > after, given_up
        )

    @contextmanager
    def following(self) -> Iterator[LogFollower]:
        """Follow the log within a block, alone or as one of several servers."""
        with translate_db_errors(), self._recorder.following() as following:
            yield following

    def _strides(
        self, read: Callable[[int, int], list[R]], after: int, end: int
    ) -> Iterator[list[R]]:
        stride = FIRST_STRIDE
        while after < end:
            stop = min(after + stride, end)
            with translate_db_errors():
                rs = read(after, stop)
            yield rs
            after, stride = stop, min(stride * 2, STRIDE)

    def _redacted(self) -> Collection[RedactedEvent]:
        """Return the events that redactions name; only new redactions are read."""
        with translate_db_errors():
            rows = self._recorder.redactions(self._last_redaction)
        if rows:
            self._named.update(redacted_events(rows))
            self._last_redaction = rows[-1][0]
        return self._named

    def _write_something(self) -> None:
        # A synchronous standby that confirms this write confirms all earlier ones, too.
        with self._recorder.locked() as cursor:
            self._recorder.set_generation(cursor, self._recorder.generation())

    def _recorded_after_all(self, stored: Sequence[EncodedEvent], error: Exception) -> list[int]:
        # After a connection was lost in a commit, the repeated append clashes with itself.
        rows = self._recorder.rows_of([event.originator_id for event in stored])
        positions = {(row[1], row[2], row[4]): row[0] for row in rows}
        keys = [(each.originator_id, each.originator_version, each.state) for each in stored]
        if positions.keys() >= set(keys):
            self._write_something()
            return [positions[key] for key in keys]
        raise Conflict(RECORDED_IN_BETWEEN) from error


def _check_lengths(stored: Sequence[EncodedEvent]) -> None:
    """Raise `Refused` for events that are too long for an entry; erasures are always allowed.

    Names, words and texts do not count: they are not in an entry.
    """
    for event in stored:
        length = len(event.committed)
        if length > MOST_COMMITTED and not event.topic.endswith(".redacted"):
            raise Refused(EVENT_TOO_LONG, length=length, most=MOST_COMMITTED)


def read_row(row: EventRow) -> Event:
    """Return the event of a row; raises `UnreadableEvent` if it cannot be read."""
    _, stream, version, topic, state = row
    try:
        return read_event(stream, version, topic, state)
    except Exception as error:
        raise _unreadable(row, error) from error


def _read_rows(
    rows: Sequence[ChainedRow],
) -> tuple[list[tuple[int, Event]], UnreadableEvent | None]:
    """Return the events of rows, up to the first unreadable one."""
    events = []
    try:
        for row in rows:
            events.append((row[0], read_row(row[:-1])))  # noqa: PERF401 - those before are kept
    except UnreadableEvent as error:
        return events, error
    return events, None


def _unreadable(row: EventRow, error: Exception) -> UnreadableEvent:
    position, stream, _, topic, _ = row
    return UnreadableEvent(position, stream, topic, error)
