"""The ledger's tree over a log: its roots, its proofs and its tiles.

The leaves are made from the events whenever they are needed: a proof reads at most 256 of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.ledger.merkle import Edge, root_of
from timeline.ledger.proofs import consistency_proof, edge_at, inclusion_proof
from timeline.ledger.tiles import HEIGHT, WIDTH, Tile
from timeline.stores.chain import leaf_of

if TYPE_CHECKING:
    from timeline.stores.tables import LogTables


class StoredTree:
    """The tree of a log as it stood when this was made; what is appended later is not in it."""

    def __init__(self, tables: LogTables) -> None:
        self._tables = tables
        self._edge = tables.tree()
        self._blocks: dict[int, list[tuple[int, bytes]]] = {}

    @property
    def size(self) -> int:
        """How many events it holds."""
        return self._edge.size

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first ``size`` events, over all of them without it."""
        if size is None or size == self.size:
            return self._edge.root
        return root_of(edge_at(size, self.complete))

    def size_at(self, position: int) -> int:
        """Return how many events there are up to a log position."""
        block = self._tables.tree_block_of(position)
        if block is None:
            block = self.size // WIDTH
        return block * WIDTH + len([one for one, _ in self._block(block) if one <= position])

    def inclusion(self, size_at: int) -> list[bytes]:
        """Return the proof that the event after which there were ``size_at`` is in the tree."""
        return inclusion_proof(size_at - 1, self.size, self.complete)

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the tree has grown out of that of the first ``old`` events.

        Raises `ValueError` where there were none, or are not so many.
        """
        return consistency_proof(old, self.size, self.complete)

    def tile(self, tile: Tile) -> bytes | None:
        """Return the hashes of a tile in one piece; ``None`` where the tree is smaller."""
        end = (tile.number * WIDTH + tile.width) << tile.level * HEIGHT
        if end > self.size:
            return None
        level, first = tile.level * HEIGHT, tile.number * WIDTH
        return b"".join(self._nodes(level, first, first + tile.width))

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
            self._blocks[number] = [(row[0], leaf_of(row)) for row in rows]
        return self._blocks[number]
