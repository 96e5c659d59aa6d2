"""Proofs as files: of one event (C2SP tlog-proof), and of a log's growth (as C2SP tlog-witness).

Both end with a checkpoint, so that either is checked offline, with a key and nothing else.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import msgspec

from timeline.ledger.leaf import entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.ledger.notes import Note

HEADER = "c2sp.org/tlog-proof@v1"


class ProvenEvent(msgspec.Struct, frozen=True):
    """An event as the log keeps it; salt and words are ``None`` where they were erased."""

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
        """All that shows the words and makes the leaf anew: JSON, bytes in base64."""
        fields = msgspec.to_builtins(self)
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def proof_file(event: ProvenEvent, index: int, proof: Iterable[bytes], checkpoint: Note) -> str:
    """Return the proof that an event is the leaf ``index`` (from 0) under a checkpoint."""
    lines = [HEADER, f"extra {_base64(event.packed.encode())}", f"index {index}"]
    return "\n".join([*lines, *map(_base64, proof)]) + f"\n\n{checkpoint}"


def growth_file(old: int, proof: Iterable[bytes], checkpoint: Note) -> str:
    """Return the proof that the first ``old`` events under a checkpoint are those of an older one.

    It is also what a witness is asked to sign.
    """
    return "\n".join([f"old {old}", *map(_base64, proof)]) + f"\n\n{checkpoint}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
