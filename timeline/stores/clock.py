"""The log's clock: recorded_at may stumble a little, but it never runs backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

CLOCK_BEHIND = Message(
    "clock_behind",
    "the clock is %(seconds)s seconds behind the last entry of the log",
    fix="set this machine's clock right",
)

TOLERANCE = 60_000_000
"""Microseconds that a writer's clock may be behind the latest one in the log."""


def rises(reached: int, stamps: Iterable[int]) -> list[tuple[int, int]]:
    """Return where the running maximum of recorded_at rises: (index of the event, new maximum).

    ``reached`` is the maximum so far. Raises `Refused` for a stamp too far behind it.
    """
    found = []
    for index, stamp in enumerate(stamps):
        if stamp > reached:
            found.append((index, stamp))
            reached = stamp
        elif stamp < reached - TOLERANCE:
            behind = (reached - stamp) // 1_000_000
            raise Refused(CLOCK_BEHIND, field="recorded_at", seconds=behind)
    return found
