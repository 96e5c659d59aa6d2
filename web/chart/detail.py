"""How much each lane shows: every statement if there is room, its changes in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart import bins, marks
from web.chart import lane as lanes
from web.chart.counting import elements
from web.chart.frame import Frame
from web.chart.levels import BY_DENSITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.chart.axis import Window
    from web.chart.drawing import LaneDrawing
    from web.chart.model import ChartInput, Lane
    from web.chart.wording import Wording

LESS = {"marks": "changes", "changes": "plain", "plain": "quiet", "quiet": "few", "few": "bare"}
"""What a lane loses first is what repeats, then words; its changes go last, the latest never."""

TURN = {"marks": 0, "changes": 1, "bins": 1, "plain": 2, "quiet": 3, "few": 4}
"""Every lane loses what it can at one turn before any loses more at the next."""

COARSEST = "century"

A_BIN, A_MARK = 4, 3
"""Elements that a bin and a mark draw at least: lanes with more than fit need not be drawn."""


class Details:
    """The lanes of one chart, each at its present detail."""

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
        self._frames = [_frame(given, one, window, edge, words) for one in chosen]
        self._details = [_first(one, window) for one in chosen]
        self._unit = bins.base_unit(window)
        self._tallies = {
            at: bins.tally(one) for at, one in enumerate(chosen) if self._details[at] == "bins"
        }
        self._drawn: dict[int, LaneDrawing] = {}
        self._sizes = {
            at: A_MARK * marks.count(self._frames[at], one)
            for at, one in enumerate(chosen)
            if self._details[at] != "bins"
        }
        self._count()

    def drawn(self) -> list[LaneDrawing]:
        """Return the lanes, simplified until all draw at most ``most`` elements.

        What is sure to be too large is not drawn first.
        """
        while True:
            while sum(self._sizes.values()) > self._most and self._simplify():
                pass
            left = [at for at in range(len(self._chosen)) if at not in self._drawn]
            if not left:
                return [self._drawn[at] for at in range(len(self._chosen))]
            for at in left:
                self._redraw(at, self._details[at])

    def _simplify(self) -> bool:
        """Take detail from the fullest lane whose turn it is; tell whether there was one.

        Statements go from every lane that is at least half as full, too: what repeats on one
        line and not on the next would look as if it had been said there alone.
        """
        sizes = self._sizes
        losing = [at for at in sizes if self._details[at] in TURN]
        if not losing:
            return False
        at = min(losing, key=lambda one: (TURN[self._details[one]], -sizes[one], one))
        if self._details[at] == "bins":
            self._coarsen(at)
            return True
        alike = [at]
        if self._details[at] == "marks":
            full = [one for one in losing if self._details[one] == "marks"]
            alike = [one for one in full if 2 * sizes[one] >= sizes[at]]
        for one in alike:
            self._redraw(one, LESS[self._details[one]])
        return True

    def _coarsen(self, at: int) -> None:
        coarser = self._coarser()
        if coarser is None:
            del self._tallies[at]
            self._redraw(at, "bare")
            return
        self._unit = coarser
        self._count()

    def _redraw(self, at: int, detail: str) -> None:
        self._details[at] = detail
        self._keep(at, lanes.draw(self._frames[at], self._chosen[at], detail))

    def _keep(self, at: int, drawn: LaneDrawing) -> None:
        self._drawn[at], self._sizes[at] = drawn, elements(drawn)

    def _coarser(self) -> str | None:
        return None if self._unit == COARSEST else bins.coarser(self._unit)

    def _least(self) -> int:
        """Return how many elements the counted lanes draw at least."""
        return A_BIN * sum(one.units(self._unit, self._window) for one in self._tallies.values())

    def _count(self) -> None:
        """Draw every counted lane at the first unit that may fit; all share one scale."""
        while self._least() > self._most and (unit := self._coarser()):
            self._unit = unit
        by_unit: dict[int, dict[int, dict[int, int]]] = {
            at: one.by(self._unit, self._window) for at, one in self._tallies.items()
        }
        most = bins.tallest(by_unit.values())
        height = bins.HEIGHT[self._given.density]
        for at, tallied in self._tallies.items():
            share = lanes.Counted(self._unit, tallied, by_unit[at], most)
            self._keep(at, lanes.draw_counted(self._frames[at], self._chosen[at], share, height))


def _first(one: Lane, window: Window) -> str:
    if one.daily or one.counted:
        return "bins"
    inside = sum(window.shows(said.at) and not said.hidden for said in one.statements)
    return "bins" if inside > bins.TOO_MANY_MARKS else "marks"


def _frame(given: ChartInput, one: Lane, window: Window, edge: int, words: Wording) -> Frame:
    return Frame(
        restated=given.restated,
        window=window,
        edge=edge,
        levels=BY_DENSITY[given.density],
        scale=one.scale or given.scale,
        words=words,
        known=given.known,
        links=given.links,
        selected=given.selected,
        proof_href=given.proof_href,
    )
