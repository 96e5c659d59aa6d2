"""Fit labels around the marks of a lane, for each width of the plot."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import msgspec

from web.chart import text
from web.chart.axis import NARROW, SPACIOUS, WIDEST, WIDTH
from web.chart.drawing import InexactBar, Label, Mark, Riser, Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


END = 4
"""Half the height of what ends a bar or a tail."""

COLUMN = 13
"""Pixels beside a ring in which any label seems to belong to it."""


class Box(msgspec.Struct, frozen=True):
    """A rectangle in pixels of one plot width."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles overlap."""
        apart_in_x = self.right <= other.left or other.right <= self.left
        return not (apart_in_x or self.bottom <= other.top or other.bottom <= self.top)


class Obstacles(msgspec.Struct, frozen=True):
    """What a label must not cover; labels stay between ``ends``, in percent of the plot."""

    marks: tuple[Mark, ...]
    risers: tuple[Riser, ...]
    segments: tuple[Segment, ...]
    stretches: tuple[InexactBar, ...]
    ends: tuple[float, float]

    def boxes(self, width: float) -> Iterator[Box]:
        """Return them as rectangles at a plot width."""
        for mark in self.marks:
            yield from _around(mark, width)
        for riser in self.risers:
            x, low, high = riser.x / 100 * width, *sorted((riser.y1, riser.y2))
            yield Box(x - 3, low, x + 3, high)
        for segment in self.segments:
            top = segment.band_y if segment.band else segment.y - 1.5
            height = segment.band_height if segment.band else 3
            yield Box(segment.x1 / 100 * width, top - 1, segment.x2 / 100 * width, top + height + 1)
        for bar in self.stretches:
            x1, x2 = bar.x1 / 100 * width, bar.x2 / 100 * width
            yield Box(x1 - END, bar.y - END, x2 + END, bar.y + END)

    def columns(self, label: Label, width: float) -> Iterator[Box]:
        """Return the areas above and below rings in which a label would seem to be theirs."""
        for mark in self.marks:
            if mark.changed and mark.x != label.x:
                x = mark.x / 100 * width
                yield Box(x - COLUMN, -inf, x + COLUMN, inf)


def _around(mark: Mark, width: float) -> Iterator[Box]:
    """Return the rectangles of a mark, and of the pin that leads to its day."""
    x, r = mark.x / 100 * width, _reach(mark)
    if mark.knot:
        yield Box(x - 13, mark.y - 12, x + 13, mark.bottom + 12)
        return
    yield Box(x - r, mark.y - r, x + r, mark.y + r)
    if mark.count:
        yield Box(x, mark.y - 10, x + mark.width - 9, mark.y + 10)
    yield from _flags(mark, x)
    if mark.pin:
        left, right = sorted((x, mark.pin.x / 100 * width))
        top, bottom = sorted((mark.pin.y1, mark.pin.y2))
        yield Box(left - 2, top, right + 2, bottom + 2)


def _flags(mark: Mark, x: float) -> Iterator[Box]:
    """Return the rectangles of the flags that stick out: the notch, the dot."""
    if mark.condition:
        yield Box(x - 7, mark.y + 8, x + 7, mark.y + 14)
    if mark.corrected:
        yield Box(x + 3, mark.y - 11, x + 12, mark.y - 2)


def _reach(mark: Mark) -> int:
    """Return the pixels from the middle of a mark to its side."""
    if mark.selected or mark.is_new:
        return 11
    return 10 if mark.ringed or mark.second else 7


def extent(label: Label, width: float) -> Box:
    """Return the rectangle that a label takes at a plot width."""
    size = text.BOLD if label.style == "change-label" else text.SMALL + 0.5
    wide = max(text.width(label.text, size), text.width(label.note, text.SMALL))
    x = label.x / 100 * width + label.dx
    left = x if label.anchor == "start" else x - wide
    bottom = (label.note_y if label.note else label.y) + 3
    return Box(left, label.y - 10, left + wide, bottom)


def fit(label_choices: Iterable[Sequence[Label]], obstacles: Obstacles) -> tuple[Label, ...]:
    """Return the labels that fit, in order, each at the best of its free places.

    A label that does not fit at the standard width may fit on a wider plot; the first label takes
    the room of others there.
    """
    things = [*label_choices]
    if not things:
        return ()
    taken = {width: tuple(obstacles.boxes(width)) for width in (NARROW, WIDTH, SPACIOUS, WIDEST)}

    def between(least: int, most: int) -> _Room:
        return _Room(obstacles, {width: [*taken[width]] for width in (least, most)})

    wide = between(WIDTH, WIDEST)
    labels = [wide.best(choices) for choices in things]
    spacious = between(SPACIOUS, WIDEST)
    late = [spacious.best(things[0])] if labels[0] is None else []
    placed = [label for label in labels if label is not None and spacious.takes(label)]
    others = zip(things[1:], labels[1:], strict=True)
    late += [spacious.best(choices) for choices, label in others if label is None]
    narrow = between(NARROW, WIDTH)
    tiers = [(label, "if-narrow" if narrow.takes(label) else "if-wide") for label in placed]
    tiers += [(label, "if-spacious") for label in late if label is not None]
    return tuple(msgspec.structs.replace(label, tier=tier) for label, tier in tiers)


class _Room:
    """The occupied areas on plots between two widths.

    Rectangles that are apart at both widths are apart between them, too: they move by less than
    their own width.
    """

    def __init__(self, obstacles: Obstacles, taken: dict[int, list[Box]]) -> None:
        self._obstacles, self._taken = obstacles, taken

    def best(self, choices: Sequence[Label]) -> Label | None:
        """Place a label at its first free place, if there is one."""
        return next((label for label in choices if self.takes(label)), None)

    def takes(self, label: Label) -> bool:
        """Place the label if its area is free."""
        boxes = {width: extent(label, width) for width in self._taken}
        free = all(self._is_free(label, box, width) for width, box in boxes.items())
        if free:
            for width, box in boxes.items():
                self._taken[width].append(box)
        return free

    def _is_free(self, label: Label, box: Box, width: int) -> bool:
        left, right = (end / 100 * width for end in self._obstacles.ends)
        if box.left < left or box.right > right or any(map(box.meets, self._taken[width])):
            return False
        return not any(map(box.meets, self._obstacles.columns(label, width)))
