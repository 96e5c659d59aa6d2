"""The line of positions below the counts of a lane, with every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart import bins
from web.chart.arrange import arrange
from web.chart.counting import elements
from web.chart.drawing import Riser
from web.chart.levels import OneLine
from web.chart.marks import marks
from web.chart.model import MIXED
from web.chart.positions import plot_positions_at, segments, without_areas
from web.chart.spots import is_change

if TYPE_CHECKING:
    from web.chart.drawing import Label, Mark, Segment
    from web.chart.frame import Frame
    from web.chart.model import Lane, Level, Statement
    from web.chart.positions import PlottedPosition

STRIP = 24
"""Pixels of a counted lane that lie below its stacks."""

FINEST = 4.0
"""Percent of the plot below which a solid stretch is drawn thin: the counts show repetitions."""

FITTING = 24
"""The fewest signs for which nearly coinciding ones are joined."""

BAND, SIGN = 6, 9
"""Pixels of the line's band, and from it to the end of the line that rises to the words."""


class Strip(msgspec.Struct, frozen=True):
    """The line of one lane; ``labels`` are possible labels above the stacks, the latest first."""

    segments: tuple[Segment, ...]
    risers: tuple[Riser, ...]
    marks: tuple[Mark, ...]
    labels: list[list[Label]]

    @property
    def elements(self) -> int:
        """The number of its elements if all labels fit."""
        return len(self.labels) + sum(
            map(elements, (*self.segments, *self.risers, *self.marks)),
        )


def has_strip(lane: Lane) -> bool:
    """Tell whether the position of the lane is known for the whole time."""
    return bool(lane.runs) and not lane.untold


def strip(frame: Frame, lane: Lane, height: int, gap: float = 0) -> Strip:
    """Return the strip of a lane of that height.

    Changes closer than ``gap`` extra pixels are joined in a knot.
    """
    levels = OneLine(height, 0, BAND, bins.HEAD, STRIP)
    flat = msgspec.structs.replace(frame, levels=levels, finest=FINEST)
    opened = msgspec.structs.replace(lane, statements=_openings(lane))
    spots = arrange(flat, opened, gap, every=False, many=FITTING)
    positions = plot_positions_at(flat, lane.runs, spots)
    shown_positions = [position for position in positions if _is_published(lane, position)][
        -bins.MOST_TURNS :
    ]
    foot = levels.y(None) - SIGN
    return Strip(
        segments=without_areas(segments(flat, positions)),
        risers=tuple(Riser(position.x1, 3, foot, "turn") for position in shown_positions),
        marks=marks(flat, opened, spots),
        labels=[
            bins.turn_labels(position.x1, _words(frame, position))
            for position in shown_positions[::-1]
        ],
    )


def _openings(lane: Lane) -> tuple[Statement, ...]:
    """Return the statements that open a position of the lane."""
    opened = {run.opened_by for run in lane.runs}
    return tuple(
        statement for statement in (*lane.openings, *lane.statements) if statement.number in opened
    )


def _is_published(lane: Lane, position: PlottedPosition) -> bool:
    """Tell whether a change has a place of its own in the window, and words."""
    is_alone = position.opens and not position.early and not position.in_knot
    return is_alone and is_change(lane.runs, lane.runs.index(position.run))


def _words(frame: Frame, position: PlottedPosition) -> tuple[str, ...]:
    """Return the words of a change, in full and in short."""
    if position.run.kind == "terms":
        return (frame.words.terms(""),)
    before = _word(frame, position.before.level if position.before else None)
    after = _word(frame, position.run.level)
    return (f"{before} → {after}", f"→ {after}")


def _word(frame: Frame, level: Level) -> str:
    return frame.words.gettext(MIXED) if level == MIXED else frame.words.stance(frame.scale, level)
