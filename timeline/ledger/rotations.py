"""Rotations: signed notes by which one key replaces another.

A note has four lines: ``standline-key/v1``, the old key and the new one as published, and the
number of events in the record. Checkpoints of more events must be signed by the new key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.ledger.notes import Note, Signer, Verifier, read_note, read_verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOT_A_ROTATION = Message(
    "not_a_rotation",
    "this does not say which key took the place of which",
    fix="give it as the site or standline key --all gave it",
)

HEAD = "standline-key/v1"
LINES = 4
MOST_DIGITS = 18


class Rotation(msgspec.Struct, frozen=True):
    """``new`` replaced ``old`` when the record had ``size`` events."""

    old: Verifier
    new: Verifier
    size: int
    note: Note

    @property
    def is_handed_on(self) -> bool:
        """Tell whether both the old key and the new one signed the note."""
        return self.old.signed(self.note) and self.new.signed(self.note)


class Tenure(msgspec.Struct, frozen=True):
    """A key, and the largest checkpoint that it may sign; ``None`` for any size."""

    key: Verifier
    until: int | None = None

    def signed(self, note: Note, size: int) -> bool:
        """Tell whether it signed a checkpoint of that size, and was allowed to."""
        return (self.until is None or size <= self.until) and self.key.signed(note)


def rotation(old: Signer | None, old_key: Verifier, new: Signer, size: int) -> Note:
    """Return the note by which a key replaces another; a lost old key (``None``) does not sign."""
    text = f"{HEAD}\n{old_key}\n{new.verifier}\n{size}\n"
    signers = [signer for signer in (old, new) if signer is not None]
    return Note(
        text, tuple(signature for signer in signers for signature in signer.sign(text).signatures)
    )


def read_rotation(written: str) -> Rotation:
    """Read such a note; raises `Refused` for anything else. It does not check the signatures."""
    note = read_note(written)
    lines = note.text.splitlines()
    if len(lines) != LINES or lines[0] != HEAD or not _is_number(lines[3]):
        raise Refused(NOT_A_ROTATION)
    return Rotation(read_verifier(lines[1]), read_verifier(lines[2]), int(lines[3]), note)


def tenures(key: Verifier, rotations: Iterable[Rotation]) -> list[Tenure]:
    """Return the tenures of a key, its predecessors and its successors, in order.

    ``rotations`` are in the order of the log; those with invalid signatures are ignored.
    """
    valid = [rotation for rotation in rotations if rotation.is_handed_on]
    return [*_before(key, valid), *_since(key, valid)]


def _before(key: Verifier, rotations: Sequence[Rotation]) -> list[Tenure]:
    earlier: list[Tenure] = []
    for rotation in reversed(rotations):
        if rotation.new == key:
            earlier.append(Tenure(rotation.old, rotation.size))
            key = rotation.old
    return earlier[::-1]


def _since(key: Verifier, rotations: Sequence[Rotation]) -> list[Tenure]:
    later = []
    for rotation in rotations:
        if rotation.old == key:
            later.append(Tenure(key, rotation.size))
            key = rotation.new
    return [*later, Tenure(key)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
