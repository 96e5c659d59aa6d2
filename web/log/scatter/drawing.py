"""What the template draws of a scatter: x in percent of the plot, y in pixels."""

from __future__ import annotations

import msgspec

from web.chart.drawing import Mark, Tick


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """The statements of a cell: the mark of one alone, a disc that tells by its area of several."""

    x: float
    y: float
    sentence: str
    href: str
    count: int = 1
    radius: float = 0
    mark: Mark | None = None
    neutral: bool = False


class Cut(msgspec.Struct, frozen=True):
    """A moment as a dashed line: across at ``y`` where something was known, upright at ``x``."""

    text: str
    x: float | None = None
    y: float | None = None


class Scatter(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture; ``diagonal`` has both ends of the line of what was recorded when said."""

    sentence: str
    notes: tuple[str, ...]
    list_href: str
    count: int
    neutral: bool
    top: int
    bottom: int
    columns: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    diagonal: tuple[float, float, float, float] | None
    cuts: tuple[Cut, ...]
    points: tuple[Point, ...]
