"""The tree against RFC 6962's own examples, a second implementation, and forged proofs."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from timeline.ledger.check import grew
from timeline.ledger.merkle import EMPTY, Edge, leaf_hash, node_hash
from timeline.ledger.proofs import (
    consistency_proof,
    edge_at,
    inclusion_proof,
    is_included,
)

ENTRIES = [
    bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
] + [bytes(range(0x60, 0x70))]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first 1 to 8 of the entries, as Certificate Transparency tests them."""


class Tree:
    """A tree whose every hash is at hand."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [leaf_hash(entry) for entry in entries]

    def __call__(self, level: int, number: int) -> bytes:
        under = self.leaves[number << level : (number + 1) << level]
        assert len(under) == 1 << level
        return Edge().grown(under).root

    def root(self, size: int) -> bytes:
        return Edge().grown(self.leaves[:size]).root


TREE = Tree([b"%d" % number for number in range(70)])


def test_roots_are_those_of_certificate_transparency() -> None:
    tree = Tree(ENTRIES)
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS
    assert Edge().root == EMPTY == sha256(b"").digest()


def test_a_second_implementation_gives_the_same_roots_and_paths() -> None:
    other = InmemoryTree(algorithm="sha256")
    for size in range(1, 70):
        other.append_entry(b"%d" % (size - 1))
        assert other.get_root() == TREE.root(size)


@given(st.lists(st.integers(0, 40), max_size=5))
def test_a_tree_may_grow_in_any_steps(steps: list[int]) -> None:
    edge, reached = Edge(), 0
    for step in steps:
        edge = edge.grown(TREE.leaves[reached : reached + step])
        reached = min(reached + step, 70)
        assert Edge.unpacked(edge.size, edge.packed()) == edge
    assert edge.root == TREE.root(reached)
    assert list(edge.hashes) == edge_at(reached, TREE)


@given(st.lists(st.integers(0, 700), max_size=6), st.sampled_from((0, 1, 3, 8)))
def test_what_is_complete_is_told_whether_leaves_come_one_by_one_or_many(
    steps: list[int], kept_every: int
) -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(sum(steps))]
    each, many = Edge(), Edge()
    told_each, told_many = [], []
    for leaf in leaves:
        each, nodes = each.grown_by([leaf], kept_every)
        told_each += nodes
    reached = 0
    for step in steps:
        many, nodes = many.grown_by(leaves[reached : reached + step], kept_every)
        told_many += nodes
        reached += step
    assert many == each
    assert told_many == told_each


def test_an_edge_of_another_size_is_none() -> None:
    with pytest.raises(ValueError, match="are not the edge of a tree of 2 leaves"):
        Edge.unpacked(2, TREE.leaves[0] + TREE.leaves[1])


def test_every_leaf_of_every_tree_is_proven_and_none_in_the_place_of_another() -> None:
    for size in range(1, 36):
        root = TREE.root(size)
        for leaf in range(size):
            proof = inclusion_proof(leaf, size, TREE)
            places = [
                at for at in range(size) if is_included(at, size, TREE.leaves[leaf], proof, root)
            ]
            assert places == [leaf]


def test_every_tree_is_proven_to_have_grown_out_of_each_before_it() -> None:
    for size in range(1, 36):
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, TREE)
            assert grew(old, TREE.root(old), size, TREE.root(size), proof)
            assert old == 1 or not grew(old - 1, TREE.root(old - 1), size, TREE.root(size), proof)


def test_what_a_tree_does_not_have_is_not_proven() -> None:
    with pytest.raises(ValueError, match="a tree of 3 leaves has no leaf 3"):
        inclusion_proof(3, 3, TREE)
    with pytest.raises(ValueError, match="a tree of 3 leaves has not grown out of one of 4"):
        consistency_proof(4, 3, TREE)
    assert not is_included(0, 0, TREE.leaves[0], [], EMPTY)
    assert not grew(0, EMPTY, 3, TREE.root(3), [])


@st.composite
def mutations(draw: st.DrawFn) -> tuple[int, list[bytes], list[bytes]]:
    """Return the size of a tree, a proof of it, and the proof with one thing altered."""
    size = draw(st.integers(3, 70))
    old = draw(st.integers(1, size - 1))
    proof = draw(st.sampled_from((consistency_proof, inclusion_proof)))(old, size, TREE)
    changed = list(proof)
    at = draw(st.integers(0, len(proof) - 1))
    match draw(st.sampled_from(["bit", "swap", "more", "fewer", "cut"])):
        case "bit":
            byte = draw(st.integers(0, 31))
            flipped = changed[at][byte] ^ (1 << draw(st.integers(0, 7)))
            changed[at] = changed[at][:byte] + bytes([flipped]) + changed[at][byte + 1 :]
        case "swap" if len(proof) > 1:
            other = draw(st.integers(0, len(proof) - 1).filter(at.__ne__))
            changed[at], changed[other] = changed[other], changed[at]
        case "more":
            changed.insert(at, draw(st.binary(min_size=32, max_size=32)))
        case "fewer":
            del changed[at]
        case _:
            changed[at] = changed[at][:-1]
    return size, proof, changed


@given(mutations())
def test_no_altered_proof_is_taken(mutation: tuple[int, list[bytes], list[bytes]]) -> None:
    size, proof, changed = mutation
    root = TREE.root(size)

    def shown(path: list[bytes]) -> set[tuple[str, int]]:
        leaves = (at for at in range(size) if is_included(at, size, TREE.leaves[at], path, root))
        olds = (old for old in range(1, size) if grew(old, TREE.root(old), size, root, path))
        return {*(("leaf", at) for at in leaves), *(("old", old) for old in olds)}

    assert shown(proof)
    assert not shown(proof) & shown(changed)


def test_a_node_is_never_taken_for_a_leaf() -> None:
    left, right = TREE.leaves[:2]
    assert node_hash(left, right) != leaf_hash(left + right)
