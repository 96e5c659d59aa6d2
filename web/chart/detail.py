"""Choose how much detail each lane shows, within a limit of SVG elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart import bins
from web.chart import lane as lanes
from web.chart.calendar import DAY, unit_of
from web.chart.counting import elements
from web.chart.frame import frame_of, shown_time
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
"""Extra pixels between two signs."""

STAGES = (
    *((name, 0) for name in ("marks", "changes", "plain", "quiet", "risers", "lines")),
    *(("lines", gap) for gap in GAPS[1:]),
)
"""The stages of detail: a lane loses repeats first, then words, signs and areas, never changes.

At the last stages, wider gaps gather its changes in fewer knots.
"""

MARKS, CHANGES, LAST = 0, 1, len(STAGES) - 1
COUNTED, SCARCELY = CHANGES, LAST - 1
"""The stages at which counted lanes lose detail: with enough bins, and with too few."""

FEW_BINS = 6
"""The fewest bins along the whole chart that still show when something was said."""

COARSEST = "century"

A_BIN = 3
"""The elements of a bin, without one for each stance."""

STRIPS = 0.5
"""The greatest share of all elements for the lines below counts."""

A_SIGN, A_KNOT = 3, 4
"""The fewest elements of a sign with a sentence, and of a knot."""


class Details:
    """The lanes of one chart, each at its present detail.

    All lanes lose the detail of one stage before any lane goes to the next.
    """

    def __init__(
        self, chart: ChartInput, chosen: Sequence[Lane], words: Wording, most: int
    ) -> None:
        self._chosen, self._most = chosen, most
        self._window, _ = shown_time(chart)
        levels = BY_DENSITY[chart.density]
        self._frames = [frame_of(chart, lane, levels, words) for lane in chosen]
        self._stages = dict.fromkeys(range(len(chosen)), MARKS)
        self._unit = bins.base_unit(self._window)
        self._tallies = {
            at: bins.tally(lane)
            for at, lane in enumerate(chosen)
            if _is_counted(lane, self._window)
        }
        self._height = bins.HEIGHT[chart.density]
        self._strips = self._draw_strips()
        self._drawn: dict[int, LaneDrawing] = {}
        self._sizes: dict[int, int] = {}
        self._places: dict[tuple[int, tuple[bool, bool], float], tuple[Spot, ...]] = {}
        self._count()
        self._lay_out([at for at in self._stages if at not in self._tallies])

    def _lay_out(self, marked: list[int]) -> None:
        """Draw every statement; draw only the changes of lanes with too many signs."""
        spots = {at: self._spots(at, *STAGES[MARKS]) for at in marked}
        least = {at: _least(spot) for at, spot in spots.items()}
        is_full = sum(least.values()) + sum(self._sizes.values()) > self._most
        fullest = max(least.values(), default=0)
        for at, spots_of_lane in spots.items():
            if is_full and 2 * least[at] >= fullest:
                self._redraw(at, CHANGES)
            else:
                self._keep(at, lanes.draw(self._frames[at], self._chosen[at], spots=spots_of_lane))

    def _draw_strips(self) -> dict[int, Strip]:
        """Return the lines of the counted lanes, which leave room for the counts.

        While they take more than their share, the fullest lane joins more changes in knots.
        """
        known = [at for at in self._tallies if has_strip(self._chosen[at])]
        gaps = dict.fromkeys(known, 0)
        drawn = {at: self._strip(at, gaps[at]) for at in known}
        while sum(strip.elements for strip in drawn.values()) > self._most * STRIPS:
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
        """Take detail from the fullest lane at the lowest stage; tell whether there was one.

        Lanes at least half as full lose their statements at the same time: repeats on one line and
        not on the next would look as if only one side had repeated itself.
        """
        sizes, stages = self._sizes, self._stages
        losing = [at for at, stage in stages.items() if stage < LAST]
        if not losing:
            return False
        at = min(losing, key=lambda lane: (self._turn(lane), -sizes[lane], lane))
        if at in self._tallies:
            self._coarsen(at)
        elif stages[at] == MARKS:
            full = (lane for lane in losing if lane not in self._tallies and stages[lane] == MARKS)
            for lane in [lane for lane in full if 2 * sizes[lane] >= sizes[at]]:
                self._redraw(lane, CHANGES)
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
        """Count by a longer unit; after the longest show only changes."""
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
        """Return the places of a lane, cached because several details share them."""
        key = at, lanes.signs(detail), gap
        if key not in self._places:
            self._places[key] = lanes.places(self._frames[at], self._chosen[at], detail, gap)
        return self._places[key]

    def _keep(self, at: int, drawing: LaneDrawing) -> None:
        self._drawn[at], self._sizes[at] = drawing, elements(drawing)

    def _coarser(self) -> str | None:
        return None if self._unit == COARSEST else bins.coarser(self._unit)

    def _fits(self, by_unit: dict[int, dict[int, dict[int, int]]]) -> bool:
        """Tell whether there is room for what the counted lanes draw at least."""
        counted = (counts for of_lane in by_unit.values() for counts in of_lane.values())
        count = sum(A_BIN + sum(map(bool, counts.values())) for counts in counted)
        return count <= self._room

    def _by_unit(self) -> dict[int, dict[int, dict[int, int]]]:
        return {at: tally.by(self._unit, self._window) for at, tally in self._tallies.items()}

    def _units(self) -> int:
        return sum(tally.units(self._unit, self._window) for tally in self._tallies.values())

    @property
    def _room(self) -> int:
        """How many elements the counts may draw."""
        return self._most - sum(strip.elements for strip in self._strips.values())

    def _count(self) -> None:
        """Draw every counted lane with the first unit that fits; all share one scale."""
        while (A_BIN + 1) * self._units() > self._room and (unit := self._coarser()):
            self._unit = unit
        while not self._fits(by_unit := self._by_unit()) and (unit := self._coarser()):
            self._unit = unit
        most = bins.tallest(by_unit.values())
        for at, tallied in self._tallies.items():
            share = lanes.CountedLane(self._unit, tallied, by_unit[at], most)
            frame, line = self._frames[at], self._strips.get(at)
            drawing = lanes.draw_counted(frame, self._chosen[at], share, self._height, line)
            self._keep(at, drawing)


def _least(spots: Sequence[Spot]) -> int:
    """Return how many elements the signs of a lane take at least."""
    shown = [spot for spot in spots if spot.shown or spot.is_knot]
    return sum(A_KNOT if spot.is_knot else A_SIGN + 2 * bool(spot.number) for spot in shown)


def _is_counted(lane: Lane, window: Window) -> bool:
    inside = sum(window.shows(said.at) and not said.hidden for said in lane.statements)
    return bool(lane.daily) or lane.counted or inside > bins.TOO_MANY_MARKS
