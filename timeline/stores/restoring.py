"""Reads a whole log as of one moment, with a seal, and restores one into an empty store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.ledger.merkle import EMPTY, Edge
from timeline.stores.chain import BEGINNING, link_rows
from timeline.stores.clock import Rises, rises, stamp_of
from timeline.stores.mapper import lacks_content, matches_commitment, read_event, state_of
from timeline.stores.proving import LogDoesNotHold, MissingWords, Proof
from timeline.stores.verifying import TREE_DIFFERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.stores.rows import ChainedRow, EventRow, StoredRow
    from timeline.stores.tables import LogTables, WholeLog


UNALTERED = "restore from an export that was not altered"

NOT_AN_EVENT = Message(
    "not_an_event", "position %(position)s is not an event: %(why)s", fix=UNALTERED
)
CONTENT_ALTERED = Message(
    "content_altered",
    "the content at position %(position)s is not what was committed",
    fix=UNALTERED,
)
VERSION_TWICE = Message("version_twice", "a stream has the same version twice", fix=UNALTERED)
RESTORE_INTO_FULL_STORE = Message(
    "restore_into_full_store",
    "a log can only be restored into an empty store",
    fix="name a new one",
)
CONTENT_MISSING = Message(
    "content_missing", "the content at position %(position)s is missing", fix=UNALTERED
)
LOG_OUT_OF_ORDER = Message(
    "log_out_of_order",
    "position %(position)s follows %(last)s",
    fix="restore a log in its own order",
)

AT_ONCE = 5_000


def restore(tables: LogTables, rows: Iterable[StoredRow], finish: Finish) -> None:
    """Restore all of these rows into an empty log, or none.

    ``finish`` is called last, with the cursor of the transaction and the seal of the log.
    Raises `Refused` if the log is not empty or the rows are not a log.
    """
    with tables.locked() as cursor:
        if tables.latest() != (0, 0):
            raise Refused(RESTORE_INTO_FULL_STORE, field="--store")
        reached, seal = 0, Seal(0, 0, BEGINNING, EMPTY)
        erased = MissingWords()
        checked = _check_rows(rows, erased)
        while batch := list(islice(checked, AT_ONCE)):
            risen = rises(reached, [stamp_of(event) for _, event, _ in batch])
            committed = [part for *_, part in batch]
            put, leaves = link_rows(seal.chain, [row for row, *_ in batch], committed)
            edge = _put(tables, cursor, put, leaves, risen)
            reached = risen.reached
            position, *_, chain = put[-1]
            seal = Seal(position, edge.size, chain, edge.root)
        if (missing := erased.first()) is not None:
            raise Refused(CONTENT_MISSING, field="data", position=missing)
        tables.note_made(cursor)
        finish(cursor, seal)


def _check_rows(
    rows: Iterable[StoredRow], erased: MissingWords
) -> Iterator[tuple[EventRow, Event, bytes]]:
    last = 0
    for row in rows:
        if row.position <= last:
            raise Refused(LOG_OUT_OF_ORDER, field="sequence", position=row.position, last=last)
        last = row.position
        event_row, event = _read(row)
        if lacks_content(row.committed, row.content):
            erased.note(row.position, row.stream)
        erased.explain(row.stream, getattr(event, "positions", ()))
        yield event_row, event, row.committed


def _read(row: StoredRow) -> tuple[EventRow, Event]:
    state = state_of(row.committed, row.salt, row.content)
    try:
        event = read_event(row.stream, row.version, row.type, state)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Refused(NOT_AN_EVENT, field="data", position=row.position, why=error) from error
    if not matches_commitment(row.committed, row.salt, row.content):
        raise Refused(CONTENT_ALTERED, field="data", position=row.position)
    return (row.position, row.stream, row.version, row.type, state), event


def _put(
    tables: LogTables,
    cursor: Any,  # noqa: ANN401 - the driver's
    rows: Sequence[ChainedRow],
    leaves: Sequence[bytes],
    risen: Rises,
) -> Edge:
    try:
        return tables.restore(cursor, rows, leaves, risen)
    except tables.CLASH as error:
        raise Refused(VERSION_TWICE, field="data") from error


ROWS_AT_ONCE = 1_000


class Seal(msgspec.Struct, frozen=True):
    """The end of a log: its position, number of events, and hashes over all of them.

    ``chain`` is the hash of the last event, ``root`` that of the ledger's tree.
    """

    head: int
    events: int
    chain: bytes
    root: bytes


Finish = Callable[[Any, Seal], None]


class Snapshot:
    """A log as of one moment; ``size`` is the number of its events."""

    def __init__(self, log: WholeLog) -> None:
        self.size = log.edge.size
        self._log = log
        self._seal: Seal | None = None

    @property
    def seal(self) -> Seal:
        """The seal of the log; raises `ValueError` before all rows are read."""
        if self._seal is None:
            msg = "the rows of the log are not read yet"
            raise ValueError(msg)
        return self._seal

    def rows(self) -> Iterator[EventRow]:
        """Yield every event; raises `LogDoesNotHold` if one is not as it was recorded."""
        proof, edge, head = Proof(self._log.named), Edge(), 0
        pending: list[bytes] = []
        for row in proof.of(self._log.rows):
            head = row[0]
            pending.append(proof.leaf)
            if len(pending) == ROWS_AT_ONCE:
                edge = edge.grown(pending)
                pending.clear()
            yield row
        proof.end()
        edge = edge.grown(pending)
        if edge != self._log.edge:
            raise LogDoesNotHold(TREE_DIFFERS, head)
        self._seal = Seal(head, edge.size, proof.chain, edge.root)
