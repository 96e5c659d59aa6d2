"""Whether a log is the one that was recorded, by its hashes, its tree and kept checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.messages import Message
from timeline.ledger.merkle import Edge
from timeline.ledger.tiles import HEIGHT
from timeline.stores.proving import LogDoesNotHold, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.stores.progress import OnProgress
    from timeline.stores.rows import ChainedRow
    from timeline.stores.tables import LogTables

SAVE_BOTH = "save the store as it is, and compare it with backups and checkpoints"

TREE_DIFFERS = Message(
    "tree_differs",
    "the events up to %(position)s are not those that the ledger's tree was made of",
    fix=SAVE_BOTH,
)
EVENTS_MISSING = Message(
    "events_missing",
    "the log ends after event %(position)s, with %(count)s events, where its tree has %(size)s",
    fix=SAVE_BOTH,
)
CHECKPOINT_DIFFERS = Message(
    "checkpoint_differs",
    "the events up to %(position)s are not those of the checkpoint: the record was rewritten",
    fix=SAVE_BOTH,
)
CHECKPOINT_IS_OF_MORE = Message(
    "checkpoint_is_of_more",
    "the checkpoint is of %(size)s events, and the log ends after event %(position)s",
    fix=SAVE_BOTH,
)

AT_ONCE = 1_000


class Verified(msgspec.Struct, frozen=True):
    """What holds: so many events, up to a position, with the root over them."""

    position: int
    size: int
    root: bytes


def verify(
    tables: LogTables,
    rows: Iterable[ChainedRow],
    roots: Mapping[int, bytes],
    on_progress: OnProgress,
) -> Verified:
    """Go along a whole log, and compare it with its tree and with ``roots`` by number of events.

    Raises `LogDoesNotHold`, with the position, at the first that does not hold.
    """
    stored, proof = tables.tree(), Proof()
    edge, position, pending = Edge(), 0, []
    for row in proof.of(rows):
        position = row[0]
        pending.append(proof.leaf)
        size = edge.size + len(pending)
        if len(pending) == AT_ONCE or size in roots:
            edge = _grown(tables, edge, pending, position)
            _compare(edge, roots, position)
            on_progress("verifying", edge.size, stored.size)
    edge = _grown(tables, edge, pending, position)
    if edge.size < stored.size:
        raise LogDoesNotHold(EVENTS_MISSING, position, count=edge.size, size=stored.size)
    if edge != stored:
        raise LogDoesNotHold(TREE_DIFFERS, position)
    if roots and max(roots) > edge.size:
        raise LogDoesNotHold(CHECKPOINT_IS_OF_MORE, position, size=max(roots))
    proof.end()
    return Verified(position, edge.size, edge.root)


def _grown(tables: LogTables, edge: Edge, pending: list[bytes], position: int) -> Edge:
    grown, nodes = edge.grown_by(pending, HEIGHT)
    pending.clear()
    for node in nodes:
        if tables.tree_nodes(node.level, node.number, node.number + 1) != [node.hash]:
            raise LogDoesNotHold(TREE_DIFFERS, position)
    return grown


def _compare(edge: Edge, roots: Mapping[int, bytes], position: int) -> None:
    if roots.get(edge.size, edge.root) != edge.root:
        raise LogDoesNotHold(CHECKPOINT_DIFFERS, position)
