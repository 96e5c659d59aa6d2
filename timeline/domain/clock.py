"""The clock by which events are recorded: who looked whether it is right, and said that it is."""

from __future__ import annotations

from timeline.domain.aggregate import Aggregate
from timeline.domain.event import Byline, Event
from timeline.domain.messages import Message

CLOCK_BEHIND = Message(
    "clock_behind",
    "the clock is %(seconds)s seconds behind the last entry of the log",
    fix="set this machine's clock right; if it is right, `standline clock --confirm` records that",
)
CLOCK_AHEAD = Message(
    "clock_ahead",
    "the clock is %(days)s days ahead of the last entry of the log",
    fix="set this machine's clock right; if it is right, `standline clock --confirm` records that",
)

STREAM = "clock"


class ClockConfirmed(Event, frozen=True):
    """Whoever records this saw that the clock is right, however far it is from the log's.

    ``reached`` is the greatest recorded_at before, in microseconds UTC. From here on the log goes
    by this event's.
    """

    TOPIC = "clock.confirmed"
    reached: int


class Clock(Aggregate):
    """Decides nothing: what a person saw is recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.id = STREAM

    def confirm(self, byline: Byline, reached: int) -> None:
        """Record that the clock is right."""
        self._record(ClockConfirmed, byline, reached=reached)

    def _apply(self, event: Event) -> None:
        """Keep nothing: the log knows how far it has come."""
