"""What every part of a lane shares while it is laid out."""

from __future__ import annotations

import msgspec

from timeline.domain.scales import Scale
from web.chart.axis import Window
from web.chart.levels import Levels
from web.chart.model import MARKED, RESTATED
from web.chart.wording import Wording


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
    finest: float = 0.25
    links: bool = True
    selected: int = 0
    proof_href: str = ""
    several_href: str = ""
    zoom_href: str = ""
    plot: int = MARKED
