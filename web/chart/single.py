"""One lane by itself: large, with its levels named, or as a strip in a row of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart import lane as lanes
from web.chart import text
from web.chart.axis import AXIS, MONTHS_UNTIL, PHONE, Window, ticks
from web.chart.calendar import DAY
from web.chart.drawing import Label, LaneDrawing, Mark, Tick
from web.chart.frame import Frame
from web.chart.levels import Levels, step
from web.chart.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection

    from timeline.domain.scales import Scale
    from web.chart.model import ChartInput

LARGE = Levels(172, 28, 9)
STRIP = Levels(46, 8, 6)

NAMES = 0.2
"""The part of a large lane's time before its first words, which the names of its levels take."""

ABOVE, BELOW = 16, 25
"""Pixels from a mark up to the foot of its label, and down to it."""

NOW_WORD = 48
"""Pixels at the end of the axis that are kept for the word for now."""

NEAR_EDGE = 24
"""Percent of the plot in which a label has no room on the side of the edge."""


class LevelName(msgspec.Struct, frozen=True):
    """A level of a large lane: its line at ``y``, its word on the side that no band takes."""

    y: float
    text_y: float
    step: str
    word: str


class LargeLane(msgspec.Struct, frozen=True):
    """A large lane under its axis; ``ends`` are where its picked statements stand, in percent.

    ``silence`` is where the break up to now begins, if there is one.
    """

    drawing: LaneDrawing
    ticks: tuple[Tick, ...]
    levels: tuple[LevelName, ...]
    ends: tuple[float, float]
    silence: float | None = None


def large(given: ChartInput, picked: Collection[int], words: Wording | None = None) -> LargeLane:
    """Return the one lane of a chart with words beside the statements that are picked by number.

    Only they are links. Of a lane that nobody reads one by one the openings are marked.
    """
    words = words or Wording()
    start = given.start - int((given.end - given.start) * NAMES)
    lane = given.lanes[0]
    spoken = lane.statements or tuple(filter(None, (run.opening for run in lane.runs)))
    wider = msgspec.structs.replace(
        given, start=start, lanes=(msgspec.structs.replace(lane, statements=spoken),)
    )
    drawn = _drawn(wider, LARGE, words)
    labels = _labels([mark for mark in drawn.marks if _is_picked(mark, picked)], wider, words)
    marks = tuple(mark if _is_picked(mark, picked) else _unlinked(mark) for mark in drawn.marks)
    ends = [mark.x for mark in marks if _is_picked(mark, picked)] or [50.0]
    scale = lane.scale or given.scale
    dates = ticks(_window(wider), words)
    return LargeLane(
        msgspec.structs.replace(drawn, marks=marks, labels=labels),
        dates if given.silent_since is None else tuple(map(_clear_of_now, dates)),
        level_names(scale, LARGE, words),
        (min(ends), max(ends)),
        _window(wider).right if given.silent_since is not None else None,
    )


def _clear_of_now(tick: Tick) -> Tick:
    """Return a date without its name where it would meet the word at the end of the axis."""
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


def strip(given: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a chart without words, 46 px high, its latest opening marked."""
    lane = given.lanes[0]
    latest = tuple(filter(None, (run.opening for run in lane.runs[-1:])))
    marked = msgspec.structs.replace(lane, statements=latest)
    drawn = _drawn(
        msgspec.structs.replace(given, lanes=(marked,), links=False), STRIP, words or Wording()
    )
    silent = tuple(msgspec.structs.replace(mark, sentence="") for mark in drawn.marks)
    rose = tuple(msgspec.structs.replace(riser, arrow="", other_y=None) for riser in drawn.risers)
    return msgspec.structs.replace(drawn, marks=silent, risers=rose)


def _window(given: ChartInput) -> Window:
    breaks = given.silent_since is not None
    return Window(given.start, max(given.end, given.start + 1), breaks)


def _drawn(given: ChartInput, levels: Levels, words: Wording) -> LaneDrawing:
    lane, window = given.lanes[0], _window(given)
    frame = Frame(
        window=window,
        edge=min(given.now if given.as_of is None else given.as_of, window.end),
        levels=levels,
        scale=lane.scale or given.scale,
        words=words,
        known=given.known,
        restated=given.restated,
        links=given.links,
        proof_href=given.proof_href,
        finest=lanes.SPECK,
    )
    return lanes.draw(frame, lane, labelled=False)


def _is_picked(mark: Mark, picked: Collection[int]) -> bool:
    return any(number in picked for number in mark.numbers)


def _unlinked(mark: Mark) -> Mark:
    return msgspec.structs.replace(mark, href="", proof="")


def _labels(marks: list[Mark], given: ChartInput, words: Wording) -> tuple[Label, ...]:
    """Return a label for each mark: the first to the left of its mark, the last to the right.

    Their dates have years where one of them is wider than a day, as those that are have.
    """
    said = {statement.number: statement for statement in given.lanes[0].statements}
    scale = given.lanes[0].scale or given.scale
    is_wide = any(said[mark.numbers[0]].latest is not None for mark in marks)
    skeleton = "yMMMd" if is_wide or given.end - given.start > MONTHS_UNTIL * DAY else "MMMd"
    end = _window(given).right if given.silent_since is not None else 100.0
    found = []
    for place, mark in enumerate(marks):
        one = said[mark.numbers[0]]
        day = words.day(one.at // DAY, skeleton) if one.latest is None else one.said
        told = words.says(day, words.stance(scale, one.stance))
        to_left = place == 0 < len(marks) - 1 and mark.x > NEAR_EDGE
        to_left = to_left or mark.x > 100 - NEAR_EDGE or _fits_left_alone(told, mark.x, end)
        found.append(
            Label(
                mark.x,
                -4 if to_left else 4,
                mark.y - ABOVE if mark.y <= LARGE.middle else mark.y + BELOW,
                told,
                "end" if to_left else "start",
            )
        )
    return tuple(found)


def _fits_left_alone(label: str, x: float, end: float) -> bool:
    """Tell whether a label beside ``x`` reaches beyond the end on a phone, and not to its left."""
    width = text.width(label) / PHONE * 100
    return x + width > end and width < x
