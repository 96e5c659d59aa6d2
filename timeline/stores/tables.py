"""The log's tables: queries and appends of both kinds of stores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from timeline.domain.clock import STREAM
from timeline.ledger.merkle import Edge
from timeline.ledger.tiles import HEIGHT, WIDTH
from timeline.stores.chain import BEGINNING, link_rows
from timeline.stores.clock import Rises, check_leap, rises
from timeline.stores.following import LogFollower
from timeline.stores.four_eyes import read_notes, write_notes
from timeline.stores.proving import GrowingTree
from timeline.stores.redactions import (
    IS_REDACTION,
    REDACTIONS,
    redacted_events,
    state_without_words,
)
from timeline.stores.rows import LogPlace
from timeline.stores.shape import differences
from timeline.stores.trouble import only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from timeline.stores.clock import Stamp
    from timeline.stores.four_eyes import FourEyesNote
    from timeline.stores.mapper import EncodedEvent
    from timeline.stores.redactions import RedactedEvent, RedactionRow
    from timeline.stores.rows import ChainedRow, EventRow

ROW = "SELECT {position}, originator_id, originator_version, topic, state FROM {log}stored_events "
CHAINED = ROW.replace("state", "state, chain")
IN_RANGE = "WHERE {position} > {value} AND {position} <= {value} ORDER BY {position}"
CHAIN_AT = (
    "SELECT chain FROM {log}stored_events WHERE {position} <= {value}"
    " ORDER BY {position} DESC LIMIT 1"
)
REDACTION_ROWS = (
    f"SELECT {{position}}, originator_id, state FROM {{log}}stored_events"  # noqa: S608 - our own words
    f" WHERE {IS_REDACTION}"
)
QUERIES = {
    "latest": "SELECT COALESCE((SELECT MAX({position}) FROM {log}stored_events), 0),"
    " COALESCE((SELECT MAX(reached) FROM {log}clock), 0)",
    "place": "SELECT {position}, chain FROM {log}stored_events ORDER BY {position} DESC LIMIT 1",
    "standing": "SELECT generation, {position}, chain FROM {log}live LEFT JOIN {log}stored_events"
    " ON {position} = (SELECT MAX({position}) FROM {log}stored_events)",
    "chains": f"SELECT ({CHAIN_AT}), ({CHAIN_AT})",
    "count": "SELECT COUNT(*) FROM {log}stored_events",
    "range": ROW + IN_RANGE,
    "chained_range": CHAINED + IN_RANGE,
    "everything": CHAINED + "ORDER BY {position}",
    # The plus makes SQLite use the index of streams, and not scan the whole log.
    "out_of_turn": "SELECT MIN(+later.{position}) FROM {log}stored_events later"
    " LEFT JOIN {log}stored_events earlier ON earlier.originator_id = later.originator_id"
    " AND earlier.originator_version = later.originator_version - 1"
    " WHERE later.originator_version <> 1"
    " AND (earlier.{position} IS NULL OR earlier.{position} > later.{position})",
    "redactions": REDACTION_ROWS,
    # The plus makes SQLite use the index of redactions, and not scan all later rows.
    "redactions_after": REDACTION_ROWS + " AND +{position} > {value} ORDER BY {position}",
    "confirmations": f"SELECT {{position}}, state FROM {{log}}stored_events"  # noqa: S608 - ours
    f" WHERE originator_id = '{STREAM}' ORDER BY {{position}}",
    "state": "SELECT state FROM {log}stored_events"
    " WHERE {position} = {value} AND originator_id = {value}",
    "rises": "SELECT reached, position FROM {log}clock ORDER BY reached",
    "given_out": "SELECT {sequence}, COALESCE((SELECT MAX({position}) FROM {log}stored_events), 0)",
    "shape": "{shape}",
    "tree": "SELECT size, edge FROM {log}tree",
    "tree_nodes": "SELECT hash FROM {log}tree_nodes WHERE level = {value} AND number >= {value}"
    " AND number < {value} ORDER BY number",
    "block_end": "SELECT upto FROM {log}tree_nodes WHERE level = {value} AND number = {value}",
    "block_of": "SELECT number FROM {log}tree_nodes WHERE level = {value} AND upto >= {value}"
    " ORDER BY upto LIMIT 1",
    "block": ROW + "WHERE {position} > {value} ORDER BY {position} LIMIT {value}",
    "rows_of": ROW + "WHERE originator_id {any_value}",
    "first_rows": ROW + "WHERE originator_version = 1 AND originator_id {any_value}",
    "last_before": "SELECT COALESCE(MAX({position}), 0) FROM {log}stored_events"
    " WHERE {position} < {value}",
    "risen_at": "SELECT position FROM {log}clock WHERE reached > {value} ORDER BY reached LIMIT 1",
    "risen_from": "SELECT MIN(position) FROM {log}clock WHERE reached >= {value}",
    "made_at": "SELECT made_at FROM {log}live",
    "backup": "SELECT COALESCE(backup_at, 0), COALESCE(backup_upto, 0) FROM {log}live",
    "generation": "SELECT generation FROM {log}live",
    "builder": "SELECT builder FROM {log}live",
    "four_eyes": "SELECT four_eyes FROM {log}live",
}
UPDATES = {
    "clock": "INSERT INTO {log}clock (reached, position) VALUES ({value}, {value})",
    "unrise": "DELETE FROM {log}clock WHERE reached >= {value}",
    "set_made_at": "UPDATE {log}live SET made_at = {now}",
    "set_backup": "UPDATE {log}live SET backup_at = {value}, backup_upto = {value}",
    "overwrite": "UPDATE {log}stored_events SET state = {value} WHERE {position} = {value}",
    "set_generation": "UPDATE {log}live SET generation = {value}",
    "set_tree": "UPDATE {log}tree SET size = {value}, edge = {value}",
    "add_node": "INSERT INTO {log}tree_nodes (level, number, upto, hash)"
    " VALUES ({value}, {value}, {value}, {value})",
    "set_builder": "UPDATE {log}live SET builder = {value}",
    "set_four_eyes": "UPDATE {log}live SET four_eyes = {value}",
}


class WholeLog(NamedTuple):
    """A log as of one moment: the edge of its tree, the redacted events, and every row in order.

    ``confirmed`` are position and state of the events that confirm the clock. Rows are read lazily;
    ``rises`` reads the stored clock, after them.
    """

    edge: Edge
    named: frozenset[RedactedEvent]
    confirmed: list[tuple[int, bytes]]
    rows: Iterator[ChainedRow]
    rises: Callable[[], Iterator[tuple[int, int]]]


MakeLastEvents = Callable[[Sequence[int]], "Sequence[EncodedEvent]"]
"""Makes the last events of an append, given the positions of all its events."""


class LogTables(ABC):
    """The tables of one log; a subclass adds the dialect of its database.

    ``NAMES`` completes the statements: the schema (``log``), the column of the position, the
    present instant, the markers of a value and of a list, the last position given out, and the
    query of the schema. ``CLASH`` is the driver's error for a version that a stream has already.
    ``HAS_GAPS``: positions may be given out without an append.
    """

    TABLES: ClassVar = ("stored_events", "clock", "live", "tree", "tree_nodes")
    INDEXES: ClassVar[tuple[str, ...]]
    HAS_GAPS: ClassVar[bool]

    CLASH: ClassVar[type[Exception]]
    NAMES: ClassVar[dict[str, str]]
    _sql: ClassVar[dict[str, str]]
    datastore: Any  # the library's, of either database

    def __init_subclass__(cls) -> None:
        """Format the statements for the database."""
        super().__init_subclass__()
        both = QUERIES | UPDATES
        cls._sql = {name: text.format(**cls.NAMES) for name, text in both.items()}

    @abstractmethod
    def insert_events(self, stored_events: Sequence[Any], **kwargs: Any) -> Any:  # noqa: ANN401
        """Append events with the stamps of their recorded_at, and return their positions.

        ``finish`` makes the last events anew, once the positions are known.
        """

    @abstractmethod
    def locked(self) -> AbstractContextManager[Any]:
        """Hold the write lock in a transaction, which commits unless the block raises."""

    @abstractmethod
    def build_lock(self, patience: float) -> AbstractContextManager[None]:
        """Hold the lock of rebuilds, which ends with its process; raises `TimeoutError`."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Callable[[str], Iterator[Any]]]:
        """Yield a function that runs queries as of one moment; read each result before the next."""

    @abstractmethod
    def await_write(
        self, timeout: float, is_new: Callable[[], bool], given_up: Callable[[], bool]
    ) -> bool:
        """Wait until ``is_new`` holds after a write; return false when the time is up.

        ``given_up`` is called at least once a second; once it returns true, the wait ends.
        """

    def following(self) -> AbstractContextManager[LogFollower]:
        """Follow the log within a block, alone or as one of several servers."""
        return nullcontext(LogFollower(lambda: self.latest()[0], self.await_write))

    @abstractmethod
    def remember(self) -> None:
        """Store the end of the log, if the log could lose its end unnoticed."""

    @abstractmethod
    def remembered(self) -> LogPlace | None:
        """Return the stored end of the log, if there is one."""

    @abstractmethod
    def check_room(self) -> None:
        """Raise `OSError` if the disk is full, as far as that is known here."""

    @abstractmethod
    def clear_traces(self) -> None:
        """Remove traces of overwritten states from the disk."""

    @abstractmethod
    def put_rows(self, cursor: Any, rows: Iterable[ChainedRow]) -> None:  # noqa: ANN401 - the driver's
        """Put rows at their own positions, under the write lock."""

    @abstractmethod
    def _select(self, question: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        """Run a query and return plain tuples."""

    @abstractmethod
    def _list_param(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - the driver's own form
        """Return a list of texts as one parameter."""

    def latest(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at, zeros for an empty log."""
        ((position, reached),) = self._select(self._sql["latest"])
        return position, reached

    def place(self) -> tuple[int, bytes]:
        """Return the last position and its hash; 0 and `BEGINNING` for an empty log."""
        rows = self._select(self._sql["place"])
        return rows[0] if rows else (0, BEGINNING)

    def standing(self) -> tuple[int, int, bytes]:
        """Return the number of the live generation and the `place`, as of one moment."""
        generation, position, chain = only(self._select(self._sql["standing"]))
        return generation, position or 0, chain or BEGINNING

    def chains(self, *positions: int) -> tuple[bytes, bytes]:
        """Return the hashes of the last rows up to each of two positions."""
        ((first, second),) = self._select(self._sql["chains"], *positions)
        return first or BEGINNING, second or BEGINNING

    def count(self) -> int:
        """Return how many events there are; positions have gaps."""
        return int(self._scalar("count"))

    @contextmanager
    def whole_log(self) -> Iterator[WholeLog]:
        """Yield the whole log as of one moment."""
        with self.snapshot() as ask:
            size, edge = only(ask(self._sql["tree"]))
            named = frozenset(redacted_events(ask(self._sql["redactions"])))
            confirmed = [*ask(self._sql["confirmations"])]
            rows = iter(ask(self._sql["everything"]))
            yield WholeLog(
                Edge.unpacked(size, bytes(edge)),
                named,
                confirmed,
                rows,
                lambda: ask(self._sql["rises"]),
            )

    def given_out(self) -> tuple[int, int]:
        """Return the last position ever given out, and the last that exists."""
        last_given, last = only(self._select(self._sql["given_out"]))
        return int(last_given), int(last)

    def differences(self) -> list[str]:
        """Return, in words, how the tables differ from what was made."""
        return differences(self._select(self._sql["shape"]), self.TABLES, self.INDEXES)

    def redactions(self, after: int = 0) -> list[RedactionRow]:
        """Return the redactions after a position, in order."""
        return self._select(self._sql["redactions_after"], after)

    def range(self, after: int, upto: int) -> list[EventRow]:
        """Return the rows after one position up to another, in order."""
        return self._select(self._sql["range"], after, upto)

    def chained_range(self, after: int, upto: int) -> list[ChainedRow]:
        """Return the same rows with their hashes."""
        return self._select(self._sql["chained_range"], after, upto)

    def out_of_turn(self) -> int | None:
        """Return the first position whose version does not follow the one before in its stream."""
        position: int | None = self._scalar("out_of_turn")
        return position

    def tree(self) -> Edge:
        """Return the edge of the ledger's tree."""
        size, edge = only(self._select(self._sql["tree"]))
        return Edge.unpacked(size, bytes(edge))

    def tree_nodes(self, level: int, first: int, end: int) -> list[bytes]:
        """Return the hashes of complete subtrees of a level, a multiple of eight above 0."""
        return [bytes(row[0]) for row in self._select(self._sql["tree_nodes"], level, first, end)]

    def tree_block_of(self, position: int) -> int | None:
        """Return the complete block of 256 events with a position; ``None`` after the last one."""
        rows = self._select(self._sql["block_of"], HEIGHT, position)
        return int(rows[0][0]) if rows else None

    def tree_block(self, number: int, most: int) -> list[EventRow]:
        """Return the events of a block of 256, no more than ``most``."""
        before = self._select(self._sql["block_end"], HEIGHT, number - 1) if number else [(0,)]
        return self._select(self._sql["block"], before[0][0], max(0, min(WIDTH, most)))

    def rows_of(self, streams: Sequence[str]) -> list[EventRow]:
        """Return every row of these streams, in no order."""
        return self._select(self._sql["rows_of"], self._list_param(streams))

    def first_rows(self, streams: Sequence[str]) -> list[EventRow]:
        """Return the first row of each of these streams that exists."""
        return self._select(self._sql["first_rows"], self._list_param(streams))

    def known_at(self, instant: int) -> int:
        """Return the last position before the running maximum of recorded_at passes an instant."""
        risen = self._select(self._sql["risen_at"], instant)
        return int(self._scalar("last_before", risen[0][0])) if risen else self.latest()[0]

    def generation(self) -> int:
        """Return the number of the live generation of read models."""
        return int(self._scalar("generation"))

    def set_generation(self, cursor: Any, number: int) -> None:  # noqa: ANN401 - the driver's
        """Make another generation live, under the write lock."""
        cursor.execute(self._sql["set_generation"], (number,))

    def builder(self) -> str | None:
        """Return the name of the last holder of the rebuild lock that has not released it."""
        name: str | None = self._scalar("builder")
        return name

    def set_builder(self, name: str | None) -> None:
        """Store the name of the holder of the rebuild lock."""
        with self.locked() as cursor:
            cursor.execute(self._sql["set_builder"], (name,))

    def overwrite(self, states: dict[int, bytes]) -> None:
        """Replace the states at these positions."""
        with self.locked() as cursor:
            values = [(state, position) for position, state in states.items()]
            cursor.executemany(self._sql["overwrite"], values)

    def put(
        self,
        cursor: Any,  # noqa: ANN401 - the driver's
        rows: Sequence[ChainedRow],
        leaves: Sequence[bytes],
        risen: Rises,
    ) -> Edge:
        """Insert rows at their own positions, and the rises of the clock.

        The ledger's tree grows by the leaves in the same transaction; return its edge. Events that
        redactions among the rows name lose their words, too.
        """
        positions = [row[0] for row in rows]
        self.put_rows(cursor, rows)
        self._take_words(cursor, rows)
        self._rise(cursor, risen, positions)
        cursor.execute(self._sql["tree"])
        size, edge = only(cursor.fetchall())
        tree = GrowingTree(Edge.unpacked(size, bytes(edge)))
        if nodes := tree.add([*zip(positions, leaves, strict=True)]):
            cursor.executemany(self._sql["add_node"], nodes)
        cursor.execute(self._sql["set_tree"], tree.kept)
        return tree.edge

    def restore(
        self,
        cursor: Any,  # noqa: ANN401 - the driver's
        rows: Sequence[ChainedRow],
        leaves: Sequence[bytes],
        risen: Rises,
    ) -> Edge:
        """Insert rows and leaves of a restored log, so that the next append follows them."""
        return self.put(cursor, rows, leaves, risen)

    def made_at(self) -> int:
        """Return the instant at which the store was made or filled, in microseconds UTC."""
        return int(self._scalar("made_at"))

    def note_made(self, cursor: Any) -> None:  # noqa: ANN401 - the driver's
        """Store that the log is filled now, under the write lock."""
        cursor.execute(self._sql["set_made_at"])

    def replayed_at(self) -> int | None:
        """Return the commit time of a standby's last replayed transaction, in microseconds UTC.

        It is ``None`` if this is no standby, or nothing was replayed yet.
        """
        return None

    def backup(self) -> tuple[int, int]:
        """Return instant (in microseconds UTC) and last position of the last backup."""
        at, upto = only(self._select(self._sql["backup"]))
        return at, upto

    def note_backup(self, at: int, upto: int) -> None:
        """Note that a backup was made."""
        with self.locked() as cursor:
            cursor.execute(self._sql["set_backup"], (at, upto))

    def four_eyes(self) -> tuple[FourEyesNote, ...]:
        """Return the notes of who demanded or lifted four eyes, the oldest first."""
        return read_notes(self._scalar("four_eyes"))

    def set_four_eyes(self, cursor: Any, notes: tuple[FourEyesNote, ...]) -> None:  # noqa: ANN401
        """Replace the notes, under the write lock."""
        cursor.execute(self._sql["set_four_eyes"], (write_notes(notes),))

    def _place(
        self,
        cursor: Any,  # noqa: ANN401 - the driver's
        positions: Sequence[int],
        head: tuple[int, int, bytes | None],
        events: Sequence[EncodedEvent],
        stamps: Sequence[Stamp],
        finish: MakeLastEvents | None,
    ) -> LogPlace:
        """Append events after a head, and return the new end of the log.

        The head is the greatest recorded_at, the instant at which the store was made, and the last
        hash. The events that ``finish`` makes replace the last ones.
        """
        reached, made_at, chain = head
        if finish and (last_events := finish(positions)):
            events = [*events[: -len(last_events)], *last_events]
        check_leap(max(reached, made_at), stamps)
        risen = rises(reached, stamps)
        rows = [
            (position, event.originator_id, event.originator_version, event.topic, event.state)
            for position, event in zip(positions, events, strict=True)
        ]
        chained, leaves = link_rows(chain or BEGINNING, rows, [event.committed for event in events])
        self.put(cursor, chained, leaves, risen)
        return LogPlace(positions[-1], chained[-1][-1])

    def _take_words(self, cursor: Any, rows: Iterable[ChainedRow]) -> None:  # noqa: ANN401
        redactions = ((row[0], row[1], row[4]) for row in rows if row[3] in REDACTIONS)
        for position, stream in redacted_events(redactions):
            cursor.execute(self._sql["state"], (position, stream))
            for (state,) in cursor.fetchall():
                cursor.execute(
                    self._sql["overwrite"], (state_without_words(bytes(state)), position)
                )

    def _rise(self, cursor: Any, risen: Rises, positions: Sequence[int]) -> None:  # noqa: ANN401
        clock = [(stamp, positions[index]) for index, stamp in risen.found]
        if risen.confirmed is not None:
            cursor.execute(self._sql["risen_from"], (risen.confirmed,))
            (since,) = cursor.fetchone()
            cursor.execute(self._sql["unrise"], (risen.confirmed,))
            if since is not None:
                clock[0] = (clock[0][0], min(since, clock[0][1]))
        cursor.executemany(self._sql["clock"], clock)

    def _scalar(self, question: str, *values: int) -> Any:  # noqa: ANN401 - a column value
        return only(self._select(self._sql[question], *values))[0]
