"""The chain: the hash of each event covers the hash of the event before it.

Two logs with the same hash at a position agree on every event up to there. Of an event the hash
covers its leaf in the ledger, whose tree proves single events to readers. The chain costs an append
one hash and 32 bytes; a store compares one hash to know whether something belongs to it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from timeline.ledger.merkle import event_leaf
from timeline.stores.mapper import exact_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.stores.rows import ChainedRow, EventRow

BEGINNING = b""
"""The hash before the first event."""


def leaf_of(row: EventRow, committed: bytes | None = None) -> bytes:
    """Return the hash of an event as a leaf of the ledger's tree, 32 bytes.

    ``committed`` is the hashed part of its state, if known already. Raises `msgspec.MsgspecError`
    for a state that cannot be decoded.
    """
    position, stream, version, topic, state = row
    if committed is None:
        committed, _, _ = exact_parts(state)
    return event_leaf(position, stream, version, topic, committed)


def link(before: bytes, leaf: bytes) -> bytes:
    """Return the hash of an event from its leaf and the hash of the event before it."""
    return sha256(before + leaf).digest()


def link_rows(
    before: bytes, rows: Sequence[EventRow], committed: Sequence[bytes]
) -> tuple[list[ChainedRow], list[bytes]]:
    """Return rows with their hashes, the first after ``before``, and their leaves.

    ``committed`` has the hashed part of each state. `link` is inlined: its call would take as long
    as the hash.
    """
    leaves = [event_leaf(*row[:4], part) for row, part in zip(rows, committed, strict=True)]
    chained = []
    for row, leaf in zip(rows, leaves, strict=True):
        before = sha256(before + leaf).digest()
        chained.append((*row, before))
    return chained, leaves
