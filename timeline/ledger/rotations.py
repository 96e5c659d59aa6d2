"""Keys that took each other's place: notes that each of them signs, and what follows from them.

A note has four lines: ``standline-key/v1``, the old key and the new one as they are published, and
how many events the record had. A checkpoint of more events than that is the new key's to sign.
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
    """``new`` took the place of ``old`` when the record had ``size`` events."""

    old: Verifier
    new: Verifier
    size: int
    note: Note

    @property
    def is_handed_on(self) -> bool:
        """Tell whether the old key vouches for the new one, and the new one took over."""
        return self.old.signed(self.note) and self.new.signed(self.note)


class Tenure(msgspec.Struct, frozen=True):
    """A key, and how many events a checkpoint may have that it signs; None for any number."""

    key: Verifier
    until: int | None = None

    def signed(self, note: Note, size: int) -> bool:
        """Tell whether it signed a checkpoint of so many events, and might."""
        return (self.until is None or size <= self.until) and self.key.signed(note)


def rotation(old: Signer | None, was: Verifier, new: Signer, size: int) -> Note:
    """Return the note by which a key takes the place of another; a lost one signs nothing."""
    text = f"{HEAD}\n{was}\n{new.verifier}\n{size}\n"
    signers = [signer for signer in (old, new) if signer is not None]
    return Note(text, tuple(made for signer in signers for made in signer.sign(text).signatures))


def read_rotation(written: str) -> Rotation:
    """Read such a note; raises `Refused` for what is none. Whether it holds it says itself."""
    note = read_note(written)
    lines = note.text.splitlines()
    if len(lines) != LINES or lines[0] != HEAD or not _is_number(lines[3]):
        raise Refused(NOT_A_ROTATION)
    return Rotation(read_verifier(lines[1]), read_verifier(lines[2]), int(lines[3]), note)


def tenures(key: Verifier, rotations: Iterable[Rotation]) -> list[Tenure]:
    """Return the keys that vouch for each other before and after one, in their order.

    ``rotations`` are in the order of the log; what does not hold leads to no further key.
    """
    known = [one for one in rotations if one.is_handed_on]
    return [*_before(key, known), *_since(key, known)]


def _before(key: Verifier, known: Sequence[Rotation]) -> list[Tenure]:
    found: list[Tenure] = []
    for one in reversed(known):
        if one.new == key:
            found.append(Tenure(one.old, one.size))
            key = one.old
    return found[::-1]


def _since(key: Verifier, known: Sequence[Rotation]) -> list[Tenure]:
    found = []
    for one in known:
        if one.old == key:
            found.append(Tenure(key, one.size))
            key = one.new
    return [*found, Tenure(key)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
