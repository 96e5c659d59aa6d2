"""A whole log as it stands at one moment, and the few bytes that tell it from every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.ledger.merkle import Edge
from timeline.stores.proving import LogDoesNotHold, Proof
from timeline.stores.verifying import TREE_DIFFERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.stores.rows import EventRow
    from timeline.stores.tables import Everything

AT_ONCE = 1_000


class Seal(msgspec.Struct, frozen=True):
    """Where a log ends, with how many events, and the hashes over all of them.

    ``chain`` is the hash of the last event, ``root`` that of the ledger's tree.
    """

    head: int
    events: int
    chain: bytes
    root: bytes


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
            if len(pending) == AT_ONCE:
                edge = edge.grown(pending)
                pending.clear()
            yield row
        proof.end()
        edge = edge.grown(pending)
        if edge != self._log.edge:
            raise LogDoesNotHold(TREE_DIFFERS, head)
        self._seal = Seal(head, edge.size, proof.chain, edge.root)
