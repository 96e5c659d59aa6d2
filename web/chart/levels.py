"""Where a stance lies: its height in a lane, its step of the palette, its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart.model import MIXED

if TYPE_CHECKING:
    from timeline.domain.scales import Scale
    from web.chart.model import Level, Run


class Levels(msgspec.Struct, frozen=True):
    """Five levels ``gap`` pixels apart, the middle one at half the height.

    The band is equally thick for every stance: its area says nothing about an amount.
    """

    height: int
    gap: float
    band: float
    head: float = 0
    """Pixels on top that stay free for words."""
    foot: float = 0
    """Pixels at the bottom that stay free."""

    @property
    def middle(self) -> float:
        """The y of stance 0."""
        return self.head + (self.height - self.head - self.foot) / 2

    def y(self, stance: int | None) -> float:
        """Return the y of a stance; no position stands in the middle."""
        return self.middle - self.gap * (stance or 0)

    def edges(self, run: Run) -> tuple[float, float]:
        """Return the top and bottom y that a run's level covers, one value unless mixed."""
        if run.level == MIXED:
            return self.y(run.highest), self.y(run.lowest)
        y = self.y(run.level)
        return y, y

    def band_of(self, run: Run) -> tuple[float, float]:
        """Return top and height of a run's band, which hangs from its line towards the middle."""
        top, bottom = self.edges(run)
        if run.level == MIXED and bottom > top:
            return top, bottom - top
        if run.level in (MIXED, 0):
            return top - self.band / 2, self.band
        return (top, self.band) if top < self.middle else (top - self.band, self.band)


class OneLine(Levels, frozen=True):
    """Levels that all lie on one line, in the middle of the foot: colours and signs tell them."""

    def y(self, stance: int | None) -> float:
        """Return the y of the line, which is that of every ``stance``."""
        del stance
        return self.height - self.foot / 2

    def band_of(self, run: Run) -> tuple[float, float]:
        """Return top and height of a run's band, which lies astride the line."""
        return self.edges(run)[0] - self.band / 2, self.band


ROOMY = Levels(64, 11, 8)
COMPACT = Levels(46, 7.5, 6)
CARD = Levels(58, 9.5, 7)
SPARK = Levels(22, 4.25, 4)
BY_DENSITY = {"roomy": ROOMY, "compact": COMPACT}


def step(scale: Scale, level: int | str | None) -> str:
    """Return the mark of a level: "5" … "1", "none", "neither" or "mixed".

    The half disc of 3 says "on a condition", which only the position scale has.
    """
    if level is None:
        return "none"
    if level == MIXED:
        return "mixed"
    return "neither" if level == 0 and scale.name != "position" else str(int(level) + 3)


def tone(scale: Scale, level: Level) -> str:
    """Return the palette step of a level: "5" … "1" or "mixed"."""
    return "3" if step(scale, level) == "neither" else step(scale, level)
