"""Types of the log's rows, and a place in the log."""

from __future__ import annotations

import msgspec

EventRow = tuple[int, str, int, str, bytes]
"""Position, stream, version, type name and state."""

ChainedRow = tuple[int, str, int, str, bytes, bytes]
"""The same and its hash, which covers every row before it."""


class LogPlace(msgspec.Struct, frozen=True):
    """A place in a log: a position, and the hash of everything that was recorded up to there."""

    position: int
    chain: bytes


class StoredRow(msgspec.Struct, frozen=True):
    """One event with the exact bytes of its three parts, as the ledger and an export need them.

    ``salt`` and ``content`` are ``None`` if there never was content or it was erased.
    """

    position: int
    stream: str
    version: int
    type: str
    committed: bytes
    salt: bytes | None
    content: bytes | None
