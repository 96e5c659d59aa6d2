"""What the page of a proof shows: the answer, what was checked, and the way to the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.ledger.merkle import node_hash
from timeline.ledger.proofs import is_included
from timeline.ledger.rotations import tenures
from timeline.projections.queries.entries import StatementEntry
from timeline.stores.chain import leaf_of
from timeline.stores.evidence import signed_checkpoint
from timeline.stores.mapper import exact_parts, keeps_its_word
from timeline.stores.signing_key import rotations_in
from web.i18n import dates

if TYPE_CHECKING:
    from timeline.ledger.notes import Signer
    from timeline.projections.queries.entries import Entry
    from timeline.stores.log import EventLog

SHORT = 16


class Rung(msgspec.Struct, frozen=True):
    """A block of events beside the path, its fingerprint, and what both give together.

    ``first`` and ``last`` count events from 1; ``is_before`` tells on which side they stand.
    """

    first: int
    last: int
    fingerprint: str
    joined: str
    is_before: bool


class ProofPage(msgspec.Struct, frozen=True, kw_only=True):
    """``place`` is the entry's among ``size`` events, both counted from 1."""

    number: int
    recorded: str
    recorded_day: str
    checked: str
    words_hold: bool
    is_withheld: bool
    is_corrected: bool
    is_included: bool
    place: int
    size: int
    leaf: str
    root: str
    rungs: tuple[Rung, ...]
    origin: str
    key: str
    keys_before: tuple[str, ...]
    checkpoint: str
    is_statement: bool

    @property
    def holds(self) -> bool:
        """Tell whether everything that was checked holds."""
        return self.words_hold and self.is_included


def proof_page(log: EventLog, signer: Signer, entry: Entry, now: int) -> ProofPage:
    """Check an entry against the ledger's tree, at a moment in seconds UTC."""
    tree, number = log.tree(), entry.number
    (row,) = log.rows(number - 1, number)
    leaf, place, root = leaf_of(row), tree.size_at(number), tree.root()
    path = tree.inclusion(place)
    return ProofPage(
        number=number,
        recorded=dates.moment_us(entry.recorded_at),
        recorded_day=dates.day(entry.recorded_at // 1_000_000),
        checked=dates.moment(now),
        words_hold=keeps_its_word(*exact_parts(row[4])),
        is_withheld=entry.withheld,
        is_corrected=bool(entry.corrected),
        is_included=is_included(place - 1, tree.size, leaf, path, root),
        place=place,
        size=tree.size,
        leaf=leaf.hex(),
        root=root.hex(),
        rungs=tuple(_rungs(place - 1, tree.size, leaf, path)),
        origin=signer.name,
        key=str(signer.verifier),
        keys_before=tuple(_keys_before(log, signer)),
        checkpoint=str(signed_checkpoint(log, signer)),
        is_statement=isinstance(entry, StatementEntry),
    )


def _keys_before(log: EventLog, signer: Signer) -> list[str]:
    *before, _ = tenures(signer.verifier, rotations_in(log))
    return [str(one.key) for one in before]


def _rungs(index: int, size: int, leaf: bytes, path: list[bytes]) -> list[Rung]:
    """Climb from a leaf to the root, as who checks the proof does."""
    rungs, node, level, at = [], leaf, 0, index
    for sibling in path:
        # A block without a neighbour on its level stands for itself on the next.
        while not at & 1 and (at + 1) << level >= size:
            at, level = at >> 1, level + 1
        is_before = bool(at & 1)
        node = node_hash(sibling, node) if is_before else node_hash(node, sibling)
        first = (at ^ 1) << level
        last = min(first + (1 << level), size)
        rungs.append(Rung(first + 1, last, sibling.hex()[:SHORT], node.hex()[:SHORT], is_before))
        at, level = at >> 1, level + 1
    return rungs
