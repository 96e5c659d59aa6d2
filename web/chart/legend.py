"""The legend: the scale's words, and those other marks that this chart really shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart.calendar import DAY
from web.chart.counting import elements
from web.chart.drawing import LegendItem
from web.chart.levels import step
from web.chart.model import MIXED, RESTATED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from timeline.domain.scales import Scale
    from web.chart.drawing import DevelopmentMark, LaneDrawing, Mark
    from web.chart.wording import Wording


def legend(
    scales: Iterable[Scale],
    lanes: tuple[LaneDrawing, ...],
    happened: tuple[DevelopmentMark, ...],
    words: Wording,
    *,
    known: bool,
    restated: Collection[int] = (RESTATED,),
) -> tuple[LegendItem, ...]:
    """Return the entries in the order in which they are read."""
    items = _manners(lanes, happened, words, known=known, restated=restated)
    shown = [item for item, is_shown in items if is_shown]
    return (*_steps(scales, words), *shown)


def most(scales: Iterable[Scale], words: Wording) -> int:
    """Return how many elements the legend draws if every mark is shown."""
    every = [item for item, _ in _manners((), (), words, known=True)]
    return sum(map(elements, (*_steps(scales, words), *every)))


def _steps(scales: Iterable[Scale], words: Wording) -> list[LegendItem]:
    return [
        LegendItem("mark-" + step(scale, stance), words.stance(scale, stance), not scale.partisan)
        for scale in scales
        for stance in reversed(scale.steps)
    ]


def _manners(
    lanes: tuple[LaneDrawing, ...],
    happened: tuple[DevelopmentMark, ...],
    words: Wording,
    *,
    known: bool,
    restated: Collection[int] = (RESTATED,),
) -> list[tuple[LegendItem, bool]]:
    _ = words.gettext
    marks = [mark for lane in lanes for mark in lane.marks]
    segments = [segment for lane in lanes for segment in lane.segments]
    risers = [riser for lane in lanes for riser in lane.risers]
    return [
        (
            LegendItem("mark-mixed", words.gettext(MIXED)),
            any(segment.step == "mixed" for segment in segments),
        ),
        (LegendItem("mark-none", _("no position")), any(mark.step == "none" for mark in marks)),
        (LegendItem("dev", _("development")), bool(happened)),
        (LegendItem("changed", _("position changed")), any(mark.ringed for mark in marks)),
        (
            LegendItem("other", _("another person spoke")),
            any(riser.other_y is not None for riser in risers),
        ),
        (LegendItem("second", _heard(marks, words)), any(mark.second for mark in marks)),
        (
            LegendItem("voice", _("speaks for the side, does not decide")),
            any(mark.voice for mark in marks),
        ),
        (
            LegendItem("differs", _("people of one side differ")),
            any(mark.differs for mark in marks),
        ),
        (LegendItem("if", _("on a condition")), any(mark.condition for mark in marks)),
        (
            LegendItem("stale", _not_said_again(restated, words)),
            any("stale" in segment.state for segment in segments),
        ),
        (
            LegendItem("unwatched", _("not monitored; gaps mean nothing")),
            any(lane.unwatched for lane in lanes),
        ),
        (LegendItem("several", _("said several times")), any(mark.count for mark in marks)),
        (
            LegendItem("knot", _("several changes, too close to draw")),
            any(mark.knot for mark in marks),
        ),
        (LegendItem("pin", _("shifted; the pin shows the day")), any(mark.pin for mark in marks)),
        (LegendItem("tail", _("said → recorded")), known and any(lane.tails for lane in lanes)),
        (LegendItem("new", _("new to you")), any(mark.is_new for mark in marks)),
    ]


def _not_said_again(restated: Collection[int], words: Wording) -> str:
    """Return what thin lines stand for; lanes of several topics have a rhythm each."""
    if len(restated) > 1:
        return words.gettext("not said again for longer than usual")
    return words.not_said_again(min(restated) // DAY)


def _heard(marks: list[Mark], words: Wording) -> str:
    """Return what the dashed rings of a chart stand for."""
    ranks = {mark.rank for mark in marks}
    if ranks >= {1, 2}:
        return words.gettext("second-hand or ascribed")
    return words.gettext("ascribed") if 2 in ranks else words.gettext("second-hand")  # noqa: PLR2004
