"""The keys by which the record is signed: when one took the place of another."""

from __future__ import annotations

from timeline.domain.aggregate import Aggregate
from timeline.domain.event import Byline, Event

STREAM = "ledger"


class KeyRotated(Event, frozen=True):
    """Checkpoints are signed by another key from here on.

    ``note`` says which key took the place of which, signed by both; by the new one alone where the
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
        """Record that another key signs from here on."""
        self._record(KeyRotated, byline, note=note)

    def _apply(self, event: Event) -> None:
        """Keep nothing: whoever needs the keys reads the notes."""
