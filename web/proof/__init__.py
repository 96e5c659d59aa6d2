"""Proofs that an entry is unchanged, and the files to check it offline."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.ledger import check
from timeline.ledger.merkle import node_hash
from timeline.ledger.proofs import is_included
from timeline.ledger.rotations import tenures
from timeline.ledger.tiles import ENTRIES, WIDTH, Tile, read_place
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from timeline.stores.chain import leaf_of
from timeline.stores.evidence import proof_of_event, proof_of_growth, signed_checkpoint
from timeline.stores.mapper import exact_parts, matches_commitment
from timeline.stores.signing_key import rotations_in, signing_key
from web.i18n import dates
from web.shell.data_answer import data_answer
from web.shell.downloads import PACKED, takes_gzip
from web.shell.page_cache import cached
from web.shell.rendering import render
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.ledger.notes import Signer
    from timeline.projections.queries.entries import Entry
    from timeline.stores.log import EventLog

NOT_A_NUMBER_OF_EVENTS = Message(
    "not_a_number_of_events",
    "%(text)s is not a number of events",
    fix="give the second line of the checkpoint that was kept",
)
NO_SUCH_TILE = Message("no_such_tile", "the record has no tile %(place)s")

blueprint = Blueprint("proof", __name__)

TEXT, BYTES = "text/plain", "application/octet-stream"
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
MOST_DIGITS = 18
LEVELS = frozenset(str(level) for level in range(64))


@blueprint.get("/s/<int:number>/proof")
@cached
def show(number: int) -> Response:
    """Show whether an entry is unchanged, and how that is checked."""
    entry = entries.entry(read_connection(), number)
    page = proof_page(services().log, _signer(), entry, this_request().now)
    return render("proof/page.html", page=page)


@blueprint.get("/s/<int:number>.tlog-proof")
def proof(number: int) -> Response:
    """Return the proof of an entry as a file, without withheld words."""
    entry = entries.entry(read_connection(), number)
    written = proof_of_event(services().log, _signer(), number, with_words=not entry.withheld)
    return data_answer(written, TEXT, file_name=f"{number}.tlog-proof")


@blueprint.get("/checkpoint")
def checkpoint() -> Response:
    """Return the current signed checkpoint of the record."""
    answer = data_answer(str(signed_checkpoint(services().log, _signer())), TEXT)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/growth")
def growth() -> Response:
    """Return the proof that the record only grew since it had ``old`` events."""
    old = this_request().query.get("old", "").strip()
    if not (old.isascii() and old.isdecimal() and len(old) <= MOST_DIGITS):
        raise Refused(NOT_A_NUMBER_OF_EVENTS, field="old", text=InQuotes(old[:MOST_DIGITS]))
    return data_answer(proof_of_growth(services().log, _signer(), int(old)), TEXT)


@blueprint.get("/tile/<level>/<path:place>")
def tile(level: str, place: str) -> Response:
    """Return the hashes of a tile of the tree, or with ``entries`` their entries.

    Neither ever changes; one that is not full is soon replaced by a fuller one.
    """
    named = read_place(place)
    found = _tile_bytes(level, *named) if named else None
    if named is None or found is None:
        raise NotFound(NO_SUCH_TILE, place=InQuotes(f"{level}/{place}"[:MOST_DIGITS]))
    answer = _entries_answer(found) if level == ENTRIES else data_answer(found, BYTES)
    answer.headers["Cache-Control"] = FOR_GOOD if named[1] == WIDTH else FOR_A_WHILE
    return answer


def _entries_answer(entries: bytes) -> Response:
    """Return entries compressed; hashes cannot be compressed."""
    answer = data_answer(
        gzip.compress(entries, PACKED, mtime=0) if takes_gzip() else entries, BYTES
    )
    answer.vary.add("Accept-Encoding")
    if takes_gzip():
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _tile_bytes(level: str, number: int, width: int) -> bytes | None:
    tree = services().log.tree()
    if level == ENTRIES:
        return tree.bundle(number, width)
    if level not in LEVELS:
        return None
    return tree.tile(Tile(int(level), number, width))


@blueprint.get("/check.py")
def program() -> Response:
    """Return the program that checks proofs offline."""
    written = Path(check.__file__).read_text(encoding="utf-8")
    return data_answer(written, "text/x-python", file_name="check.py")


@blueprint.get("/signing-keys")
def keys() -> Response:
    """Return the replacements of keys, as check.py reads them."""
    return data_answer(
        "\n".join(str(rotation.note) for rotation in rotations_in(services().log)), TEXT
    )


def _signer() -> Signer:
    # It is read each time: another process may have replaced a key.
    return signing_key(services().url, services().log)


SHORT = 16


class Rung(msgspec.Struct, frozen=True):
    """A block of events beside the path, its hash, and the combined hash.

    ``first`` and ``last`` count events from 1; ``is_before`` if they are before the path.
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
        """Tell whether all checks succeed."""
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
        words_hold=matches_commitment(*exact_parts(row[4])),
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
    return [str(tenure.key) for tenure in before]


def _rungs(index: int, size: int, leaf: bytes, path: list[bytes]) -> list[Rung]:
    """Yield the steps from a leaf to the root, as a checker takes them."""
    rungs, node, level, at = [], leaf, 0, index
    for sibling in path:
        # A block without a neighbour on its level moves up unchanged.
        while not at & 1 and (at + 1) << level >= size:
            at, level = at >> 1, level + 1
        is_before = bool(at & 1)
        node = node_hash(sibling, node) if is_before else node_hash(node, sibling)
        first = (at ^ 1) << level
        last = min(first + (1 << level), size)
        rungs.append(Rung(first + 1, last, sibling.hex()[:SHORT], node.hex()[:SHORT], is_before))
        at, level = at >> 1, level + 1
    return rungs
