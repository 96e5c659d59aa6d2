"""The chain: the hash of each event covers the one before it, so that a log knows its past.

Two logs that agree on the hash at a position agree on every event up to there. What it covers of an
event is its leaf in the ledger, whose tree proves single events to readers; the chain costs an
append one hash and 32 bytes, and tells a store in one look whether something belongs to it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from timeline.ledger.merkle import event_leaf
from timeline.stores.mapper import exact_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.stores.rows import ChainedRow, EventRow

BEGINNING = b""
"""What stands before the first event."""


def leaf_of(row: EventRow, committed: bytes | None = None) -> bytes:
    """Return the hash of an event as a leaf of the ledger's tree, 32 bytes.

    ``committed`` is the part of its state that is hashed, where it is known already. Raises
    `msgspec.MsgspecError` for a state that cannot be taken apart.
    """
    position, stream, version, topic, state = row
    if committed is None:
        committed, _, _ = exact_parts(state)
    return event_leaf(position, stream, version, topic, committed)


def link(before: bytes, leaf: bytes) -> bytes:
    """Return the hash of an event, given by its leaf, after the hash of the one before it."""
    return sha256(before + leaf).digest()


def linked(
    before: bytes, rows: Sequence[EventRow], committed: Sequence[bytes]
) -> tuple[list[ChainedRow], list[bytes]]:
    """Return rows with their hashes, the first after ``before``, and their leaves.

    ``committed`` has the part of each state that is hashed. What `link` does stands here itself:
    its call would take as long as the hash.
    """
    leaves = [event_leaf(*row[:4], part) for row, part in zip(rows, committed, strict=True)]
    chained = []
    for row, leaf in zip(rows, leaves, strict=True):
        before = sha256(before + leaf).digest()
        chained.append((*row, before))
    return chained, leaves


def leaves_of_all(rows: Iterable[EventRow]) -> Iterator[tuple[int, bytes]]:
    """Yield position and leaf of rows as they are; one that is damaged counts as empty."""
    for row in rows:
        try:
            yield row[0], leaf_of(row)
        except msgspec.MsgspecError:
            yield row[0], leaf_of(row, b"")
