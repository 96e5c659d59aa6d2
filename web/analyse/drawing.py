"""Charts as the template draws them: x in percent of the plot, y in pixels."""

from __future__ import annotations

import msgspec

from web.chart.drawing import Tick

TOP, BOTTOM = 8, 48
"""Pixels from the top of a lane to the greatest and the least value."""

LANE, ROW = 56, 28
"""Pixels of a lane with a line, and of a row with bands."""


class Line(msgspec.Struct, frozen=True):
    """A line between two moments; ``is_silent`` if nothing was said during it, nor after."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_silent: bool = False


class Dot(msgspec.Struct, frozen=True):
    """A value at a moment, and in words."""

    x: float
    y: float
    text: str


class Band(msgspec.Struct, frozen=True):
    """A stretch of time with one stance, or the share of actors who hold it; ``label`` is inside.

    ``tier`` hides its mark on narrow screens; ``is_marked`` if there is ever room for a mark.
    """

    x: float
    width: float
    step: str
    text: str
    label: str = ""
    tier: str = ""
    is_marked: bool = True


class Head(msgspec.Struct, frozen=True):
    """The heading of a lane: a text, perhaps a link; ``noun`` has its language."""

    text: str
    href: str = ""
    noun: msgspec.Struct | None = None


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a picture: a line with dots, or bands; ``value`` stands at its end."""

    heads: tuple[Head, ...]
    sentence: str
    value: str = ""
    note: str = ""
    neutral: bool = False
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    bands: tuple[Band, ...] = ()


class Lanes(msgspec.Struct, frozen=True, kw_only=True):
    """Lanes above each other with one axis; ``scale`` names the top and the bottom of a line."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...] = ()
    scale: tuple[str, str] = ("", "")
    left_out: int = 0
    kind: str = "lines"

    @property
    def falls_silent(self) -> bool:
        """Tell whether a line goes on after the last statement of its lane."""
        return any(line.is_silent for lane in self.lanes for line in lane.lines)


class Node(msgspec.Struct, frozen=True):
    """An actor of a network; its name is on its outer side."""

    x: float
    y: float
    radius: float
    name: str
    href: str
    text: str
    is_left: bool
    noun: msgspec.Struct


class Tie(msgspec.Struct, frozen=True):
    """A line between two actors, dashed for conflict."""

    line: Line
    width: float
    is_conflict: bool
    text: str


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Actors around a ring, ordered by shared positions, and their ties."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    height: int
    left_out: int = 0
    ties_left_out: int = 0
    kind: str = "network"


class Column(msgspec.Struct, frozen=True):
    """The changes of a period: places in percent, heights in pixels; ``text`` counts in words."""

    x: float
    width: float
    moved: float
    first: float
    text: str


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Changes over time: changes of position above the line, first positions below."""

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    kind: str = "columns"
