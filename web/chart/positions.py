"""Positions as lines: solid for a while after each statement, then thin and dotted."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from web.chart.calendar import noon
from web.chart.drawing import Riser, Segment
from web.chart.levels import tone
from web.chart.model import MIXED, Run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from web.chart.frame import Frame
    from web.chart.spots import Spot

ARROW_FROM = 30
"""Pixels above which a riser carries an arrow."""
SHORT = 6
"""Half the pixels of a riser between two positions of one level."""

CLEAR = 14
"""Pixels between a mark and a tick, clear of its ring and the notch of a condition."""


def plot_start(run: Run) -> int:
    """Return the instant at which a run begins on the plot."""
    return run.start if run.timed else noon(run.start)


class PlottedPosition(msgspec.Struct, frozen=True):
    """A position on the plot, from ``x1`` to ``x2`` percent, after the one ``before``.

    ``begin`` and ``end`` are instants. ``opens`` if it begins on the plot, ``early`` if in the
    column before the window, ``in_knot`` if its beginning is part of a knot.
    """

    run: Run
    before: Run | None
    begin: int
    end: int
    x1: float
    x2: float
    opens: bool
    early: bool = False
    in_knot: bool = False


def plot_positions(
    frame: Frame,
    runs: Sequence[Run],
    moved_to: Mapping[int, float] = MappingProxyType({}),
    knots: Collection[int] = (),
) -> tuple[PlottedPosition, ...]:
    """Return the positions inside the window, and the one that is held when it begins.

    ``moved_to`` gives the percent of moved beginnings by index of the run; ``knots`` are the
    indexes of runs that begin in a knot.
    """
    begun_places = [place for place, run in enumerate(runs) if plot_start(run) <= frame.edge]
    entered_places = [
        place for place in begun_places if plot_start(runs[place]) <= frame.window.begin
    ]
    shown = begun_places[len(entered_places) - 1 if entered_places else 0 :]
    x = {place: moved_to.get(place, frame.window.x(plot_start(runs[place]))) for place in shown}
    ends = {place: _end(frame, runs, place) for place in shown}
    return tuple(
        PlottedPosition(
            run=runs[place],
            before=runs[place - 1] if place else None,
            begin=plot_start(runs[place]),
            end=ends[place],
            x1=x[place],
            x2=max(x[place], x.get(place + 1, frame.window.x(ends[place]))),
            opens=plot_start(runs[place]) > frame.window.begin,
            early=plot_start(runs[place]) <= frame.window.signs_from,
            in_knot=place in knots,
        )
        for place in shown
    )


def plot_positions_at(
    frame: Frame, runs: Sequence[Run], spots: Sequence[Spot]
) -> tuple[PlottedPosition, ...]:
    """Return the positions, beginning where these places were moved to."""
    moved_to = {place: spot.x for spot in spots for place in spot.openings}
    knots = {place for spot in spots if spot.is_knot for place in spot.openings}
    return plot_positions(frame, runs, moved_to, knots)


def without_areas(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return segments without areas; a mixed one has no line and keeps its area."""
    return tuple(msgspec.structs.replace(segment, band=not segment.line) for segment in segments)


def _end(frame: Frame, runs: Sequence[Run], place: int) -> int:
    """Return the instant at which a position ends on the plot: with the next, or at its edge."""
    run, begin = runs[place], plot_start(runs[place])
    if place + 1 < len(runs):
        return max(begin, min(plot_start(runs[place + 1]), frame.edge))
    return max(begin, frame.edge if run.end is None else min(run.end, frame.edge))


def segments(
    frame: Frame, positions: Iterable[PlottedPosition], *, is_beside: bool = False
) -> tuple[Segment, ...]:
    """Return the segments of positions, oldest first."""
    return tuple(
        _segment(frame, position.run, x1, x2, fresh=fresh, is_beside=is_beside)
        for position in positions
        if position.run.level is not None
        for x1, x2, fresh in _visible_stretches(frame, position)
    )


