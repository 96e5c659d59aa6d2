"""How much each lane shows: every statement if there is room, its changes in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart import bins
from web.chart import lane as lanes
from web.chart.calendar import DAY, unit_of
from web.chart.counting import elements
from web.chart.frame import Frame
from web.chart.levels import BY_DENSITY
from web.chart.strip import has_strip, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.chart.axis import Window
    from web.chart.drawing import LaneDrawing
    from web.chart.model import ChartInput, Lane
    from web.chart.spots import Spot
    from web.chart.strip import Strip
    from web.chart.wording import Wording

GAPS = 0, 12, 36, 100, 300, 1_000
"""Pixels that are kept between two signs beyond what they need."""

STAGES = (
    *((name, 0) for name in ("marks", "changes", "plain", "quiet", "risers", "lines")),
    *(("lines", gap) for gap in GAPS[1:]),
)
"""What a lane loses: first what repeats, then words, signs and areas; its changes never go.

At last more pixels between two signs gather its changes in fewer knots.
"""

MARKS, CHANGES, LAST = 0, 1, len(STAGES) - 1
COUNTED, SCARCELY = CHANGES, LAST - 1
"""The stages at which counted lanes lose detail, too: while there are some bins, and for good."""

FEW_BINS = 6
"""Bins along the whole chart below which counts scarcely tell when something was said."""

COARSEST = "century"

A_BIN = 3
"""Elements that a bin draws beside one for each stance: lanes with more than fit are not drawn."""

STRIPS = 0.5
"""The share of all elements that the lines below counts take at most."""

A_SIGN, A_KNOT = 3, 4
"""Elements that a sign with a sentence draws at least, and those of a knot."""


class Details:
    """The lanes of one chart, each at its present detail.

    Every lane loses what it can at one stage before any loses more at the next.
    """

    def __init__(
        self,
        given: ChartInput,
        chosen: Sequence[Lane],
        window: Window,
        edge: int,
        words: Wording,
        most: int,
    ) -> None:
        self._given, self._window, self._most = given, window, most
        self._chosen = chosen
        self._frames = [_frame(given, lane, window, edge, words) for lane in chosen]
        self._stages = dict.fromkeys(range(len(chosen)), MARKS)
        self._unit = bins.base_unit(window)
        self._tallies = {
            at: bins.tally(lane) for at, lane in enumerate(chosen) if _is_counted(lane, window)
        }
        self._height = bins.HEIGHT[given.density]
        self._strips = self._draw_strips()
        self._drawn: dict[int, LaneDrawing] = {}
        self._sizes: dict[int, int] = {}
        self._places: dict[tuple[int, tuple[bool, bool], float], tuple[Spot, ...]] = {}
        self._count()
        self._lay_out([at for at in self._stages if at not in self._tallies])

    def _lay_out(self, marked: list[int]) -> None:
        """Draw every statement, but of lanes whose signs alone are too many their changes only."""
        spots = {at: self._spots(at, *STAGES[MARKS]) for at in marked}
        least = {at: _least(spot) for at, spot in spots.items()}
        is_full = sum(least.values()) + sum(self._sizes.values()) > self._most
        fullest = max(least.values(), default=0)
        for at, found in spots.items():
            if is_full and 2 * least[at] >= fullest:
                self._redraw(at, CHANGES)
            else:
                self._keep(at, lanes.draw(self._frames[at], self._chosen[at], spots=found))

    def _draw_strips(self) -> dict[int, Strip]:
        """Return the lines of the counted lanes, which leave room for the counts.

        While they take more than their share, the fullest gathers its changes in fewer knots.
        """
        known = [at for at in self._tallies if has_strip(self._chosen[at])]
        gaps = dict.fromkeys(known, 0)
        drawn = {at: self._strip(at, gaps[at]) for at in known}
        while sum(one.elements for one in drawn.values()) > self._most * STRIPS:
            losing = [at for at in known if gaps[at] + 1 < len(GAPS)]
            if not losing:
                return {}
            fullest = max(losing, key=lambda at: drawn[at].elements)
            gaps[fullest] += 1
            drawn[fullest] = self._strip(fullest, gaps[fullest])
        return drawn

    def _strip(self, at: int, gap: int) -> Strip:
        return strip(self._frames[at], self._chosen[at], self._height, GAPS[gap])

    def drawn(self) -> list[LaneDrawing]:
        """Return the lanes, simplified until all draw at most ``most`` elements."""
        while sum(self._sizes.values()) > self._most and self._simplify():
            pass
        return [self._drawn[at] for at in range(len(self._chosen))]

    def _simplify(self) -> bool:
        """Take detail from the fullest lane whose turn it is; tell whether there was one.

        Statements go from every lane that is at least half as full, too: what repeats on one
        line and not on the next would look as if it had been said there alone.
        """
        sizes, stages = self._sizes, self._stages
        losing = [at for at, stage in stages.items() if stage < LAST]
        if not losing:
            return False
        at = min(losing, key=lambda one: (self._turn(one), -sizes[one], one))
        if at in self._tallies:
            self._coarsen(at)
        elif stages[at] == MARKS:
            full = (one for one in losing if one not in self._tallies and stages[one] == MARKS)
            for one in [one for one in full if 2 * sizes[one] >= sizes[at]]:
                self._redraw(one, CHANGES)
        else:
            self._redraw(at, stages[at] + 1)
        return True

    def _turn(self, at: int) -> int:
        if at not in self._tallies:
            return self._stages[at]
        return COUNTED if self._bins(self._coarser()) >= FEW_BINS else SCARCELY

    def _bins(self, unit: str | None) -> int:
        """Return how many bins of a unit lie along the whole chart."""
        if unit is None:
            return 0
        first, last = self._window.start // DAY, self._window.end // DAY
        return unit_of(last, unit) - unit_of(first, unit) + 1

    def _coarsen(self, at: int) -> None:
        """Count by a longer unit; a lane that has none left shows its changes alone."""
        coarser = self._coarser()
        if coarser is None:
            del self._tallies[at]
            self._strips.pop(at, None)
            self._redraw(at, LAST)
            return
        self._unit = coarser
        self._count()

    def _redraw(self, at: int, stage: int) -> None:
        self._stages[at] = stage
        detail, gap = STAGES[stage]
        spots = self._spots(at, detail, gap)
        self._keep(at, lanes.draw(self._frames[at], self._chosen[at], detail, gap, spots=spots))

    def _spots(self, at: int, detail: str, gap: float) -> tuple[Spot, ...]:
        """Return the places of a lane, which several details share."""
        asked = at, lanes.signs(detail), gap
        if asked not in self._places:
            self._places[asked] = lanes.places(self._frames[at], self._chosen[at], detail, gap)
        return self._places[asked]

    def _keep(self, at: int, drawn: LaneDrawing) -> None:
        self._drawn[at], self._sizes[at] = drawn, elements(drawn)

    def _coarser(self) -> str | None:
        return None if self._unit == COARSEST else bins.coarser(self._unit)

    def _fits(self, by_unit: dict[int, dict[int, dict[int, int]]]) -> bool:
        """Tell whether there is room for what the counted lanes draw at least."""
        counted = (counts for of_lane in by_unit.values() for counts in of_lane.values())
        drawn = sum(A_BIN + sum(map(bool, counts.values())) for counts in counted)
        return drawn <= self._room

    def _by_unit(self) -> dict[int, dict[int, dict[int, int]]]:
        return {at: tally.by(self._unit, self._window) for at, tally in self._tallies.items()}

    def _units(self) -> int:
        return sum(tally.units(self._unit, self._window) for tally in self._tallies.values())

    @property
    def _room(self) -> int:
        """How many elements the counts may draw."""
        return self._most - sum(one.elements for one in self._strips.values())

    def _count(self) -> None:
        """Draw every counted lane at the first unit that may fit; all share one scale."""
        while (A_BIN + 1) * self._units() > self._room and (unit := self._coarser()):
            self._unit = unit
        while not self._fits(by_unit := self._by_unit()) and (unit := self._coarser()):
            self._unit = unit
        most = bins.tallest(by_unit.values())
        for at, tallied in self._tallies.items():
            share = lanes.Counted(self._unit, tallied, by_unit[at], most)
            frame, line = self._frames[at], self._strips.get(at)
            drawn = lanes.draw_counted(frame, self._chosen[at], share, self._height, line)
            self._keep(at, drawn)


def _least(spots: Sequence[Spot]) -> int:
    """Return how many elements the signs of a lane take at least."""
    shown = [spot for spot in spots if spot.shown or spot.is_knot]
    return sum(A_KNOT if spot.is_knot else A_SIGN + 2 * bool(spot.number) for spot in shown)


def _is_counted(lane: Lane, window: Window) -> bool:
    inside = sum(window.shows(said.at) and not said.hidden for said in lane.statements)
    return bool(lane.daily) or lane.counted or inside > bins.TOO_MANY_MARKS


def _frame(given: ChartInput, lane: Lane, window: Window, edge: int, words: Wording) -> Frame:
    return Frame(
        restated=lane.restated or given.restated,
        window=window,
        edge=edge,
        levels=BY_DENSITY[given.density],
        scale=lane.scale or given.scale,
        words=words,
        known=given.known,
        links=given.links,
        selected=given.selected,
        proof_href=given.proof_href,
        several_href=given.several_href,
        zoom_href=given.zoom_href,
        plot=given.plot,
    )
