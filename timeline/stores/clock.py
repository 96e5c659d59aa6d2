"""The log's clock: recorded_at may lag a little, but runs back only after a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.clock import CLOCK_AHEAD, CLOCK_BEHIND, ClockConfirmed
from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.domain.event import Event

DAY = 86_400 * MICROSECONDS

TOLERANCE = 60 * MICROSECONDS
"""How far a writer's clock may be behind the latest one in the log."""

LEAP = 90 * DAY
"""How far it may be ahead of the log before somebody must confirm it."""

Stamp = tuple[int, bool]
"""An event's recorded_at in microseconds, and whether it says that the clock is right."""


class Rises(msgspec.Struct):
    """The rises of the running maximum of recorded_at: (index of the event, new maximum).

    ``confirmed`` is the earliest instant at which the clock was confirmed. Events that a clock
    ahead of it recorded before count as known from then on.
    """

    found: list[tuple[int, int]]
    reached: int
    confirmed: int | None = None


def stamp_of(event: Event) -> Stamp:
    """Return the stamp of an event for the log's clock."""
    return event.recorded_at, isinstance(event, ClockConfirmed)


def rises(reached: int, stamps: Iterable[Stamp]) -> Rises:
    """Return the rises of the running maximum, which is ``reached`` so far.

    Raises `Refused` for a stamp too far behind it.
    """
    rise = Rises([], reached)
    for index, (stamp, confirms) in enumerate(stamps):
        if confirms:
            _confirm(rise, index, stamp)
        elif stamp > rise.reached:
            rise.found.append((index, stamp))
            rise.reached = stamp
        elif stamp < rise.reached - TOLERANCE:
            behind = (rise.reached - stamp) // MICROSECONDS
            raise Refused(CLOCK_BEHIND, field="recorded_at", seconds=behind)
    return rise


def check_leap(reached: int, stamps: Iterable[Stamp]) -> None:
    """Raise `Refused` for a first stamp so far ahead that right ones would be refused afterwards.

    ``reached`` is the latest instant in the log.
    """
    stamp, confirms = next(iter(stamps), (reached, True))
    if not confirms and stamp > reached + LEAP:
        raise Refused(CLOCK_AHEAD, field="recorded_at", days=(stamp - reached) // DAY)


def _confirm(rise: Rises, index: int, stamp: int) -> None:
    later = [at for at, reached in rise.found if reached >= stamp]
    rise.found = [item for item in rise.found if item[1] < stamp]
    rise.found.append((min(later, default=index), stamp))
    rise.reached = stamp
    rise.confirmed = stamp if rise.confirmed is None else min(rise.confirmed, stamp)