def _visible_stretches(frame: Frame, position: PlottedPosition) -> list[tuple[float, float, bool]]:
    """Return stretches in percent; solid ones that are too short become thin."""
    spells = _spells(position.run, position.begin, position.end, frame.restated)
    inside = [list(of_one_kind)[-1] for _, of_one_kind in groupby(spells, itemgetter(1))]
    joined: list[tuple[float, float, bool]] = []
    x2 = position.x1
    for at, (end, fresh) in enumerate(inside, 1):
        is_last = at == len(inside)
        x1, x2 = (
            x2,
            position.x2 if is_last else min(max(frame.window.x(end), position.x1), position.x2),
        )
        solid = fresh and (x2 - x1 >= frame.finest or is_last)
        if joined and joined[-1][2] == solid:
            joined[-1] = (joined[-1][0], x2, solid)
        elif x2 > x1:
            joined.append((x1, x2, solid))
    return joined


def _spells(run: Run, begin: int, end: int, restated: int) -> Iterator[tuple[int, bool]]:
    """Yield the ends of successive stretches of a run, and whether each is freshly restated."""
    at = begin
    for said in sorted({run.start, *run.said}):
        said_at = max(said if run.timed else noon(said), begin)
        lost = next((gap for gap in run.unwatched if gap > said_at), end)
        until = min(said + restated, end, lost)
        if until <= at:
            continue
        if said_at > at:
            yield min(said_at, end), False
        yield until, True
        at = until
    if at < end or at == begin:
        yield end, False


def _segment(
    frame: Frame, run: Run, x1: float, x2: float, *, fresh: bool, is_beside: bool
) -> Segment:
    top, height = frame.levels.band_of(run)
    states = (
        ("stale", not fresh),
        ("open", not fresh and run.stale),
        ("second", run.rank > 0),
        ("beside", is_beside),
    )
    return Segment(
        step=tone(frame.scale, run.level),
        x1=x1,
        x2=x2,
        y=frame.levels.edges(run)[0],
        band_y=top,
        band_height=height,
        state=" ".join(name for name, on in states if on),
        line=run.level != MIXED,
        band=not is_beside,
    )


def risers(frame: Frame, positions: Iterable[PlottedPosition]) -> tuple[Riser, ...]:
    """Return a riser for every change inside the window that is not in a knot."""
    shown = [position for position in positions if position.opens and not position.in_knot]
    drawn = [
        (position, _riser(frame, position.before, position.run, position.x1)) for position in shown
    ]
    return tuple(
        msgspec.structs.replace(riser, arrow="", other_y=None) if position.early else riser
        for position, riser in drawn
        if riser is not None
    )


def _riser(frame: Frame, before: Run | None, run: Run, x: float) -> Riser | None:
    kind = _kind(before, run)
    old, new = _edge(frame, before), _edge(frame, run)
    if kind == "thin":
        old, new = _full_height(frame, before, run)
    if old == new and kind != "first":
        if before is None or before.level == run.level:
            return None
        old, new = old - SHORT, new + SHORT
    arrow = ""
    if kind == "" and abs(new - old) > ARROW_FROM:
        arrow = "up" if new < old else "dn"
    other_y = None
    if run.other_speaker and kind in ("", "reported", "thin"):
        clear = max(CLEAR, 0.78 * abs(new - old))
        other_y = round(new - clear if new > old else new + clear, 2)
    return Riser(x, old, new, kind, arrow, (old + new) / 2, other_y)


def _kind(before: Run | None, run: Run) -> str:
    if before is None or before.level is None:
        return "first"
    if run.level is None:
        return "lost"
    if MIXED in (before.level, run.level):
        return "thin"
    if run.kind != "changed":
        return "step"
    return "reported" if run.rank else ""


def _edge(frame: Frame, run: Run | None) -> float:
    return frame.levels.middle if run is None else frame.levels.edges(run)[0]


def _full_height(frame: Frame, *runs: Run | None) -> tuple[float, float]:
    """Return top and bottom of everything that two runs cover."""
    ends = [y for run in runs if run is not None for y in frame.levels.edges(run)]
    return min(ends), max(ends)
