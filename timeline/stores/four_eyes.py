"""Four eyes: whether a store demands a second person for each decision, and who set that.

It is stored with the log, in the row that names the live read models.
"""

from __future__ import annotations

import msgspec


class FourEyesNote(msgspec.Struct, frozen=True):
    """Four eyes were demanded, or lifted: by whom, when (in microseconds UTC), and why."""

    asked: bool
    by: str
    at: int
    reason: str = ""


read_notes = msgspec.json.Decoder(tuple[FourEyesNote, ...]).decode


def write_notes(notes: tuple[FourEyesNote, ...]) -> str:
    """Return notes as the store holds them, the oldest first."""
    return msgspec.json.encode(notes).decode()
