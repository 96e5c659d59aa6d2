"""A large line with numbers at what is to be noted, read off the drawing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart.single import LargeLane, large
from web.how_to_read.samples import Said, given_of, lane
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from web.chart.drawing import LaneDrawing

DAYS = 1_000
"""Days of the invented line."""

ASIDE = 24
"""Pixels from what is to be noted to its number."""


class Note(msgspec.Struct, frozen=True):
    """A number at a place of the drawing: ``x`` in percent, ``y`` in pixels, and what it is about.

    ``dx`` moves it aside by pixels.
    """

    what: str
    x: float
    y: float
    dx: int = 0


class Annotated(msgspec.Struct, frozen=True):
    """A large lane and its notes from left to right."""

    line: LargeLane
    notes: tuple[Note, ...]


def annotated() -> Annotated:
    """Return an invented line that shows everything which is to be noted."""
    said = (
        Said(days=60, stance=2, opens="first"),
        Said(days=130, stance=2),
        Said(days=430, stance=-1, opens="changed"),
        Said(days=610, stance=-2, opens="changed", weeks=8),
        Said(days=800, stance=0, opens="changed", other=True, condition=gettext("an invented one")),
        Said(days=930, stance=0),
    )
    line = large(given_of(lane(said), DAYS, breaks=True), [], dates.wording())
    return Annotated(line, _notes(line))


def _notes(line: LargeLane) -> tuple[Note, ...]:
    drawing = line.drawing
    found = [
        *_first(drawing),
        *_stale(drawing),
        *_change(drawing),
        *_wide(drawing),
        *_other(drawing),
        *_condition(drawing),
        *_band(drawing),
    ]
    if line.silence is not None:
        found.append(Note("break", (line.silence + 100) / 2, 20))
    return tuple(sorted(found, key=lambda one: one.x))


def _first(drawing: LaneDrawing) -> list[Note]:
    first = next(one for one in drawing.risers if one.kind == "first")
    return [Note("first", first.x, min(first.y1, first.y2) - ASIDE + 4)]


def _stale(drawing: LaneDrawing) -> list[Note]:
    held = next(one for one in drawing.segments if "stale" in one.state)
    return [Note("stale", held.x1 + held.width / 2, held.y - ASIDE + 6)]


def _change(drawing: LaneDrawing) -> list[Note]:
    step = next(one for one in drawing.risers if one.kind == "")
    return [Note("change", step.x, (step.y1 + step.y2) / 2 - 18, -ASIDE)]


def _wide(drawing: LaneDrawing) -> list[Note]:
    bar = drawing.whiskers[0]
    return [Note("wide", bar.x1, bar.y, -ASIDE)]


def _other(drawing: LaneDrawing) -> list[Note]:
    step = next(one for one in drawing.risers if one.other_y is not None)
    return [Note("other", step.x, step.other_y or step.y1, ASIDE)]


def _condition(drawing: LaneDrawing) -> list[Note]:
    mark = next(one for one in drawing.marks if one.condition)
    return [Note("condition", mark.x, mark.y - ASIDE)]


def _band(drawing: LaneDrawing) -> list[Note]:
    held = next(one for one in drawing.segments if not one.state)
    return [Note("band", held.x1 + held.width * 0.8, held.band_y + held.band_height + 16)]
