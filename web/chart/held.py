"""Held positions as lines: solid for a while after each statement, then thin and dotted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart.calendar import noon
from web.chart.drawing import Riser, Segment
from web.chart.levels import tone
from web.chart.model import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Run

ARROW_FROM = 30
"""Pixels above which a riser carries an arrow."""
CLEAR = 14
"""Pixels from a mark at which its ring and the notch of a condition leave room for the tick."""


def drawn_at(run: Run) -> int:
    """Return the instant at which a run begins on the plot."""
    return run.start if run.timed else noon(run.start)


def segments(frame: Frame, runs: Sequence[Run], *, beside: bool = False) -> tuple[Segment, ...]:
    """Return what is held inside the window, oldest first."""
    found: list[Segment] = []
    for index, run in enumerate(runs):
        if run.level is None:
            continue
        following = runs[index + 1] if index + 1 < len(runs) and not beside else None
        spells = _spells(run, *_bounds(frame, run, following), frame.restated)
        for x1, x2, fresh in _without_specks(frame, spells):
            found.append(_segment(frame, run, x1, x2, fresh=fresh, beside=beside))
    return tuple(found)


def _without_specks(
    frame: Frame, spells: Iterable[tuple[int, int, bool]]
) -> list[tuple[float, float, bool]]:
    """Return stretches in percent; solid ones too short to be seen as such become thin."""
    inside = [*spells]
    joined: list[tuple[float, float, bool]] = []
    x2 = frame.window.x(inside[0][0]) if inside else 0.0
    for at, (_, end, fresh) in enumerate(inside, 1):
        x1, x2 = x2, frame.window.x(end)
        solid = fresh and (x2 - x1 >= frame.finest or at == len(inside))
        if joined and joined[-1][2] == solid:
            joined[-1] = (joined[-1][0], x2, solid)
        elif x2 > x1:
            joined.append((x1, x2, solid))
    return joined


def _spells(run: Run, begin: int, end: int, restated: int) -> Iterator[tuple[int, int, bool]]:
    """Cut a run into restated and not restated stretches, each from the end of the one before."""
    at = begin
    for said in sorted({run.start, *run.said}):
        said_at = max(said if run.timed else noon(said), begin)
        until = min(said + restated, end)
        if until <= at:
            continue
        if said_at > at:
            yield at, min(said_at, end), False
        yield max(at, min(said_at, end)), until, True
        at = until
    if at < end:
        yield at, end, False


def _bounds(frame: Frame, run: Run, following: Run | None) -> tuple[int, int]:
    begin = drawn_at(run)
    if following is not None:
        return begin, max(begin, min(drawn_at(following), frame.edge))
    return begin, max(begin, frame.edge if run.end is None else min(run.end, frame.edge))


def _segment(frame: Frame, run: Run, x1: float, x2: float, *, fresh: bool, beside: bool) -> Segment:
    top, height = frame.levels.band_of(run)
    states = (("stale", not fresh), ("second", run.rank > 0), ("beside", beside))
    return Segment(
        step=tone(frame.scale, run.level),
        x1=x1,
        x2=x2,
        y=frame.levels.edges(run)[0],
        band_y=top,
        band_height=height,
        state=" ".join(name for name, on in states if on),
        line=run.level != MIXED,
        band=not beside,
    )


def risers(frame: Frame, runs: Sequence[Run], earlier: Sequence[Run] = ()) -> tuple[Riser, ...]:
    """Return one riser for every change inside the window, from what was held earlier."""
    found = []
    for before, run in zip((earlier[-1] if earlier else None, *runs), runs, strict=False):
        at = drawn_at(run)
        if frame.window.start < at <= frame.edge:
            riser = _riser(frame, before, run, frame.window.x(at))
            if riser is not None:
                found.append(riser)
    return tuple(found)


def _riser(frame: Frame, before: Run | None, run: Run, x: float) -> Riser | None:
    kind = _kind(before, run)
    old, new = _edge(frame, before), _edge(frame, run)
    if kind == "thin":
        old, new = _whole(frame, before, run)
    if old == new and kind != "first":
        return None
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
    return "reported" if run.kind == "reported" else ""


def _edge(frame: Frame, run: Run | None) -> float:
    return frame.levels.middle if run is None else frame.levels.edges(run)[0]


def _whole(frame: Frame, *runs: Run | None) -> tuple[float, float]:
    """Return top and bottom of everything that two runs cover."""
    ends = [y for run in runs if run is not None for y in frame.levels.edges(run)]
    return min(ends), max(ends)
