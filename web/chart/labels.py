"""Words beside changes: placed where nothing else is drawn, dropped where nothing is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart import text
from web.chart.axis import NARROW, WIDTH
from web.chart.drawing import Label, Mark, Riser, Segment
from web.chart.held import drawn_at
from web.chart.model import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run, Statement

LINE = 12.5
"""Pixels between the baselines of a label and its note."""

BESIDE_RISER = 9
BESIDE_RING = 13
ENTRY = 8
TWO_LINES = 60
"""Lane height from which a label may carry its note."""


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
    """What a label must not cover."""

    marks: Sequence[Mark]
    risers: Sequence[Riser]
    segments: Sequence[Segment]

    def boxes(self, width: float) -> Iterator[Box]:
        """Return them as rectangles at a plot width."""
        for mark in self.marks:
            x, r = mark.x / 100 * width + mark.shift, 10 if mark.changed or mark.second else 7
            yield Box(x - r, mark.y - r, x + r, mark.y + r)
            if len(mark.numbers) > 1:
                yield Box(x + 5, mark.count_y, x + 27, mark.count_y + 15)
        for riser in self.risers:
            x, low, high = riser.x / 100 * width, *sorted((riser.y1, riser.y2))
            yield Box(x - 3, low, x + 3, high)
        for held in self.segments:
            top = held.band_y if held.band else held.y - 1.5
            height = held.band_height if held.band else 3
            yield Box(held.x1 / 100 * width, top - 1, held.x2 / 100 * width, top + height + 1)


def extent(label: Label, width: float) -> Box:
    """Return the rectangle that a label takes at a plot width."""
    size = text.BOLD if label.style == "t-chg" else text.SMALL + 0.5
    wide = max(text.width(label.text, size), text.width(label.note, text.SMALL))
    x = label.x / 100 * width + label.dx
    left = x if label.anchor == "start" else x - wide
    bottom = (label.note_y if label.note else label.y) + 3
    return Box(left, label.y - 10, left + wide, bottom)


def labels(frame: Frame, lane: Lane, obstacles: Obstacles) -> tuple[Label, ...]:
    """Return the labels that fit, the latest changes first served."""
    placed: list[Label] = []
    for choices in _wanted(frame, lane):
        label = next((one for one in choices if _fits(one, placed, obstacles, WIDTH)), None)
        if label is not None:
            placed.append(label)
    return tuple(_with_tiers(placed, obstacles))


def _fits(label: Label, placed: Sequence[Label], obstacles: Obstacles, width: float) -> bool:
    box = extent(label, width)
    if box.left < 0 or box.right > width:
        return False
    taken = [extent(other, width) for other in placed]
    return not any(box.meets(other) for other in (*taken, *obstacles.boxes(width)))


def _with_tiers(placed: Sequence[Label], obstacles: Obstacles) -> list[Label]:
    """Tell which labels still fit on the narrowest plot that shows any."""
    kept: list[Label] = []
    for label in placed:
        fits = _fits(label, [one for one in kept if one.tier == "t-l1"], obstacles, NARROW)
        kept.append(msgspec.structs.replace(label, tier="t-l1" if fits else "t-l2"))
    return kept


def _wanted(frame: Frame, lane: Lane) -> Iterator[list[Label]]:
    """Return, for each thing worth a label, the places it could take, best first."""
    spoken = {one.number: one for one in lane.statements if not one.hidden}
    pairs = list(zip((None, *lane.runs), lane.runs, strict=False))
    shown = [pair for pair in pairs if frame.window.start < drawn_at(pair[1]) <= frame.edge]
    firsts = [pair for pair in shown if pair[0] is None or pair[0].level is None]
    for before, run in reversed(shown):
        if before is not None and before.level is not None and run.level is not None:
            yield _change(frame, before, run, spoken.get(run.opened_by))
    entering = [run for run in lane.runs if drawn_at(run) <= frame.window.start]
    if entering and entering[-1].level is not None and _stays(frame, entering[-1]):
        yield _entry(frame, entering[-1])
    for _, run in reversed(firsts):
        if run.opened_by in spoken and run.level is not None:
            yield _first(frame, run, spoken[run.opened_by])
    for run in reversed(lane.beside):
        if run.level is not None and _stays(frame, run):
            yield _beside(frame, run)


def _stays(frame: Frame, run: Run) -> bool:
    return run.end is None or run.end > frame.window.start


def _change(
    frame: Frame, before: Run, run: Run, statement: Statement | None
) -> list[Label]:
    words, x = frame.words, frame.window.x(drawn_at(run))
    if MIXED in (before.level, run.level):
        label, note, style = _mixed_text(frame, run), "", "t-chg t-first"
    else:
        label = words.now(statement, words.stance(frame.scale, run.level))
        note, style = words.before(before, words.stance(frame.scale, before.level)), "t-chg"
    right = [
        _label(frame, x, BESIDE_RISER, half, label, note, style) for half in _free_halves(run)
    ]
    left = [
        _label(frame, x, -BESIDE_RING, half, label, note, style) for half in _free_halves(before)
    ]
    return [*right, *left, *(_short(one) for one in (*right, *left) if one.note)]


def _mixed_text(frame: Frame, run: Run) -> str:
    words, scale = frame.words, frame.scale
    if run.level != MIXED:
        return words.stance(scale, run.level)
    return words.mixed(words.stance(scale, run.lowest), words.stance(scale, run.highest))


def _free_halves(run: Run) -> tuple[str, ...]:
    if run.level == MIXED or not run.level:
        return ("lower", "upper")
    return ("lower",) if run.level > 0 else ("upper",)


def _first(frame: Frame, run: Run, statement: Statement) -> list[Label]:
    word = _mixed_text(frame, run) if run.level == MIXED else None
    label = word or frame.words.first(statement, frame.words.stance(frame.scale, run.level))
    x = frame.window.x(drawn_at(run))
    halves = _free_halves(run)
    right = [_label(frame, x, BESIDE_RISER, half, label, "", "t-chg t-first") for half in halves]
    left = [
        _label(frame, x, -BESIDE_RING, half, label, "", "t-chg t-first")
        for half in ("upper", "lower")
    ]
    return [*right, *left]


def _beside(frame: Frame, run: Run) -> list[Label]:
    label = frame.words.beside(frame.words.stance(frame.scale, run.level))
    x, y = frame.window.x(drawn_at(run)), frame.levels.edges(run)[0]
    return [
        Label(x, dx, y + dy, label, anchor, "t-note")
        for dx, anchor in ((BESIDE_RING, "start"), (-BESIDE_RING, "end"))
        for dy in (13.5, -5.5)
    ]


def _entry(frame: Frame, run: Run) -> list[Label]:
    label = frame.words.entry(run, _mixed_text(frame, run))
    top, height = frame.levels.band_of(run)
    under, over = top + height + 12, top - 5
    rows = (under, over) if run.level == MIXED or (run.level or 0) >= 0 else (over, under)
    inside = [y for y in rows if 9 <= y <= frame.levels.height - 3]  # noqa: PLR2004
    return [Label(0.0, ENTRY, y, label, "start", "t-note") for y in inside]


def _label(  # noqa: PLR0913 - one value for each thing that a label is made of
    frame: Frame, x: float, dx: float, half: str, label: str, note: str, style: str
) -> Label:
    two = bool(note) and frame.levels.height >= TWO_LINES
    upper, lower = (15.0, frame.levels.middle + 14) if two else (
        frame.levels.middle - 11, frame.levels.middle + 17)
    y = upper if half == "upper" else lower
    anchor = "start" if dx > 0 else "end"
    note_y = y + LINE if two else 0
    return Label(x, dx, y, label, anchor, style, "", note if two else "", note_y)


def _short(label: Label) -> Label:
    """Return the label without its note, where the two lines found no room."""
    return msgspec.structs.replace(label, note="", note_y=0)
