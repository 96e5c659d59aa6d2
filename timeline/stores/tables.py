"""The log's tables: what both stores ask of them and how both append to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from timeline.domain.clock import STREAM
from timeline.ledger.merkle import Edge
from timeline.ledger.tiles import HEIGHT, WIDTH
from timeline.stores.chain import BEGINNING, linked
from timeline.stores.clock import Rises, check_leap, rises
from timeline.stores.following import Following
from timeline.stores.four_eyes import read_notes, write_notes
from timeline.stores.proving import GrowingTree
from timeline.stores.redactions import IS_REDACTION, REDACTIONS, emptied, named_by
from timeline.stores.rows import LogPlace
from timeline.stores.shape import differences
from timeline.stores.trouble import only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from timeline.stores.clock import Stamp
    from timeline.stores.four_eyes import FourEyesNote
    from timeline.stores.mapper import Written
    from timeline.stores.redactions import Named, RedactionRow
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
QUESTIONS = {
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
    # With the plus, SQLite goes along the index of streams, and not along all that was recorded.
    "out_of_turn": "SELECT MIN(+later.{position}) FROM {log}stored_events later"
    " LEFT JOIN {log}stored_events earlier ON earlier.originator_id = later.originator_id"
    " AND earlier.originator_version = later.originator_version - 1"
    " WHERE later.originator_version <> 1"
    " AND (earlier.{position} IS NULL OR earlier.{position} > later.{position})",
    "redactions": REDACTION_ROWS,
    # With the plus, SQLite goes along the few redactions, and not along all that follows.
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
ORDERS = {
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


class Everything(NamedTuple):
    """A log as of one moment: the edge of its tree, what redactions name, and every row in order.

    ``confirmed`` are position and state of the events that confirm the clock. The rows are read as
    they are asked for, and what is kept of the clock by ``rises``, after them.
    """

    edge: Edge
    named: frozenset[Named]
    confirmed: list[tuple[int, bytes]]
    rows: Iterator[ChainedRow]
    rises: Callable[[], Iterator[tuple[int, int]]]


Remaking = Callable[[Sequence[int]], "Sequence[Written]"]
"""Makes the last events of an append anew, from the positions of all."""


class LogTables(ABC):
    """One log's tables; a store adds how its database is spoken to.

    ``NAMES`` fills the statements in: where the tables lie (``log``), the column of the position,
    the present instant, how a value and a list of values are marked, the last position that was
    given out, and what there is beside rows. ``CLASH`` is what the driver raises where a stream has
    a version already. ``HAS_GAPS``: positions may be given out for what is not appended.
    """

    TABLES: ClassVar = ("stored_events", "clock", "live", "tree", "tree_nodes")
    INDEXES: ClassVar[tuple[str, ...]]
    HAS_GAPS: ClassVar[bool]

    CLASH: ClassVar[type[Exception]]
    NAMES: ClassVar[dict[str, str]]
    _sql: ClassVar[dict[str, str]]
    datastore: Any  # the library's, of either database

    def __init_subclass__(cls) -> None:
        """Word the statements for the store's database."""
        super().__init_subclass__()
        both = QUESTIONS | ORDERS
        cls._sql = {name: text.format(**cls.NAMES) for name, text in both.items()}

    @abstractmethod
    def insert_events(self, stored_events: Sequence[Any], **kwargs: Any) -> Any:  # noqa: ANN401
        """Append events, whose recorded_at are ``stamps``, and return their positions.

        ``finish`` makes the last of them anew, once the positions are known.
        """

    @abstractmethod
    def locked(self) -> AbstractContextManager[Any]:
        """Hold the write lock; what is done with the cursor is kept unless an error leaves."""

    @abstractmethod
    def build_lock(self, patience: float) -> AbstractContextManager[None]:
        """Hold the lock of rebuilds, which dies with its holder; raises `TimeoutError`."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Callable[[str], Iterator[Any]]]:
        """Lend a way to ask, whose answers are all of one moment and are read one after another."""

    @abstractmethod
    def await_write(
        self, timeout: float, is_new: Callable[[], bool], given_up: Callable[[], bool]
    ) -> bool:
        """Return as soon as ``is_new`` holds after a write, or false when the time is up.

        ``given_up`` is asked at least once a second whether anybody still waits.
        """

    def following(self) -> AbstractContextManager[Following]:
        """Follow the log by itself, or as one of several servers, for the length of a block."""
        return nullcontext(Following(lambda: self.latest()[0], self.await_write))

    @abstractmethod
    def remember(self) -> None:
        """Keep how far the log is, where it can lose its end without a trace."""

    @abstractmethod
    def remembered(self) -> LogPlace | None:
        """Return how far the log was at least, where that is kept."""

    @abstractmethod
    def check_room(self) -> None:
        """Raise `OSError` where the disk takes nothing more, as far as that can be seen here."""

    @abstractmethod
    def clear_traces(self) -> None:
        """Remove from the disk what an overwritten state leaves behind."""

    @abstractmethod
    def put_rows(self, cursor: Any, rows: Iterable[ChainedRow]) -> None:  # noqa: ANN401 - the driver's
        """Put rows at their own positions, under the write lock."""

    @abstractmethod
    def _select(self, question: str, *values: Any) -> list[Any]:  # noqa: ANN401 - column values
        """Return the answer as plain tuples."""

    @abstractmethod
    def _several(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - the driver's own form
        """Return a list of texts as one value of a question."""

    def latest(self) -> tuple[int, int]:
        """Return the last position and the greatest recorded_at, zeros for an empty log."""
        ((position, reached),) = self._select(self._sql["latest"])
        return position, reached

    def place(self) -> tuple[int, bytes]:
        """Return the last position and the hash there; 0 and nothing for an empty log."""
        found = self._select(self._sql["place"])
        return found[0] if found else (0, BEGINNING)

    def standing(self) -> tuple[int, int, bytes]:
        """Return the number of the live generation, and what `place` does, as of one moment."""
        generation, position, chain = only(self._select(self._sql["standing"]))
        return generation, position or 0, chain or BEGINNING

    def chains(self, *positions: int) -> tuple[bytes, bytes]:
        """Return the hashes of the last rows up to either of two positions."""
        ((one, other),) = self._select(self._sql["chains"], *positions)
        return one or BEGINNING, other or BEGINNING

    def count(self) -> int:
        """Return how many events there are; positions have gaps."""
        return int(self._one("count"))

    @contextmanager
    def everything(self) -> Iterator[Everything]:
        """Lend the whole log as of one moment."""
        with self.snapshot() as ask:
            size, edge = only(ask(self._sql["tree"]))
            named = frozenset(named_by(ask(self._sql["redactions"])))
            confirmed = [*ask(self._sql["confirmations"])]
            rows = iter(ask(self._sql["everything"]))
            yield Everything(
                Edge.unpacked(size, bytes(edge)),
                named,
                confirmed,
                rows,
                lambda: ask(self._sql["rises"]),
            )

    def given_out(self) -> tuple[int, int]:
        """Return the last position that was ever given out, and the last that there is."""
        given, last = only(self._select(self._sql["given_out"]))
        return int(given), int(last)

    def differences(self) -> list[str]:
        """Return what of the tables is not as they were made, in words."""
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
        """Return the first position whose version does not follow in its stream."""
        found: int | None = self._one("out_of_turn")
        return found

    def tree(self) -> Edge:
        """Return the edge of the ledger's tree."""
        size, edge = only(self._select(self._sql["tree"]))
        return Edge.unpacked(size, bytes(edge))

    def tree_nodes(self, level: int, first: int, end: int) -> list[bytes]:
        """Return the hashes of complete subtrees of a level, a multiple of eight above 0."""
        return [bytes(row[0]) for row in self._select(self._sql["tree_nodes"], level, first, end)]

    def tree_block_of(self, position: int) -> int | None:
        """Return which complete block of 256 events a position is in; ``None`` after them."""
        found = self._select(self._sql["block_of"], HEIGHT, position)
        return int(found[0][0]) if found else None

    def tree_block(self, number: int, most: int) -> list[EventRow]:
        """Return the events of a block of 256, no more than ``most``."""
        before = self._select(self._sql["block_end"], HEIGHT, number - 1) if number else [(0,)]
        return self._select(self._sql["block"], before[0][0], max(0, min(WIDTH, most)))

    def rows_of(self, streams: Sequence[str]) -> list[EventRow]:
        """Return every row of these streams, in no order."""
        return self._select(self._sql["rows_of"], self._several(streams))

    def first_rows(self, streams: Sequence[str]) -> list[EventRow]:
        """Return the first row of each of these streams that exists."""
        return self._select(self._sql["first_rows"], self._several(streams))

    def known_at(self, instant: int) -> int:
        """Return the last position before the running maximum of recorded_at passes this."""
        risen = self._select(self._sql["risen_at"], instant)
        return int(self._one("last_before", risen[0][0])) if risen else self.latest()[0]

    def generation(self) -> int:
        """Return the number of the live generation of read models."""
        return int(self._one("generation"))

    def set_generation(self, cursor: Any, number: int) -> None:  # noqa: ANN401 - the driver's
        """Make another generation live, under the write lock."""
        cursor.execute(self._sql["set_generation"], (number,))

    def builder(self) -> str | None:
        """Return who was the last to take the lock of rebuilds and has not given it back."""
        found: str | None = self._one("builder")
        return found

    def set_builder(self, name: str | None) -> None:
        """Note who holds the lock of rebuilds."""
        with self.locked() as cursor:
            cursor.execute(self._sql["set_builder"], (name,))

    def overwrite(self, states: dict[int, bytes]) -> None:
        """Put other states in place of those at these positions."""
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
        """Put rows at their own positions, and where the running maximum of recorded_at rises.

        Each row has its leaf, by which the ledger's tree grows in the same transaction; its edge is
        returned. What redactions among the rows name loses its words in it, too.
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
        """Put rows and leaves of a restored log, and let the next append follow them."""
        return self.put(cursor, rows, leaves, risen)

    def made_at(self) -> int:
        """Return when the store was made or filled from another one, in microseconds UTC."""
        return int(self._one("made_at"))

    def note_made(self, cursor: Any) -> None:  # noqa: ANN401 - the driver's
        """Note that the store is filled now, under the write lock."""
        cursor.execute(self._sql["set_made_at"])

    def replayed_at(self) -> int | None:
        """Return when what a standby took over last was written, in microseconds UTC.

        It is ``None`` of a server that is none, and of one that took nothing over yet.
        """
        return None

    def backup(self) -> tuple[int, int]:
        """Return when the last backup was made, in microseconds UTC, and up to which position."""
        at, upto = only(self._select(self._sql["backup"]))
        return at, upto

    def note_backup(self, at: int, upto: int) -> None:
        """Note that a backup was made."""
        with self.locked() as cursor:
            cursor.execute(self._sql["set_backup"], (at, upto))

    def four_eyes(self) -> tuple[FourEyesNote, ...]:
        """Return who asked for four eyes or lifted them, the oldest note first."""
        return read_notes(self._one("four_eyes"))

    def set_four_eyes(self, cursor: Any, notes: tuple[FourEyesNote, ...]) -> None:  # noqa: ANN401
        """Keep other notes, under the write lock."""
        cursor.execute(self._sql["set_four_eyes"], (write_notes(notes),))

    def _place(
        self,
        cursor: Any,  # noqa: ANN401 - the driver's
        positions: Sequence[int],
        head: tuple[int, int, bytes | None],
        events: Sequence[Written],
        stamps: Sequence[Stamp],
        finish: Remaking | None,
    ) -> LogPlace:
        """Append events after a head, and return where the log ends then.

        The head is the greatest recorded_at, when the store was made, and the last hash. What
        ``finish`` makes stands in place of the last events.
        """
        reached, made_at, chain = head
        if finish and (made := finish(positions)):
            events = [*events[: -len(made)], *made]
        check_leap(max(reached, made_at), stamps)
        risen = rises(reached, stamps)
        rows = [
            (position, event.originator_id, event.originator_version, event.topic, event.state)
            for position, event in zip(positions, events, strict=True)
        ]
        chained, leaves = linked(chain or BEGINNING, rows, [event.committed for event in events])
        self.put(cursor, chained, leaves, risen)
        return LogPlace(positions[-1], chained[-1][-1])

    def _take_words(self, cursor: Any, rows: Iterable[ChainedRow]) -> None:  # noqa: ANN401
        redactions = ((row[0], row[1], row[4]) for row in rows if row[3] in REDACTIONS)
        for position, stream in named_by(redactions):
            cursor.execute(self._sql["state"], (position, stream))
            for (state,) in cursor.fetchall():
                cursor.execute(self._sql["overwrite"], (emptied(bytes(state)), position))

    def _rise(self, cursor: Any, risen: Rises, positions: Sequence[int]) -> None:  # noqa: ANN401
        clock = [(stamp, positions[index]) for index, stamp in risen.found]
        if risen.confirmed is not None:
            cursor.execute(self._sql["risen_from"], (risen.confirmed,))
            (since,) = cursor.fetchone()
            cursor.execute(self._sql["unrise"], (risen.confirmed,))
            if since is not None:
                clock[0] = (clock[0][0], min(since, clock[0][1]))
        cursor.executemany(self._sql["clock"], clock)

    def _one(self, question: str, *values: int) -> Any:  # noqa: ANN401 - a column value
        return only(self._select(self._sql[question], *values))[0]
