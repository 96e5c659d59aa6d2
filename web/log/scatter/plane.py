"""The plane of the scatter: said on from left to right, recorded on from bottom to top."""

from __future__ import annotations

import msgspec

from web.chart.axis import WIDTH, Window

GUTTER = 6.0
"""Percent of the width for what was said before the time shown."""

TOP, HEIGHT, FLAT = 18, 322, 40
"""Pixels from the top, and those of the plot, or of one in which everything has one height."""

LATER = 28
"""Pixels of the height for what was recorded after the time shown."""

CELL = 16
"""Pixels of the finest cell, at the width for which collisions are computed."""


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    """What was said from ``start`` to ``end`` and recorded from ``since`` to ``until``, in seconds.

    ``earlier`` and ``later`` tell whether there is a margin for what lies outside; ``flat`` is a
    plane in which everything was recorded on one day.
    """

    start: int
    end: int
    since: int
    until: int
    earlier: bool = False
    later: bool = False
    flat: bool = False

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
        return TOP + (FLAT if self.flat else HEIGHT)

    @property
    def columns(self) -> int:
        """How many of the finest cells fit beside each other."""
        return int((100 - self.left) / 100 * WIDTH / CELL)

    @property
    def rows(self) -> int:
        """How many of the finest cells fit above each other."""
        return 1 if self.flat else (self.bottom - self.top) // CELL

    @property
    def width(self) -> int:
        """Seconds of the finest column."""
        return max(self.end - self.start, 1) // self.columns + 1

    @property
    def across(self) -> Window:
        """The time from the left edge of the plot on, its margin drawn on to the left."""
        margin = int((self.end - self.start) * self.left / (100 - self.left))
        return Window(self.start - margin, self.end)

    @property
    def diagonal(self) -> tuple[int, int] | None:
        """The instants from which and up to which both axes show the same day, if any are."""
        begin, end = max(self.start, self.since), min(self.end, self.until)
        return None if self.flat or begin >= end else (begin, end)

    def x(self, said: int) -> float:
        """Return percent of the width for an instant."""
        if self.earlier and said < self.start:
            return GUTTER / 2
        return round(self.left + _share(said, self.start, self.end) * (100 - self.left), 3)

    def y(self, recorded: int) -> float:
        """Return pixels from the top for an instant."""
        if self.flat:
            return TOP + FLAT / 2
        if self.later and recorded > self.until:
            return TOP + LATER / 2
        height = self.bottom - self.top
        return round(self.bottom - _share(recorded, self.since, self.until) * height, 1)

    def row_ends(self) -> tuple[int, ...]:
        """Return the instants at which rows end, from the bottom up; a margin goes beyond them."""
        span = self.until - self.since
        return tuple(self.since + span * (row + 1) // self.rows for row in range(self.rows))


def _share(instant: int, begin: int, end: int) -> float:
    return min(max((instant - begin) / max(end - begin, 1), 0.0), 1.0)
