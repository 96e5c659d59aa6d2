"""Places of a lane as marks: a sign, a capsule with a number, a knot of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart.calendar import DAY
from web.chart.drawing import InexactBar, Mark, Pin
from web.chart.levels import step
from web.chart.spots import is_change, is_drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run, Statement
    from web.chart.spots import Spot

BESIDE = 3
"""Days before and after those of a knot that its address shows."""

OPEN = 3
"""Percent of the plot that the bar of a date without a beginning takes."""

PIN = 5
"""Pixels from a mark to the end of its pin."""

MOVED = 3
"""Pixels from its day at which a mark is pinned to it."""


def marks(frame: Frame, lane: Lane, spots: Iterable[Spot]) -> tuple[Mark, ...]:
    """Return the marks of places that have a sign, in order of time."""
    return tuple(_mark(frame, lane, spot) for spot in spots if spot.shown or spot.is_knot)


def _mark(frame: Frame, lane: Lane, spot: Spot) -> Mark:
    return _knot(frame, lane, spot) if spot.is_knot else _sign(frame, lane, spot)


def _sign(frame: Frame, lane: Lane, spot: Spot) -> Mark:
    said, shown = spot.statements, spot.shown or spot.statements[0]
    opener = _opener(lane, spot)
    chosen = next((statement for statement in said if statement.number == frame.selected), None)
    return Mark(
        numbers=tuple(sorted(statement.number for statement in said)),
        x=spot.x,
        y=spot.top,
        step=step(frame.scale, shown.stance),
        sentence=_sentence(frame, lane, said, shown, opener),
        href=_href(frame, lane, said),
        proof=_proof(frame, said, shown),
        pin=_pin(frame, spot),
        opens=opener is not None,
        changed=opener is not None and opener.is_published,
        ringed=spot.ringed,
        rank=shown.rank,
        voice=shown.voice,
        differs=any(statement.differs for statement in said),
        is_new=any(statement.is_new for statement in said),
        selected=chosen is not None,
        corrected=any(statement.corrected for statement in said),
        retracted=shown.retracted,
        condition=any(bool(statement.condition) for statement in said),
        count=spot.number,
        turning=max(statement.turning for statement in said),
    )


def _opener(lane: Lane, spot: Spot) -> Run | None:
    """Return the position that begins at a place, of several the one that ended another."""
    places = [place for place in spot.openings if is_change(lane.runs, place)] or spot.openings
    return lane.runs[places[0]] if places else None


def _pin(frame: Frame, spot: Spot) -> Pin | None:
    """Return the way from a mark to its day if it was moved away from it."""
    if abs(spot.x - spot.day) / 100 * frame.plot < MOVED:
        return None
    foot, top = spot.bottom + spot.reach.down, spot.top - spot.reach.up
    ends = (foot, foot + PIN) if foot + PIN <= frame.levels.height else (top, top - PIN)
    return Pin(spot.day, *ends)


def _knot(frame: Frame, lane: Lane, spot: Spot) -> Mark:
    """Return the mark of several changes, which leads to their days."""
    runs = [lane.runs[place] for place in spot.openings]
    first, last = runs[0].start // DAY, runs[-1].start // DAY
    levels = [y for run in runs for y in frame.levels.edges(run)]
    when = frame.words.days(first, last)
    return Mark(
        numbers=tuple(sorted(statement.number for statement in spot.statements))
        or (runs[0].opened_by,),
        x=spot.x,
        y=min(levels),
        bottom=max(levels),
        step=step(frame.scale, runs[-1].level),
        sentence=frame.words.knot(spot.changes, when),
        href=_days_href(frame, lane, first, last),
        opens=True,
        changed=True,
        is_new=any(statement.is_new for statement in spot.statements),
        selected=any(statement.number == frame.selected for statement in spot.statements),
        knot=spot.changes,
    )


def _days_href(frame: Frame, lane: Lane, first: int, last: int) -> str:
    """Return the address that shows these days on the whole plot, or lists what was said."""
    if not frame.links:
        return ""
    since, until = frame.words.iso(first - BESIDE), frame.words.iso(last + BESIDE)
    if not frame.zoom_href or not since or not until:
        return listed(lane, frame, first, last) if lane.list_href else ""
    return frame.zoom_href.replace("{from}", since).replace("{to}", until)


def _before(lane: Lane, run: Run) -> Run | None:
    at = lane.runs.index(run)
    return lane.runs[at - 1] if at else None


def _sentence(
    frame: Frame, lane: Lane, group: Sequence[Statement], shown: Statement, opener: Run | None
) -> str:
    sentence = frame.words.statement(frame.scale, shown, _changed(frame, lane, opener))
    return sentence if len(group) == 1 else frame.words.several(len(group), sentence)


def _changed(frame: Frame, lane: Lane, opener: Run | None) -> str:
    """Return what a position changed from, if readers are told that it changed."""
    old = _before(lane, opener) if opener else None
    if opener is None or old is None or old.level is None or not opener.is_published:
        return ""
    if opener.kind == "terms":
        return frame.words.changed_terms()
    sentence = frame.words.changed(frame.scale, old.level, opener.level)
    if opener.other_speaker:
        sentence += f" {frame.words.another_speaker()}"
    return f"{sentence} {frame.words.other_wording()}" if opener.other_wording else sentence


def _href(frame: Frame, lane: Lane, group: Sequence[Statement]) -> str:
    if not frame.links:
        return ""
    if len(group) > 1 and lane.list_href:
        days = [statement.at // DAY for statement in group]
        return listed(lane, frame, min(days), max(days))
    return f"/s/{group[-1].number}"


def listed(lane: Lane, frame: Frame, first: int, last: int) -> str:
    """Return the address of the lane's statements from one day to another."""
    glue = "&" if "?" in lane.list_href else "?"
    since, until = frame.words.iso(first), frame.words.iso(last)
    return f"{lane.list_href}{glue}from={since}&to={until}" if since and until else lane.list_href


