"""Checkpoints: the signed size and root of the log (C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
import binascii

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.ledger.merkle import HASH_BYTES
from timeline.ledger.notes import Note, Signer, read_note

NOT_A_CHECKPOINT = Message(
    "not_a_checkpoint",
    "this is not a checkpoint: %(why)s",
    fix="give one that standline checkpoint or the site's log page wrote",
)

LEAST_LINES = 3
MOST_DIGITS = 18


class Checkpoint(msgspec.Struct, frozen=True):
    """``origin`` names the log, ``size`` counts its events, ``root`` is the hash over all."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The signed text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> Note:
        """Return the checkpoint signed by a key."""
        return signer.sign(self.text)


def read_checkpoint(written: str) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint; raises `Refused` for anything else.

    It does not check the signatures of the returned note. Further lines below the three are kept in
    the note and mean nothing here.
    """
    note = read_note(written)
    lines = note.text.splitlines()
    if len(lines) < LEAST_LINES or not all(lines[:LEAST_LINES]):
        raise Refused(NOT_A_CHECKPOINT, why="it has no three lines of origin, size and root")
    origin, size, root = lines[:LEAST_LINES]
    if not _is_count(size):
        raise Refused(NOT_A_CHECKPOINT, why="its second line is not a number of events")
    try:
        decoded = base64.b64decode(root, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != HASH_BYTES:
        raise Refused(NOT_A_CHECKPOINT, why="its third line is not a hash of 32 bytes in base64")
    return Checkpoint(origin, int(size), decoded), note


def _is_count(text: str) -> bool:
    is_number = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return is_number and (text == "0" or not text.startswith("0"))
