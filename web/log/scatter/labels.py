"""Words inside the picture: the moments compared, and what was found later, where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart.drawing import Label, Riser, Segment
from web.chart.room import Box, Obstacles, fit
from web.i18n.translate import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.log.scatter.drawing import Cut, Point
    from web.log.scatter.plane import Plane

BESIDE, LINE = 13, 14
"""Pixels from a mark to its words, and from line to line."""

MOST = 8
"""Finds that are named; the marks tell of the others."""

LIFT, DROP = -5, 14
"""Pixels from a dashed line to the words above and below it."""


class Around(Obstacles, frozen=True):
    """What no words may cover: marks, numbers, and upright and level lines."""

    points: tuple[Point, ...]

    def boxes(self, width: float) -> Iterator[Box]:
        """Return them as rectangles at a plot width."""
        yield from super().boxes(width)
        for one in self.points:
            x = one.x / 100 * width
            yield Box(x - 8, one.y - 8, x + 8, one.y + 8)
            if one.pill:
                left = x + one.pill_dx
                yield Box(left, one.pill_y, left + one.pill, one.pill_y + 15)


def labels(plane: Plane, points: tuple[Point, ...], cuts: tuple[Cut, ...]) -> tuple[Label, ...]:
    """Return the words that fit: the moments first, then the latest finds."""
    uprights = [Riser(p.x, p.y, p.drop) for p in points if p.drop is not None]
    uprights += [Riser(c.x, plane.top, plane.bottom) for c in cuts if c.x is not None]
    levels = [_level(cut.y) for cut in cuts if cut.y is not None]
    around = Around((), tuple(uprights), tuple(levels), (), 100, points)
    late = sorted((p for p in points if p.late), key=lambda p: p.late or (0, 0), reverse=True)
    wanted = [_of_cut(plane, cut) for cut in cuts] + [_of_find(plane, p) for p in late[:MOST]]
    return fit(wanted, around)


def _level(y: float) -> Segment:
    return Segment("", 0, 100, y, y, 0, band=False)


def _of_cut(plane: Plane, cut: Cut) -> list[Label]:
    if cut.y is not None:
        ends = ((100.0, -4, "end"), (plane.left, 4, "start"))
        return [
            Label(x, dx, cut.y + dy, cut.text, anchor, "chart-note")
            for x, dx, anchor in ends
            for dy in (LIFT, DROP)
        ]
    x = cut.x or 0.0
    rows = (plane.top + LINE, plane.bottom - LINE)
    return [
        Label(x, dx, y, cut.text, anchor, "chart-note")
        for dx, anchor in ((6, "start"), (-6, "end"))
        for y in rows
    ]


def _of_find(plane: Plane, point: Point) -> list[Label]:
    lines = (point.y + 4, point.y + LINE + 5, point.y - LINE)
    inside = [y for y in lines if plane.top < y < plane.bottom - LINE]
    note = found_later(*(point.late or (0, 0)))
    return [
        Label(
            point.x,
            dx,
            round(y, 1),
            point.name,
            anchor,
            "change-label",
            "",
            note,
            round(y + LINE, 1),
        )
        for y in inside
        for dx, anchor in ((BESIDE, "start"), (-BESIDE, "end"))
    ]


def found_later(least: int, most: int) -> str:
    """Return by how many days something was found later, in words."""
    if least == most:
        return ngettext("found %(num)d day later", "found %(num)d days later", most)
    return gettext("found %(least)d to %(most)d days later", least=least, most=most)