def _proof(frame: Frame, said: Sequence[Statement], shown: Statement) -> str:
    """Return the address that opens a statement's proof, or all that share a sign."""
    if not frame.links:
        return ""
    if len(said) > 1 and frame.several_href:
        ends = frame.several_href.replace("{n}", str(said[0].number))
        return ends.replace("{m}", str(said[-1].number))
    return frame.proof_href.replace("{n}", str(shown.number))


def whiskers(frame: Frame, statements: Iterable[Statement]) -> tuple[InexactBar, ...]:
    """Return a bar for every date that is wider than a day; one without a beginning is short."""
    bars = []
    for statement in statements:
        if (
            statement.latest is None
            or not is_drawn(frame, statement)
            or statement.at < frame.window.start
        ):
            continue
        y = frame.levels.y(statement.stance)
        if statement.earliest is None:
            end = frame.window.at(statement.at, timed=statement.timed)
            bars.append(InexactBar(max(end - OPEN, 0), end, y))
        elif statement.latest // DAY > statement.earliest // DAY:
            bars.append(
                InexactBar(frame.window.x(statement.earliest), frame.window.x(statement.latest), y)
            )
    return tuple(bars)


def tails(frame: Frame, statements: Iterable[Statement]) -> tuple[InexactBar, ...]:
    """Return, on the known clock, the way from said to recorded."""
    if not frame.known:
        return ()
    drawn = [
        statement
        for statement in statements
        if statement.recorded is not None and is_drawn(frame, statement)
    ]
    return tuple(
        InexactBar(
            frame.window.at(statement.at, timed=statement.timed),
            frame.window.x(statement.recorded or statement.at),
            frame.levels.y(statement.stance),
        )
        for statement in drawn
        if (statement.recorded or statement.at) // DAY > statement.at // DAY
    )
