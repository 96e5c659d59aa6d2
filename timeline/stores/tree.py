"""The ledger's tree over a log: its roots, its proofs and its tiles.

Leaves are hashed from the events when needed: a proof reads at most 256 of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.ledger.merkle import Edge, entry, leaf_hash, root_of
from timeline.ledger.proofs import consistency_proof, edge_at, inclusion_proof
from timeline.ledger.tiles import HEIGHT, LONGEST_ENTRY, WIDTH, Tile, bundle
from timeline.stores.mapper import exact_parts
from timeline.stores.trouble import UnreadableEvent

if TYPE_CHECKING:
    from timeline.stores.rows import EventRow
    from timeline.stores.tables import LogTables

ENTRY_TOO_LONG = Message(
    "entry_too_long",
    "an event here has more than %(most)s bytes beside its words, which no file of entries holds",
    fix="read it in the log",
)


class StoredTree:
    """The tree of a log as it was when this object was made; later events are not in it."""

    def __init__(self, tables: LogTables) -> None:
        self._tables = tables
        self._edge = tables.tree()
        self._blocks: dict[int, list[tuple[int, bytes]]] = {}

    @property
    def size(self) -> int:
        """The number of events."""
        return self._edge.size

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first ``size`` events, by default over all."""
        if size is None or size == self.size:
            return self._edge.root
        return root_of(edge_at(size, self.complete))

    def size_at(self, position: int) -> int:
        """Count the events up to a log position."""
        block = self._tables.tree_block_of(position)
        if block is None:
            block = self.size // WIDTH
        return block * WIDTH + sum(at <= position for at, _ in self._block(block))

    def inclusion(self, size_at: int) -> list[bytes]:
        """Return the proof that event number ``size_at`` (from 1) is in the tree."""
        return inclusion_proof(size_at - 1, self.size, self.complete)

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the tree has grown out of that of the first ``old`` events.

        Raises `ValueError` if ``old`` is 0 or larger than the tree.
        """
        return consistency_proof(old, self.size, self.complete)

    def tile(self, tile: Tile) -> bytes | None:
        """Return the hashes of a tile in one piece; ``None`` if the tree is smaller."""
        end = (tile.number * WIDTH + tile.width) << tile.level * HEIGHT
        if end > self.size:
            return None
        level, first = tile.level * HEIGHT, tile.number * WIDTH
        return b"".join(self._nodes(level, first, first + tile.width))

    def bundle(self, number: int, width: int = WIDTH) -> bytes | None:
        """Return the entries of a tile of level 0; ``None`` if the tree is smaller.

        Raises `NotFound` if an entry is too long; new events never are.
        """
        if number * WIDTH + width > self.size:
            return None
        rows = self._tables.tree_block(number, width)
        try:
            return bundle(_entry(row) for row in rows)
        except OverflowError:
            raise NotFound(ENTRY_TOO_LONG, most=LONGEST_ENTRY) from None

    def complete(self, level: int, number: int) -> bytes:
        """Return the root of the leaves from ``number`` · 2^level on, 2^level of them."""
        above = level % HEIGHT
        nodes = self._nodes(level - above, number << above, (number + 1) << above)
        return Edge().grown(nodes).root if above else nodes[0]

    def _nodes(self, level: int, first: int, end: int) -> list[bytes]:
        if level:
            return self._tables.tree_nodes(level, first, end)
        block, start = divmod(first, WIDTH)
        return [leaf for _, leaf in self._block(block)[start : start + end - first]]

    def _block(self, number: int) -> list[tuple[int, bytes]]:
        if number not in self._blocks:
            rows = self._tables.tree_block(number, self.size - number * WIDTH)
            self._blocks[number] = [(row[0], leaf_hash(_entry(row))) for row in rows]
        return self._blocks[number]


def _entry(row: EventRow) -> bytes:
    """Return the bytes of an event's leaf; raises `UnreadableEvent` if they are damaged."""
    position, stream, version, topic, state = row
    try:
        committed, _, _ = exact_parts(state)
    except msgspec.MsgspecError as error:
        raise UnreadableEvent(position, stream, topic, error) from error
    return entry(position, stream, version, topic, committed)
