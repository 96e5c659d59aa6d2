"""What a store keeps of the ledger's tree: its edge, and every eighth level of what is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.ledger.merkle import Edge, Node
from timeline.ledger.tiles import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

NodeRow = tuple[int, int, int, bytes]
"""Level, number, position of the last event and hash of a complete subtree."""


class GrowingTree:
    """A tree that grows by events, given by position and leaf."""

    def __init__(self, edge: Edge | None = None) -> None:
        self.edge = edge or Edge()

    def add(self, leaves: Sequence[tuple[int, bytes]]) -> list[NodeRow]:
        """Grow by leaves, and return what a store keeps of what is complete now."""
        size = self.edge.size
        self.edge, nodes = self.edge.grown_by((leaf for _, leaf in leaves), HEIGHT)
        return [_row(node, leaves[node.end - 1 - size][0]) for node in nodes]

    @property
    def kept(self) -> tuple[int, bytes]:
        """The size and the edge, as a store keeps them."""
        return self.edge.size, self.edge.packed()


def _row(node: Node, position: int) -> NodeRow:
    return node.level, node.number, position, node.hash
