"""Move the signs of one lane apart until none covers another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from web.chart.spots import RING, join_spots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.spots import Spot

AWAY = 20
"""The most pixels that a sign may be moved from its date."""


LOST = 1e-6
"""A tolerance in pixels for rounding."""


WIDEST = 60
"""Pixels that no sign reaches."""


class Box(NamedTuple):
    """The area of a place: the y of its top and bottom, and pixels to both sides of its day.

    A place without a sign is a line through all levels.
    """

    top: float
    bottom: float
    left: float
    right: float
    is_bare: bool


def _box(spot: Spot) -> Box:
    reach = spot.reach
    is_bare = not (spot.shown or spot.is_knot)
    return Box(spot.top - reach.up, spot.bottom + reach.down, reach.left, reach.right, is_bare)


def _apart(before: Box, box: Box, gap: float) -> float:
    """Return the pixels between two places, 0 if they cannot overlap."""
    is_level = before.bottom > box.top and box.bottom > before.top
    if is_level or (before.is_bare and box.is_bare):
        return before.right + box.left + gap
    return 0


class PlacedSpots:
    """Moves places apart between two ends, in their order and near their days."""

    def __init__(self, spots: Sequence[Spot], left: float, right: float, gap: float) -> None:
        self._spots, self._left, self._right, self._gap = [*spots], left, right, gap
        self._boxes = [*map(_box, spots)]
        self._far = 2 * AWAY + WIDEST + gap
        self._latest = [0.0] * len(spots)
        # How many places away the neighbour is that pushes from the right, or from the left.
        self._after: list[int] = [0] * len(spots)
        self._before: list[int] = [0] * len(spots)
        self._places: list[float] = []

    def placed(self) -> Iterator[tuple[Spot, float]]:
        """Yield every place and its position; places without room are joined."""
        for at in reversed(range(len(self._spots))):
            self._bound(at)
        while (at := len(self._places)) < len(self._spots):
            if not self._place(at):
                self._places.pop()
                self._join(*self._tightest(at))
        return zip(self._spots, self._places, strict=True)

    def _join(self, first: int, last: int) -> None:
        """Join places, and update the bounds of those before."""
        joined_places, leftmost = slice(first + 1, last + 1), self._spots[first].at
        self._spots[first] = join_spots(self._spots[first : last + 1])
        self._boxes[first] = _box(self._spots[first])
        for parallel in (self._spots, self._boxes, self._latest, self._after, self._before):
            del parallel[joined_places]
        moved = first
        for at in range(first, -1, -1):
            if leftmost - self._spots[at].at > self._far:
                break
            latest = self._latest[at]
            self._bound(at)
            if self._latest[at] != latest:
                moved, leftmost = at, min(leftmost, self._spots[at].at)
        del self._places[moved:]

    def _bound(self, at: int) -> None:
        """Tell how far right a place may stand, so that those after it find room."""
        spot = self._spots[at]
        end = self._right - max(spot.reach.right - RING.right, 0)
        end = max(end, self._left, spot.at - AWAY)
        self._latest[at] = min(spot.at + AWAY, spot.at if spot.at > self._right else end)
        self._after[at] = 0
        boxes, gap, box = self._boxes, self._gap, self._boxes[at]
        for after in self._near(at, 1):
            bound = self._latest[after] - _apart(box, boxes[after], gap)
            if bound < self._latest[at]:
                self._latest[at], self._after[at] = bound, after - at

    def _place(self, at: int) -> bool:
        """Put a place as near to its day as possible; tell whether there is room."""
        spot = self._spots[at]
        least = max(spot.at - AWAY, self._left)
        self._before[at] = 0
        boxes, gap, box = self._boxes, self._gap, self._boxes[at]
        for before in self._near(at, -1):
            bound = self._places[before] + _apart(boxes[before], box, gap)
            if bound > least:
                least, self._before[at] = bound, at - before
        self._places.append(min(max(spot.at, least), self._latest[at]))
        return least <= self._latest[at] + LOST

    def _tightest(self, at: int) -> tuple[int, int]:
        """Return the two neighbours that lack the most room."""
        chain = [at]
        while pressing := self._before[chain[0]]:
            chain.insert(0, chain[0] - pressing)
        while pressed := self._after[chain[-1]]:
            chain.append(chain[-1] + pressed)
        return max(pairwise(chain), key=lambda pair: self._lacking(*pair))

    def _lacking(self, first: int, last: int) -> float:
        apart = _apart(self._boxes[first], self._boxes[last], self._gap)
        return apart - (self._spots[last].at - self._spots[first].at)

    def _near(self, at: int, step: int) -> Iterator[int]:
        """Return the places that a place may overlap, nearest first."""
        far = self._far
        spots, other = self._spots, at + step
        while 0 <= other < len(spots) and abs(spots[other].at - spots[at].at) <= far:
            yield other
            other += step
