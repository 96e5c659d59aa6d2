"""The clock of the log: a person confirms it after a jump."""

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
    """A person confirmed that the clock is right, however far the log's last time is away.

    ``reached`` is the greatest recorded_at so far, in microseconds UTC. From now on this event's
    recorded_at takes its place.
    """

    TOPIC = "clock.confirmed"
    reached: int


class Clock(Aggregate):
    """Decides nothing; it records a confirmation."""

    def __init__(self) -> None:
        super().__init__()
        self.id = STREAM

    def confirm(self, byline: Byline, reached: int) -> None:
        """Record that the clock is right."""
        self._record(ClockConfirmed, byline, reached=reached)

    def _apply(self, event: Event) -> None:
        """Keep nothing: the log knows its last time."""
