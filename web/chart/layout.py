"""From lanes of statements to a chart of at most 900 SVG elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart import bins, legend, overview
from web.chart import lane as lanes
from web.chart.axis import Window, ticks
from web.chart.calendar import DAY
from web.chart.counting import elements
from web.chart.developments import developments
from web.chart.drawing import Chart, Group, LaneDrawing
from web.chart.frame import Frame
from web.chart.levels import BY_DENSITY, CARD, SPARK, Levels
from web.chart.wording import Wording

if TYPE_CHECKING:
    from timeline.domain.scales import Scale
    from web.chart.model import ChartInput, Lane

MOST_ELEMENTS = 900
"""What a browser lays out without effort and a page carries without weight."""

MANY_LANES, LATEST = 24, 12
"""Of more lanes than the first, only as many as the second are shown until asked for."""

MOST_LANES = 60
"""Lanes of one chart, however many the reader asks for."""

COARSER = {"marks": "changes", "changes": "bare"}


def draw(given: ChartInput, words: Wording | None = None) -> Chart:
    """Lay a chart out; where it would grow too large, the fullest lanes lose detail first."""
    words = words or Wording()
    window = Window(given.start, max(given.end, given.start + 1))
    edge = min(given.as_of if given.as_of is not None else given.now, window.end)
    plan = _Plan(given, window, edge, words)
    shown = plan.draw()
    while elements(shown) > MOST_ELEMENTS and plan.simplify():
        shown = plan.draw()
    return msgspec.structs.replace(shown, elements=elements(shown))


class _Plan:
    """How much detail each lane gets."""

    def __init__(self, given: ChartInput, window: Window, edge: int, words: Wording) -> None:
        self._given, self._window, self._edge, self._words = given, window, edge, words
        self._lanes = _chosen(given)
        self._unit = bins.base_unit(window)
        self._details = [self._first_detail(one) for one in self._lanes]
        self._drawn: list[LaneDrawing] = []

    def draw(self) -> Chart:
        """Return the chart at the present detail."""
        given, window, words = self._given, self._window, self._words
        self._drawn = self._draw_lanes()
        happened = developments(window, self._edge, given.developments, words)
        drawn_bars, unit = overview.bars(window, self._edge, overview.activity(given))
        hidden = len(given.lanes) - len(self._lanes) - given.first
        return Chart(
            title=words.title(given.start // DAY, given.end // DAY),
            groups=self._groups(),
            ticks=ticks(window, words),
            developments=happened,
            legend=legend.legend(
                {one.name: one for one in self._scales()}.values(),
                tuple(self._drawn),
                happened,
                words,
                known=given.known,
            ),
            bars=drawn_bars,
            bars_text=words.counted_by(unit),
            as_of=window.x(self._edge),
            past=given.as_of is not None,
            neutral=not given.scale.partisan,
            known=given.known,
            hidden=hidden,
            all_href=given.all_href if hidden else "",
            all_text=words.all_lanes(hidden) if hidden else "",
        )

    def simplify(self) -> bool:
        """Take detail from the lane that draws the most; tell whether there was any to take."""
        sizes = [elements(one) for one in self._drawn]
        for at in sorted(range(len(sizes)), key=lambda one: -sizes[one]):
            if self._details[at] == "bins":
                coarser = bins.coarser(self._unit)
                if coarser in ("month", "quarter", "year", "decade", "century"):
                    self._unit = coarser
                else:
                    self._details[at] = "bare"
                return True
            if self._details[at] in COARSER:
                self._details[at] = COARSER[self._details[at]]
                return True
        return False

    def _first_detail(self, one: Lane) -> str:
        if one.daily:
            return "bins"
        inside = sum(self._window.shows(said.at) and not said.hidden for said in one.statements)
        return "bins" if inside > bins.TOO_MANY_MARKS else "marks"

    def _draw_lanes(self) -> list[LaneDrawing]:
        counted = {
            at: bins.tally(one) for at, one in enumerate(self._lanes) if self._details[at] == "bins"
        }
        by_unit = {at: one.by(self._unit, self._window) for at, one in counted.items()}
        most = bins.tallest(by_unit.values())
        height = bins.HEIGHT[self._given.density]
        drawn = []
        for at, one in enumerate(self._lanes):
            frame = self._frame(one)
            if at in counted:
                share = lanes.Counted(self._unit, counted[at], by_unit[at], most)
                drawn.append(lanes.draw_counted(frame, one, share, height))
            else:
                drawn.append(lanes.draw(frame, one, self._details[at]))
        return drawn

    def _frame(self, one: Lane) -> Frame:
        given = self._given
        return Frame(
            window=self._window,
            edge=self._edge,
            levels=BY_DENSITY[given.density],
            scale=one.scale or given.scale,
            words=self._words,
            known=given.known,
            links=given.links,
            selected=given.selected,
            proof_href=given.proof_href,
        )

    def _scales(self) -> list[Scale]:
        return [one.scale or self._given.scale for one in self._lanes] or [self._given.scale]

    def _groups(self) -> tuple[Group, ...]:
        groups: dict[str, list[LaneDrawing]] = {}
        for one, drawn in zip(self._lanes, self._drawn, strict=True):
            groups.setdefault(one.side, []).append(drawn)
        return tuple(Group(side, tuple(members)) for side, members in groups.items())


def _chosen(given: ChartInput) -> tuple[Lane, ...]:
    """Return every lane, or of too many the latest to change, in the caller's order."""
    if given.expanded:
        return given.lanes[given.first : given.first + MOST_LANES]
    if len(given.lanes) <= MANY_LANES:
        return given.lanes
    by_change = sorted(range(len(given.lanes)), key=lambda at: -_latest_change(given.lanes[at]))
    latest = set(by_change[:LATEST])
    return tuple(one for at, one in enumerate(given.lanes) if at in latest)


def _latest_change(one: Lane) -> int:
    return max((run.start for run in one.runs if run.kind), default=-(2**63))


def card(given: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a card, 58 px high, with rings but without links."""
    return _small(given, CARD, words or Wording())


def spark(given: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a spark, 22 px high: lines and changes, no marks."""
    drawn = _small(given, SPARK, words or Wording())
    dots = tuple((riser.x, riser.y2) for riser in drawn.risers if riser.kind == "first")
    rose = tuple(msgspec.structs.replace(riser, arrow="", other_y=None) for riser in drawn.risers)
    return msgspec.structs.replace(drawn, marks=(), whiskers=(), risers=rose, dots=dots)


def _small(given: ChartInput, levels: Levels, words: Wording) -> LaneDrawing:
    one = given.lanes[0]
    window = Window(given.start, max(given.end, given.start + 1))
    edge = min(given.as_of if given.as_of is not None else given.now, window.end)
    frame = Frame(
        window=window,
        edge=edge,
        levels=levels,
        scale=one.scale or given.scale,
        words=words,
        links=False,
    )
    many = sum(window.shows(said.at) for said in one.statements) > bins.TOO_MANY_MARKS
    drawn = lanes.draw(frame, one, "changes" if many or one.daily else "marks")
    return msgspec.structs.replace(drawn, labels=())
