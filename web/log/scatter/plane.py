"""The plane of the scatter: said on from left to right, recorded on from bottom to top."""

from __future__ import annotations

import msgspec

from timeline.projections.queries.said_known import Ends
from web.chart import axis
from web.chart.axis import Window
from web.chart.drawing import Tick
from web.chart.wording import Wording

COLUMNS, ROWS = 24, 10
"""Cells beside and above each other; each has one mark."""

TOP, CELL = 18, 28
"""Pixels from the top, and the height of a cell."""

BOTTOM = TOP + ROWS * CELL

DAY = 86_400
PAD = 0.05
"""Share of the time of the record that is drawn before and after it."""


class Plane(msgspec.Struct, frozen=True):
    """What was said and what was recorded in a stretch of time each."""

    said: Window
    known: Window

    @property
    def diagonal(self) -> tuple[float, float, float, float] | None:
        """Where both axes show the same instant, from end to end; nothing if they never do."""
        begin, end = max(self.said.start, self.known.start), min(self.said.end, self.known.end)
        if begin >= end:
            return None
        return self.said.x(begin), self.y(begin), self.said.x(end), self.y(end)

    def row_ends(self) -> list[int]:
        """Return the instants at which rows end, but the last, from the bottom up."""
        return [self.known.start + self.known.span * row // ROWS for row in range(1, ROWS)]

    def y(self, instant: int) -> float:
        """Return pixels from the top for an instant."""
        return _height(self.known.x(instant))

    def rows(self, words: Wording) -> tuple[Tick, ...]:
        """Return the dates up the side, ``x`` being their height."""
        found = axis.ticks(self.known, words)
        return tuple(msgspec.structs.replace(one, x=_height(one.x)) for one in found)


def plane_of(said: Window, ends: Ends) -> Plane:
    """Return the plane of what was said in a stretch of time and was ever recorded."""
    first, last = ends.recorded
    pad = max(int((last - first) * PAD), DAY // 2)
    return Plane(said, Window(first - pad, last + pad))


def _height(percent: float) -> float:
    return round(BOTTOM - percent / 100 * (BOTTOM - TOP), 1)
