"""What every part of a lane shares while it is laid out."""

from __future__ import annotations

import msgspec

from timeline.domain.scales import Scale
from web.chart.axis import COLUMN, Window
from web.chart.levels import Levels
from web.chart.model import MARKED, RESTATED, ChartInput, Lane
from web.chart.wording import Wording

FINEST = 0.25
"""Percent of the plot below which a solid stretch is drawn thin, unless told otherwise."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One lane's window, levels and scale; ``restated`` are the seconds of a solid line.

    ``edge`` is the moment shown, where lines end; ``finest`` is the percentage of the plot below
    which a solid stretch between two thin ones is no more than a speck, and is drawn thin.
    ``plot`` are the pixels of the narrowest plot on which no mark covers another.
    """

    window: Window
    edge: int
    levels: Levels
    scale: Scale
    words: Wording
    known: bool = False
    restated: int = RESTATED
    finest: float = FINEST
    links: bool = True
    selected: int = 0
    proof_href: str = ""
    several_href: str = ""
    zoom_href: str = ""
    plot: int = MARKED


def shown_time(chart: ChartInput) -> tuple[Window, int]:
    """Return the window and the moment shown in it."""
    breaks = chart.silent_since is not None
    end = max(chart.end, chart.start + 1)
    earlier = chart.earlier if chart.earlier is not None and chart.earlier < chart.start else None
    window = Window(chart.start, end, breaks, earlier, chart.earlier_share or COLUMN)
    return window, min(chart.moment, window.end)


def frame_of(
    chart: ChartInput, lane: Lane, levels: Levels, words: Wording, *, finest: float = FINEST
) -> Frame:
    """Return the frame of one lane of a chart."""
    window, edge = shown_time(chart)
    return Frame(
        window=window,
        edge=edge,
        levels=levels,
        scale=lane.scale or chart.scale,
        words=words,
        known=chart.known,
        restated=lane.restated or chart.restated,
        finest=finest,
        links=chart.links,
        selected=chart.selected,
        proof_href=chart.proof_href,
        several_href=chart.several_href,
        zoom_href=chart.zoom_href,
        plot=chart.plot,
    )
