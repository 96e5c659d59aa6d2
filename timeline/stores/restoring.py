"""A whole log as it stands at one moment, sealed, and put into an empty store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.ledger.merkle import EMPTY, Edge
from timeline.stores.chain import BEGINNING, linked
from timeline.stores.clock import Rises, rises, stamp_of
from timeline.stores.mapper import keeps_its_word, lacks_content, read_event, state_of
from timeline.stores.proving import Erased, LogDoesNotHold, Proof
from timeline.stores.verifying import TREE_DIFFERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.stores.rows import ChainedRow, EventRow, StoredRow
    from timeline.stores.tables import Everything, LogTables


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
    "content_missing",
    "the content at position %(position)s is missing",
    fix=UNALTERED,
)
LOG_OUT_OF_ORDER = Message(
    "log_out_of_order",
    "position %(position)s follows %(last)s",
    fix="restore a log in its own order",
)

AT_ONCE = 5_000


def restore(tables: LogTables, rows: Iterable[StoredRow], finish: Finish) -> None:
    """Put all of these rows into an empty log, or none.

    ``finish`` is called last, with the cursor of the transaction and what the log is by then.
    Raises `Refused` if the log is not empty or the rows are not a log.
    """
    with tables.locked() as cursor:
        if tables.latest() != (0, 0):
            raise Refused(RESTORE_INTO_FULL_STORE, field="--store")
        reached, seal = 0, Seal(0, 0, BEGINNING, EMPTY)
        erased = Erased()
        every = _checked(rows, erased)
        while batch := list(islice(every, AT_ONCE)):
            risen = rises(reached, [stamp_of(event) for _, event, _ in batch])
            committed = [part for *_, part in batch]
            put, leaves = linked(seal.chain, [row for row, *_ in batch], committed)
            edge = _put(tables, cursor, put, leaves, risen)
            reached = risen.reached
            position, *_, chain = put[-1]
            seal = Seal(position, edge.size, chain, edge.root)
        if (missing := erased.first()) is not None:
            raise Refused(CONTENT_MISSING, field="data", position=missing)
        tables.note_made(cursor)
        finish(cursor, seal)


def _checked(rows: Iterable[StoredRow], erased: Erased) -> Iterator[tuple[EventRow, Event, bytes]]:
    last = 0
    for row in rows:
        if row.position <= last:
            raise Refused(LOG_OUT_OF_ORDER, field="sequence", position=row.position, last=last)
        last = row.position
        read, event = _read(row)
        if lacks_content(row.committed, row.content):
            erased.note(row.position, row.stream)
        erased.explain(row.stream, getattr(event, "positions", ()))
        yield read, event, row.committed


def _read(row: StoredRow) -> tuple[EventRow, Event]:
    state = state_of(row.committed, row.salt, row.content)
    try:
        event = read_event(row.stream, row.version, row.type, state)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Refused(NOT_AN_EVENT, field="data", position=row.position, why=error) from error
    if not keeps_its_word(row.committed, row.salt, row.content):
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
    """Where a log ends, with how many events, and the hashes over all of them.

    ``chain`` is the hash of the last event, ``root`` that of the ledger's tree.
    """

    head: int
    events: int
    chain: bytes
    root: bytes


Finish = Callable[[Any, Seal], None]


class Snapshot:
    """A log as it stands at one moment; ``size`` is how many events it has."""

    def __init__(self, log: Everything) -> None:
        self.size = log.edge.size
        self._log = log
        self._seal: Seal | None = None

    @property
    def seal(self) -> Seal:
        """What the log is; raises `ValueError` before all rows are read."""
        if self._seal is None:
            msg = "the rows of the log are not read yet"
            raise ValueError(msg)
        return self._seal

    def rows(self) -> Iterator[EventRow]:
        """Yield every event; raises `LogDoesNotHold` where one is not as it was recorded."""
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
