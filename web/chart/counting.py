"""Count the SVG elements that the templates draw for a chart; a test checks the counts."""

from __future__ import annotations

from functools import singledispatch

from web.chart.drawing import (
    Bin,
    Chart,
    DevelopmentMark,
    Earlier,
    Label,
    LaneDrawing,
    LegendItem,
    Mark,
    Overview,
    Riser,
    Segment,
    Tick,
)

FRAME = 2
"""Grid and axis."""

EARLIER = 6
"""The column of earlier time: background, edge, name in two lines, sign, and link.

If the axis has one line, the name has one, too.
"""

OVERVIEW = 3
"""The overview with its line and its frame."""

MOMENT = 3
"""The moment shown, the veil after it and its hatch."""

SILENCE = 3
"""The hatch of a break, its edge in a frame of its own."""

DEVELOPMENTS = 2
_LEGEND = {
    "changed": 3,
    "second": 3,
    "new": 3,
    "if": 3,
    "stale": 2,
    "tail": 3,
    "other": 3,
    "several": 4,
    "knot": 3,
    "pin": 3,
}


def _earlier(chart: Chart, earlier: Earlier) -> int:
    names = 2 if earlier.has_dates else not chart.upper
    return EARLIER - names + bool(earlier.href)


@singledispatch
def elements(_drawn: object) -> int:
    """Return the number of elements of a drawing."""
    raise NotImplementedError


@elements.register
def _(chart: Chart) -> int:
    return (
        FRAME
        + (MOMENT if chart.as_of is not None else 0)
        + (SILENCE + bool(chart.silence.text) if chart.silence is not None else 0)
        + len(chart.ticks)
        + sum(map(elements, (*chart.ticks, *chart.upper)))
        + (0 if chart.earlier is None else _earlier(chart, chart.earlier))
        + (0 if chart.overview is None else elements(chart.overview))
        + (DEVELOPMENTS if chart.axis else 0)
        + sum(map(elements, chart.developments))
        + sum(map(elements, chart.legend))
        + sum(map(elements, chart.lanes))
        + 2 * any(lane.open_x is not None for lane in chart.lanes)
    )


@elements.register
def _(tick: Tick) -> int:
    """Count the line and the name of a date on its axis, and the link around it."""
    return 2 + bool(tick.href) if tick.label else 0


@elements.register
def _(drawn: Overview) -> int:
    ticks = sum(elements(tick) if tick.label else 1 for tick in drawn.ticks)
    bars = sum(1 + bool(bar.changed) for bar in drawn.bars)
    return OVERVIEW + ticks + bars + (drawn.silent is not None)


@elements.register
def _(lane: LaneDrawing) -> int:
    return (
        2
        + (2 if lane.now.step else 0)
        + sum(map(elements, lane.segments))
        + sum(map(elements, lane.bins))
        + sum(map(elements, lane.risers))
        + sum(map(elements, lane.labels))
        + len(lane.whiskers)
        + 2 * len(lane.tails)
        + len(lane.dots)
        + 2 * len(lane.unwatched)
        + sum(map(elements, lane.marks))
    )


@elements.register
def _(segment: Segment) -> int:
    return segment.line + segment.band


@elements.register
def _(riser: Riser) -> int:
    return 1 + bool(riser.arrow) + (riser.other_y is not None)


@elements.register
def _(label: Label) -> int:
    return 2 if label.note else 1


@elements.register
def _(mark: Mark) -> int:
    if mark.knot:
        return 4
    flags = (
        mark.is_new,
        mark.selected and not mark.count,
        mark.corrected,
        mark.retracted,
        mark.condition,
        mark.pin is not None,
    )
    return 2 + bool(mark.sentence) + sum(flags) + (2 if mark.count else 0) + bool(mark.turning)


@elements.register
def _(drawn: Bin) -> int:
    return 3 + len(drawn.blocks)


@elements.register
def _(happened: DevelopmentMark) -> int:
    span = 2 if happened.width else 0
    return 4 + span + 2 * len(happened.labels) + bool(happened.letter)


@elements.register
def _(item: LegendItem) -> int:
    return _LEGEND.get(item.what, 2)
