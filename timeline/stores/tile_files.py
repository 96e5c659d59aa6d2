"""Writes the ledger's tree and its entries as files for any web server (tlog-tiles)."""

from __future__ import annotations

import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.ledger.checkpoints import read_checkpoint
from timeline.ledger.tiles import WIDTH, bundle_path, tiles_of
from timeline.stores.evidence import signed_tree
from timeline.stores.progress import OnProgress, silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timeline.ledger.notes import Signer
    from timeline.ledger.tiles import Tile
    from timeline.stores.log import EventLog
    from timeline.stores.tree import StoredTree

TILES_OF_ANOTHER = Message(
    "tiles_of_another",
    "the tiles in %(folder)s are not of this record, or not of its beginning",
    fix="name another folder",
)
CHECKPOINT = "checkpoint"


class TilesWritten(msgspec.Struct, frozen=True):
    """The number of files written, and of events in the tree."""

    files: int
    size: int


def write_tiles(
    log: EventLog, signer: Signer, folder: Path, on_progress: OnProgress = silent
) -> TilesWritten:
    """Write missing tiles and entries, and last a checkpoint of all of them.

    Files in the folder stay, except for partial tiles that are full now. Raises `Refused` if the
    folder has those of another record, or the log is empty.
    """
    tree = log.tree()
    note = signed_tree(tree, signer)
    _check_own(folder, tree, signer.name)
    written = 0
    for tile in tiles_of(tree.size):
        written += _write(folder, tree, tile)
        if not tile.level:
            on_progress("writing", tile.number * WIDTH + tile.width, tree.size)
    _put(folder / CHECKPOINT, str(note).encode())
    return TilesWritten(written + 1, tree.size)


def _check_own(folder: Path, tree: StoredTree, origin: str) -> None:
    there = folder / CHECKPOINT
    if not there.exists():
        return
    checkpoint, _ = read_checkpoint(there.read_text(encoding="utf-8", errors="replace"))
    begins = checkpoint.size <= tree.size and tree.root(checkpoint.size) == checkpoint.root
    if checkpoint.origin != origin or not begins:
        raise Refused(TILES_OF_ANOTHER, folder=InQuotes(str(folder)))


def _write(folder: Path, tree: StoredTree, tile: Tile) -> int:
    """Write a tile, and at level 0 its entries; return the number of new files."""
    files: dict[str, Callable[[], bytes | None]] = {tile.path: partial(tree.tile, tile)}
    if not tile.level:
        entries = partial(tree.bundle, tile.number, tile.width)
        files[bundle_path(tile.number, tile.width)] = entries
    missing = {path: read for path, read in files.items() if not (folder / path).exists()}
    for path, read in missing.items():
        _put(folder / path, read() or b"")
        if tile.width == WIDTH:
            shutil.rmtree(folder / f"{path}.p", ignore_errors=True)
    return len(missing)


def _put(path: Path, data: bytes) -> None:
    """Write a file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    aside.replace(path)
