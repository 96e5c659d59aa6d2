"""What the template draws of a scatter: x in percent of the plot, y in pixels."""

from __future__ import annotations

import msgspec

from web.chart.drawing import Label, Mark, Tick


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One statement or several: the mark, unless they differ, and ``pill`` pixels of a number.

    ``radius`` is that of the spot which tells how many they are where the number has no room.
    ``drop`` is the height of the diagonal below what was found ``late`` days after it was said.
    """

    x: float
    y: float
    sentence: str
    href: str
    count: int = 1
    mark: Mark | None = None
    neutral: bool = False
    radius: float = 0
    pill: float = 0
    pill_dx: float = 0
    pill_y: float = 0
    drop: float | None = None
    late: tuple[int, int] | None = None
    name: str = ""

    @property
    def pill_middle(self) -> float:
        """Pixels from the point to the middle of its number."""
        return round(self.pill_dx + self.pill / 2, 1)


class Cut(msgspec.Struct, frozen=True):
    """A moment as a dashed line: across at ``y`` where something was known, upright at ``x``."""

    text: str
    x: float | None = None
    y: float | None = None


class Diagonal(msgspec.Struct, frozen=True):
    """Where what was recorded the day it was said would stand, from end to end."""

    x: float
    y: float
    end_x: float
    end_y: float


class Scatter(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture; ``left`` and ``top`` are where margins for what lies outside end."""

    sentence: str
    notes: tuple[str, ...]
    list_href: str
    count: int
    neutral: bool
    left: float
    top: int
    earlier: bool
    later: bool
    side: int
    columns: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    diagonal: Diagonal | None
    cuts: tuple[Cut, ...]
    labels: tuple[Label, ...]
    points: tuple[Point, ...]
    bottom: int
    height: int
