"""Rotations of the key that signs the record."""

from __future__ import annotations

from timeline.domain.aggregate import Aggregate
from timeline.domain.event import Byline, Event

STREAM = "ledger"


class KeyRotated(Event, frozen=True):
    """Checkpoints are signed by another key from here on.

    ``note`` names the old and the new key and is signed by both, or by the new one alone if the
    old one was lost (see `timeline.ledger.rotations`).
    """

    TOPIC = "ledger.key_rotated"
    note: str


class Ledger(Aggregate):
    """Decides nothing: the note proves itself."""

    def __init__(self) -> None:
        super().__init__()
        self.id = STREAM

    def rotate(self, byline: Byline, note: str) -> None:
        """Record that another key signs from now on."""
        self._record(KeyRotated, byline, note=note)

    def _apply(self, event: Event) -> None:
        """Keep nothing: the keys are in the notes."""
