"""The plane of the scatter: one stretch of time along both axes, so that its diagonal is a day."""

from __future__ import annotations

import msgspec

from web.chart.axis import WIDTH, Window

GUTTER = 6.0
"""Percent of the width for what was said before the time shown."""

TOP, BOTTOM = 18, 340
LATER = 28
"""Pixels of the height for what was recorded after the time shown."""

CELL = 16
"""Pixels of the finest cell, at the width for which collisions are computed."""


class Plane(msgspec.Struct, frozen=True):
    """Time from ``start`` to ``end``, in seconds, from left to right and from bottom to top.

    ``earlier`` and ``later`` tell whether there is a margin for what lies outside.
    """

    start: int
    end: int
    earlier: bool = False
    later: bool = False

    @property
    def left(self) -> float:
        """Percent of the width at which the time shown begins."""
        return GUTTER if self.earlier else 0.0

    @property
    def top(self) -> int:
        """Pixels from the top at which the time shown ends."""
        return TOP + LATER if self.later else TOP

    @property
    def bottom(self) -> int:
        """Pixels from the top at which the time shown begins."""
        return BOTTOM

    @property
    def span(self) -> int:
        """Seconds shown, at least one."""
        return max(self.end - self.start, 1)

    @property
    def columns(self) -> int:
        """How many of the finest cells fit beside each other."""
        return int((100 - self.left) / 100 * WIDTH / CELL)

    @property
    def rows(self) -> int:
        """How many of the finest cells fit above each other."""
        return (BOTTOM - self.top) // CELL

    @property
    def width(self) -> int:
        """Seconds of the finest column."""
        return self.span // self.columns + 1

    @property
    def across(self) -> Window:
        """The time from the left edge of the plot on, its margin drawn on to the left."""
        margin = int(self.span * self.left / (100 - self.left))
        return Window(self.start - margin, self.end)

    def x(self, said: int) -> float:
        """Return percent of the width for an instant."""
        if self.earlier and said < self.start:
            return GUTTER / 2
        return round(self.left + self._share(said) * (100 - self.left), 3)

    def y(self, recorded: int) -> float:
        """Return pixels from the top for an instant."""
        if self.later and recorded > self.end:
            return TOP + LATER / 2
        return round(BOTTOM - self._share(recorded) * (BOTTOM - self.top), 1)

    def row_ends(self) -> tuple[int, ...]:
        """Return the instants at which rows end, from the bottom up; a margin goes beyond them."""
        return tuple(self.start + self.span * (row + 1) // self.rows for row in range(self.rows))

    def _share(self, instant: int) -> float:
        return min(max((instant - self.start) / self.span, 0.0), 1.0)
