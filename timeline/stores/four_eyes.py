"""Four eyes: whether a store takes in nothing that one person decided alone, and who said so.

It lies in the one row of the log that says which read models are live: whoever has the log has it.
"""

from __future__ import annotations

import msgspec


class FourEyesNote(msgspec.Struct, frozen=True):
    """That four eyes were asked for, or lifted: by whom, when in microseconds UTC, and why."""

    asked: bool
    by: str
    at: int
    reason: str = ""


read_notes = msgspec.json.Decoder(tuple[FourEyesNote, ...]).decode


def write_notes(notes: tuple[FourEyesNote, ...]) -> str:
    """Return notes as the store keeps them, the oldest first."""
    return msgspec.json.encode(notes).decode()
