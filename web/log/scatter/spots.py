"""Cells brought together, so that few enough marks are drawn and none covers another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.domain.position import MIXED
from timeline.projections.queries.said_known import Box
from web.chart import text
from web.chart.axis import WIDTH
from web.chart.calendar import noon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.said_known import Cell
    from web.log.scatter.plane import Plane

MOST = 80
"""Marks of one picture; with everything around them they stay below 900 elements."""

RADIUS, TALL = 7, 15
"""Pixels from the middle of a mark to its side, and those that a mark or a number is high."""

PILL, PAD = 10.5, 11
"""Pixels of the type of a number, and beside it."""

Place = tuple[int, int]


class Spot(msgspec.Struct, frozen=True):
    """The statements of a rectangle of cells, which holds no others.

    ``stance`` is what all of them say, or ``mixed``; ``recorded`` are instants in seconds.
    """

    low: Place
    high: Place
    count: int
    box: Box
    recorded: tuple[int, int]
    stance: int | str | None
    stated: bool

    @property
    def places(self) -> list[Place]:
        """The cells of its rectangle."""
        (left, bottom), (right, top) = self.low, self.high
        return [(x, y) for x in range(left, right + 1) for y in range(bottom, top + 1)]

    @property
    def neighbourhood(self) -> list[Place]:
        """The cells of its rectangle and those around it."""
        (left, bottom), (right, top) = self.low, self.high
        return [(x, y) for x in range(left - 1, right + 2) for y in range(bottom - 1, top + 2)]

    @property
    def pill(self) -> float:
        """Pixels that the number of its statements takes; none for one alone."""
        return 0.0 if self.count == 1 else round(text.width(str(self.count), PILL) + PAD, 1)

    def at(self, plane: Plane) -> tuple[float, float]:
        """Return where its middle is drawn: percent of the width, pixels from the top."""
        first, last = map(noon, self.box.said)
        x = (plane.x(first) + plane.x(last)) / 2
        y = (plane.y(self.recorded[0]) + plane.y(self.recorded[1])) / 2
        return round(x, 3), round(y, 1)


def gather(cells: Iterable[Cell], plane: Plane, recorded_at: dict[int, int]) -> list[Spot]:
    """Return at most as many spots as can be drawn; times of log positions in microseconds."""
    finest = [_spot(cell, plane, recorded_at) for cell in cells]
    size, spots = 1, _coarse(finest, plane, 1)
    while len(spots) > MOST:
        size += 1
        spots = _coarse(finest, plane, size)
    return _apart(spots, plane)


def _spot(cell: Cell, plane: Plane, recorded_at: dict[int, int]) -> Spot:
    place = min(cell.column, plane.columns), cell.row
    first, last = (recorded_at[number] // MICROSECONDS for number in cell.box.numbers)
    return Spot(place, place, cell.count, cell.box, (first, last), cell.stance, cell.stated)


def _coarse(spots: list[Spot], plane: Plane, size: int) -> list[Spot]:
    """Bring cells together that share a larger one; the margins stay what they are."""
    found: dict[Place, Spot] = {}
    for one in spots:
        column, row = one.low
        x = column if column < 0 else column // size
        y = row // size if row < plane.rows else plane.rows
        there = found.get((x, y))
        here = msgspec.structs.replace(one, low=(x, y), high=(x, y))
        found[x, y] = _together(there, here) if there else here
    return list(found.values())


def _together(one: Spot, other: Spot) -> Spot:
    return Spot(
        low=(min(one.low[0], other.low[0]), min(one.low[1], other.low[1])),
        high=(max(one.high[0], other.high[0]), max(one.high[1], other.high[1])),
        count=one.count + other.count,
        box=Box(_hull(one.box.said, other.box.said), _hull(one.box.numbers, other.box.numbers)),
        recorded=_hull(one.recorded, other.recorded),
        stance=one.stance if one.stance == other.stance else MIXED,
        stated=one.stated,
    )


def _hull(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _apart(spots: list[Spot], plane: Plane) -> list[Spot]:
    """Bring spots together that touch, in rounds of pairs, until none does."""
    while len(fewer := _paired(spots, plane)) < len(spots):
        spots = fewer
    return spots


def _paired(spots: list[Spot], plane: Plane) -> list[Spot]:
    at = {place: spot for spot in spots for place in spot.places}
    pairs: set[Spot] = set()
    for start in sorted(at):
        if at[start] not in pairs and (both := _pair(at, pairs, at[start], plane)):
            pairs.add(both)
            at |= dict.fromkeys(both.places, both)
    return list(dict.fromkeys(at.values()))


def _pair(at: dict[Place, Spot], pairs: set[Spot], here: Spot, plane: Plane) -> Spot | None:
    """Return a spot with one that touches it, where the rectangle around both holds no other."""
    for near in filter(None, map(at.get, here.neighbourhood)):
        if near != here and near not in pairs and _touch(here, near, plane):
            both = _together(here, near)
            if all(at.get(place, here) in (here, near) for place in both.places):
                return both
    return None


def _touch(one: Spot, other: Spot, plane: Plane) -> bool:
    (x, y), (other_x, other_y) = one.at(plane), other.at(plane)
    wide = sum(max(RADIUS, spot.pill / 2) for spot in (one, other))
    return abs(x - other_x) / 100 * WIDTH < wide and abs(y - other_y) < TALL
