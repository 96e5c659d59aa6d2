"""One lane by itself: large, with its levels named, or as a strip in a row of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart import lane as lanes
from web.chart import text
from web.chart.axis import AXIS, MONTHS_UNTIL, PHONE, ticks
from web.chart.calendar import DAY
from web.chart.drawing import Label, LaneDrawing, Mark, Tick
from web.chart.frame import frame_of, shown_time
from web.chart.levels import Levels, step
from web.chart.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection

    from timeline.domain.scales import Scale
    from web.chart.model import ChartInput

LARGE = Levels(172, 28, 9)
STRIP = Levels(46, 8, 6)

NAMES = 0.2
"""The share of a large lane before its first statement, for the names of its levels."""

ABOVE, BELOW = 16, 25
"""Pixels from a mark up to the foot of its label, and down to it."""

NOW_WORD = 48
"""Pixels at the end of the axis for the word "now"."""

NEAR_EDGE = 24
"""Percent of the plot at its edge in which a label must be on the inner side."""


class LevelName(msgspec.Struct, frozen=True):
    """A level of a large lane: its line at ``y``, its word on the side without a band."""

    y: float
    text_y: float
    step: str
    word: str


class LargeLane(msgspec.Struct, frozen=True):
    """A large lane under its axis; ``ends`` are its chosen statements, in percent.

    ``silence`` is the start of the break up to now, if there is one.
    """

    drawing: LaneDrawing
    ticks: tuple[Tick, ...]
    levels: tuple[LevelName, ...]
    ends: tuple[float, float]
    silence: float | None = None


def large(chart: ChartInput, numbers: Collection[int], words: Wording | None = None) -> LargeLane:
    """Return the one lane of a chart, with labels and links for the statements with these numbers.

    If its statements are counted, the openings are marked.
    """
    words = words or Wording()
    start = chart.start - int((chart.end - chart.start) * NAMES)
    lane = chart.lanes[0]
    spoken = lane.statements or tuple(filter(None, (run.opening for run in lane.runs)))
    wider = msgspec.structs.replace(
        chart,
        start=start,
        earlier=None,
        several_href="",
        zoom_href="",
        lanes=(msgspec.structs.replace(lane, statements=spoken),),
    )
    window, _ = shown_time(wider)
    drawing = _drawn(wider, LARGE, words)
    labels = _labels([mark for mark in drawing.marks if _is_picked(mark, numbers)], wider, words)
    marks = tuple(mark if _is_picked(mark, numbers) else _unlinked(mark) for mark in drawing.marks)
    ends = [mark.x for mark in marks if _is_picked(mark, numbers)] or [50.0]
    scale = lane.scale or chart.scale
    dates = ticks(window, words)
    return LargeLane(
        msgspec.structs.replace(drawing, marks=marks, labels=labels),
        dates if chart.silent_since is None else tuple(map(_clear_of_now, dates)),
        level_names(scale, LARGE, words),
        (min(ends), max(ends)),
        window.right if chart.silent_since is not None else None,
    )


def _clear_of_now(tick: Tick) -> Tick:
    """Return a date without its label if that would overlap the word at the end of the axis."""
    end = tick.x / 100 * PHONE + text.width(tick.label, AXIS)
    return tick if end < PHONE - NOW_WORD else msgspec.structs.replace(tick, label="")


def level_names(scale: Scale, levels: Levels, words: Wording) -> tuple[LevelName, ...]:
    """Return the levels of a scale by name, highest first."""
    return tuple(
        LevelName(
            y := levels.y(stance),
            y - 5 if stance >= 0 else y + 14,
            step(scale, stance),
            words.stance(scale, stance),
        )
        for stance in reversed(scale.steps)
    )


def strip(chart: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a chart without words, 46 px high, its latest opening marked."""
    lane = chart.lanes[0]
    latest = tuple(filter(None, (run.opening for run in lane.runs[-1:])))
    marked = msgspec.structs.replace(lane, statements=latest)
    drawing = _drawn(
        msgspec.structs.replace(chart, lanes=(marked,), links=False), STRIP, words or Wording()
    )
    silent = tuple(msgspec.structs.replace(mark, sentence="") for mark in drawing.marks)
    rose = tuple(msgspec.structs.replace(riser, arrow="", other_y=None) for riser in drawing.risers)
    return msgspec.structs.replace(drawing, marks=silent, risers=rose)


def _drawn(chart: ChartInput, levels: Levels, words: Wording) -> LaneDrawing:
    lane = chart.lanes[0]
    frame = frame_of(chart, lane, levels, words, finest=lanes.SPECK)
    return lanes.draw(frame, lane, labelled=False)


def _is_picked(mark: Mark, numbers: Collection[int]) -> bool:
    return any(number in numbers for number in mark.numbers)


def _unlinked(mark: Mark) -> Mark:
    return msgspec.structs.replace(mark, href="", proof="")


def _labels(marks: list[Mark], chart: ChartInput, words: Wording) -> tuple[Label, ...]:
    """Return a label for each mark: the first to the left of its mark, the last to the right.

    Their dates have years if one of them is longer than a day.
    """
    said = {statement.number: statement for statement in chart.lanes[0].statements}
    scale = chart.lanes[0].scale or chart.scale
    is_wide = any(said[mark.numbers[0]].latest is not None for mark in marks)
    skeleton = "yMMMd" if is_wide or chart.end - chart.start > MONTHS_UNTIL * DAY else "MMMd"
    end = shown_time(chart)[0].right
    labels = []
    for place, mark in enumerate(marks):
        statement = said[mark.numbers[0]]
        day = (
            words.day(statement.at // DAY, skeleton) if statement.latest is None else statement.said
        )
        label = words.says(day, words.stance(scale, statement.stance))
        to_left = place == 0 < len(marks) - 1 and mark.x > NEAR_EDGE
        to_left = to_left or mark.x > 100 - NEAR_EDGE or _fits_left_alone(label, mark.x, end)
        labels.append(
            Label(
                mark.x,
                -4 if to_left else 4,
                mark.y - ABOVE if mark.y <= LARGE.middle else mark.y + BELOW,
                label,
                "end" if to_left else "start",
            )
        )
    return tuple(labels)


def _fits_left_alone(label: str, x: float, end: float) -> bool:
    """Tell whether a label beside ``x`` reaches beyond the end on a phone, and not to its left."""
    width = text.width(label) / PHONE * 100
    return x + width > end and width < x
