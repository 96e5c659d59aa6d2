"""Proofs of RFC 6962, alone and as files: that an entry is in a tree, and that a tree only grew.

Checking one needs neither the log nor the rest of the tree. The checks follow RFC 9162,
sections 2.1.3.2 and 2.1.4.2. A file is of one event (C2SP tlog-proof) or of a log's growth (as C2SP
tlog-witness) and ends with a checkpoint: it is checked offline, with a key and nothing else.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Protocol

import msgspec

from timeline.ledger.merkle import EMPTY, HASH_BYTES, entry, node_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.ledger.notes import Note


class CompleteSubtrees(Protocol):
    """A function that looks up hashes of a tree."""

    def __call__(self, level: int, number: int) -> bytes:
        """Return the root of the leaves from ``number`` · 2^level on, 2^level of them."""


def edge_at(size: int, complete: CompleteSubtrees) -> list[bytes]:
    """Return the roots of the complete subtrees of the first ``size`` leaves, largest first."""
    return list(_complete(0, size, complete))


def inclusion_proof(leaf: int, size: int, complete: CompleteSubtrees) -> list[bytes]:
    """Return the hashes that lead from a leaf, counted from 0, to the root of ``size`` leaves.

    Raises `ValueError` for a leaf that the tree does not have.
    """
    if not 0 <= leaf < size:
        message = f"a tree of {size} leaves has no leaf {leaf}"
        raise ValueError(message)
    return list(_path(leaf, 0, size, complete))


def consistency_proof(old: int, size: int, complete: CompleteSubtrees) -> list[bytes]:
    """Return the hashes that lead from the root of the first ``old`` leaves to that of ``size``.

    Raises `ValueError` if the older tree is empty, or larger than the newer one.
    """
    if not 0 < old <= size:
        message = f"a tree of {size} leaves has not grown out of one of {old}"
        raise ValueError(message)
    return list(_growth(old, 0, size, complete, is_known=True))


def is_included(
    leaf: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a proof leads from the hash of a leaf to the root of ``size`` leaves."""
    if not 0 <= leaf < size or not _are_hashes(leaf_hash, root, *proof):
        return False
    at, last, node = leaf, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            at, last = _above_alone(at, last)
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def _above_alone(at: int, last: int) -> tuple[int, int]:
    """Go up while the node is the right end of its level and has no sibling there."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(hash_) == HASH_BYTES for hash_ in hashes)


def _half(count: int) -> int:
    """Return the greatest power of two below ``count``, where RFC 6962 cuts a tree."""
    return 1 << (count - 1).bit_length() - 1


def _complete(start: int, end: int, complete: CompleteSubtrees) -> Iterator[bytes]:
    while start < end:
        level = (end - start).bit_length() - 1
        yield complete(level, start >> level)
        start += 1 << level


def _root(start: int, end: int, complete: CompleteSubtrees) -> bytes:
    return root_of([*_complete(start, end, complete)]) if end > start else EMPTY


def _path(leaf: int, start: int, end: int, complete: CompleteSubtrees) -> Iterable[bytes]:
    if end - start == 1:
        return
    cut = start + _half(end - start)
    if leaf < cut:
        yield from _path(leaf, start, cut, complete)
        yield _root(cut, end, complete)
    else:
        yield from _path(leaf, cut, end, complete)
        yield _root(start, cut, complete)


def _growth(
    old: int, start: int, end: int, complete: CompleteSubtrees, *, is_known: bool
) -> Iterable[bytes]:
    """Yield the hashes of the subtree from ``start`` to ``end`` that an old tree of ``old`` needs.

    ``is_known`` if the checker has the root of this very subtree: it is the old tree's own.
    """
    if old == end:
        if not is_known:
            yield _root(start, end, complete)
        return
    cut = start + _half(end - start)
    if old <= cut:
        yield from _growth(old, start, cut, complete, is_known=is_known)
        yield _root(cut, end, complete)
    else:
        yield from _growth(old, cut, end, complete, is_known=False)
        yield _root(start, cut, complete)


HEADER = "c2sp.org/tlog-proof@v1"


class ProvenEvent(msgspec.Struct, frozen=True):
    """An event as the log stores it; salt and words are ``None`` if they were erased."""

    position: int
    stream: str
    version: int
    type: str
    committed: bytes
    salt: bytes | None
    content: bytes | None

    @property
    def entry(self) -> bytes:
        """The bytes whose hash is the leaf."""
        return entry(self.position, self.stream, self.version, self.type, self.committed)

    @property
    def packed(self) -> str:
        """The whole event as JSON, bytes in base64: enough to show it and to hash the leaf."""
        fields = msgspec.to_builtins(self)
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def proof_file(event: ProvenEvent, index: int, proof: Iterable[bytes], checkpoint: Note) -> str:
    """Return the proof that an event is the leaf ``index`` (from 0) under a checkpoint."""
    lines = [HEADER, f"extra {_base64(event.packed.encode())}", f"index {index}"]
    return "\n".join([*lines, *map(_base64, proof)]) + f"\n\n{checkpoint}"


def growth_file(old: int, proof: Iterable[bytes], checkpoint: Note) -> str:
    """Return the proof that the first ``old`` events under a checkpoint are those of an older one.

    Witnesses sign the same file.
    """
    return "\n".join([f"old {old}", *map(_base64, proof)]) + f"\n\n{checkpoint}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
