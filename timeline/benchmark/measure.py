"""One measure: what something takes beside its floor."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable


class Effort(msgspec.Struct, frozen=True):
    """How much is done for a measure.

    Everything is done in so many ``rounds``, of which the quickest counts; of the pages that
    readers ask for in one, they ask for ``one_in`` so many.
    """

    rounds: int = 3
    one_in: int = 1


THOROUGH, QUICK = Effort(), Effort(rounds=1, one_in=4)


class Measure(msgspec.Struct, frozen=True):
    """What something takes beside its floor, both in one unit, and how many it was done to."""

    name: str
    floor_is: str
    number: int
    takes: float
    floor_takes: float
    unit: Literal["seconds", "bytes"] = "seconds"

    @property
    def ratio(self) -> float:
        """How many times its floor it takes."""
        return self.takes / self.floor_takes


def processor_seconds(do: Callable[..., object], *args: object) -> float:
    """Return the seconds of the processor that something takes, whatever else the machine does."""
    began = time.process_time()
    do(*args)
    return time.process_time() - began


def seconds(do: Callable[..., object], *args: object, **how: object) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    do(*args, **how)
    return time.perf_counter() - began
