"""The two axes of the scatter: dates along the bottom and up the side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from web.chart import axis, text
from web.chart.axis import Window
from web.chart.drawing import Tick

if TYPE_CHECKING:
    from web.chart.wording import Wording
    from web.log.scatter.plane import Plane

APART = 16
"""Pixels between two dates of the side."""

BESIDE = 12
NARROWEST = 44
"""Pixels between the dates of the side and the plot, and of the side at least."""


def columns(plane: Plane, words: Wording) -> tuple[Tick, ...]:
    """Return the dates along the bottom; none in the margin."""
    return tuple(one for one in axis.ticks(plane.across, words) if one.x >= plane.left)


def rows(plane: Plane, words: Wording) -> tuple[Tick, ...]:
    """Return the dates up the side, ``x`` being their height; those that fit have a label."""
    if plane.flat:
        day = words.day(day_of((plane.since + plane.until) // 2), "yMMMd")
        return (Tick(plane.y(plane.since), day, big=False),)
    free = float(plane.bottom)
    found = []
    for tick in axis.ticks(Window(plane.since, plane.until), words):
        y = round(plane.bottom - tick.x / 100 * (plane.bottom - plane.top), 1)
        fits = bool(tick.label) and y <= free
        found.append(msgspec.structs.replace(tick, x=y, label=tick.label * fits))
        free = y - APART if fits else free
    return tuple(found)


def side(rows: tuple[Tick, ...], *more: str) -> int:
    """Return how many pixels the dates of the side take."""
    labels = [one.label for one in rows] + list(more)
    widest = max((text.width(label, axis.AXIS) for label in labels), default=0)
    return max(int(widest) + BESIDE, NARROWEST)
