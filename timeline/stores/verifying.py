"""Verifies that a log is as it was recorded: its hashes, its tree and saved checkpoints."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby, islice
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.messages import Message
from timeline.ledger.merkle import Edge, Node
from timeline.ledger.tiles import HEIGHT
from timeline.stores.mapper import read_commitment, read_state
from timeline.stores.proving import LogDoesNotHold, Proof, RunningMaximum

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from timeline.stores.progress import OnProgress
    from timeline.stores.tables import LogTables, WholeLog

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
CLOCK_DIFFERS = Message(
    "clock_differs",
    "what is kept of the clock is not what the events up to %(position)s tell of it",
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

AT_ONCE = 8 << HEIGHT
"""Events after which the tree is compared with its stored nodes."""


class VerifiedLog(msgspec.Struct, frozen=True):
    """A verified log: its last position, its number of events, and the root over them."""

    position: int
    size: int
    root: bytes


def verify(
    tables: LogTables, log: WholeLog, roots: Mapping[int, bytes], on_progress: OnProgress
) -> VerifiedLog:
    """Check a whole log against its tree, and against ``roots`` by number of events.

    Rows are checked as they come: a list of them would take half as long again. Raises
    `LogDoesNotHold`, with the position, at the first that fails.
    """
    stored, edge = log.edge, Edge()
    risen = RunningMaximum(_confirmations(log.confirmed))
    proof = Proof(log.named, risen)
    while leaves := proof.leaves(islice(log.rows, _until_next(edge.size, roots))):
        edge = _grown(tables, edge, leaves, proof.position)
        _compare(edge, roots, proof.position)
        on_progress("verifying", edge.size, stored.size)
    position = proof.position
    if edge.size < stored.size:
        raise LogDoesNotHold(EVENTS_MISSING, position, count=edge.size, size=stored.size)
    if edge != stored:
        raise LogDoesNotHold(TREE_DIFFERS, position)
    if roots and max(roots) > edge.size:
        raise LogDoesNotHold(CHECKPOINT_IS_OF_MORE, position, size=max(roots))
    proof.end()
    if not risen.matches(log.rises()):
        raise LogDoesNotHold(CLOCK_DIFFERS, position)
    return VerifiedLog(position, edge.size, edge.root)


def _confirmations(rows: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, int]]:
    """Yield position and instant of events that confirm the clock; skip damaged ones."""
    for position, state in rows:
        with suppress(msgspec.MsgspecError):
            yield position, read_commitment(read_state(state).committed).recorded_at


def _until_next(size: int, roots: Mapping[int, bytes]) -> int:
    """Return how many events to check next: up to the next root, or to a multiple of tiles."""
    return min([root - size for root in roots if root > size] + [AT_ONCE - size % AT_ONCE])


def _grown(tables: LogTables, edge: Edge, leaves: list[bytes], position: int) -> Edge:
    grown, nodes = edge.grown_by(leaves, HEIGHT)
    for level, of_level in groupby(sorted(nodes, key=_place), lambda node: node.level):
        first, *others = of_level
        hashes = [first.hash, *(node.hash for node in others)]
        if tables.tree_nodes(level, first.number, first.number + len(hashes)) != hashes:
            raise LogDoesNotHold(TREE_DIFFERS, position)
    return grown


def _place(node: Node) -> tuple[int, int]:
    return node.level, node.number


def _compare(edge: Edge, roots: Mapping[int, bytes], position: int) -> None:
    if roots.get(edge.size, edge.root) != edge.root:
        raise LogDoesNotHold(CHECKPOINT_DIFFERS, position)
