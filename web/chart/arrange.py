"""Places on a lane: what says the same shares a sign, others make room, and no change gets lost."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from web.chart.calendar import DAY
from web.chart.held import drawn_at
from web.chart.row import PlacedSpots
from web.chart.spots import (
    CAPSULE,
    FIGURE,
    KNOT,
    RING,
    RISER,
    SIGN,
    Spot,
    alike,
    gather,
    is_change,
    is_ringed,
    joined,
    reach_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Statement

EARLY = 6
"""Pixels between two changes in the column before the window, which shows them without signs."""


MANY = 100
"""Places of a lane that are moved against each other one by one."""


def arrange(
    frame: Frame,
    lane: Lane,
    gap: float = 0,
    *,
    every: bool = True,
    openings: bool = True,
    many: int = MANY,
) -> tuple[Spot, ...]:
    """Return the places of a lane in order of time, none of whose signs covers another.

    ``gap`` more pixels are kept between two signs. Statements wear one: ``every`` one of them since
    the window begins, or those that are ``openings`` of a position, and in any case the latest and
    the selected. Of more places than ``many`` those that all but coincide share one at once.
    """
    found = _single(frame, lane, every=every, openings=openings)
    single = sorted(found, key=lambda spot: (spot.at, -len(spot.openings)))
    left = _pixels(frame, frame.window.told_left)
    right = _pixels(frame, frame.window.x(frame.edge))
    spots = _thinned(_sharing(single), many)
    percent = 100 / frame.plot
    placed = (
        msgspec.structs.replace(spot, x=round(place * percent, 3), day=round(spot.at * percent, 3))
        for spot, place in PlacedSpots(spots, left, right, gap).placed()
    )
    return (*_early(frame, lane), *placed)


def _early(frame: Frame, lane: Lane) -> tuple[Spot, ...]:
    """Return a knot for changes that the column before the window has no room for one by one."""
    window = frame.window
    found = [
        (place, _pixels(frame, window.x(drawn_at(run))))
        for place, run in enumerate(lane.runs)
        if window.begin < drawn_at(run) <= min(window.told_from, frame.edge)
        and is_change(lane.runs, place)
    ]
    if all(later - earlier >= EARLY for (_, earlier), (_, later) in pairwise(found)):
        return ()
    return (
        Spot(
            at=0,
            top=frame.levels.middle,
            bottom=frame.levels.middle,
            reach=KNOT,
            openings=tuple(place for place, _ in found),
            changes=len(found),
            is_knot=True,
            x=window.left / 2,
            day=window.left / 2,
        ),
    )


def _pixels(frame: Frame, percent: float) -> float:
    return percent / 100 * frame.plot


def _single(frame: Frame, lane: Lane, *, every: bool, openings: bool) -> Iterator[Spot]:
    """Return a place for every group of statements that wears a sign, and every opening."""
    begun = _openings(frame, lane)
    groups = gather(frame, lane)
    latest = groups[-1:]
    for group in groups:
        opening = next(
            (begun.pop(n) for statement in group if (n := statement.number) in begun), None
        )
        chosen = group in latest or any(statement.number == frame.selected for statement in group)
        told = every and group[0].at >= frame.window.start
        if told or chosen or (openings and opening is not None):
            yield _sign(frame, lane, group, opening)
        elif opening is not None:
            yield _bare(frame, lane, opening)
    for opening in begun.values():
        yield _bare(frame, lane, opening)


def _openings(frame: Frame, lane: Lane) -> dict[int, int]:
    """Return the positions that begin in the window by the statement that opens them.

    One that no statement of its day opens stands under a number below zero.
    """
    days = {statement.number: statement.at // DAY for statement in lane.statements}
    found: dict[int, int] = {}
    for place, run in enumerate(lane.runs):
        before = lane.runs[place - 1].level if place else None
        begins = run.is_told or before != run.level
        if begins and frame.window.told_from < drawn_at(run) <= frame.edge:
            is_said = days.get(run.opened_by) == run.start // DAY and run.opened_by not in found
            found[run.opened_by if is_said else -1 - place] = place
    return found


def _sign(frame: Frame, lane: Lane, group: Sequence[Statement], opening: int | None) -> Spot:
    run = None if opening is None else lane.runs[opening]
    shown = next(
        (statement for statement in group if run and statement.number == run.opened_by), group[-1]
    )
    y = frame.levels.y(shown.stance)
    at = _pixels(frame, frame.window.at(shown.at, timed=shown.timed))
    spot = Spot(
        at=at,
        top=y,
        bottom=y,
        reach=SIGN,
        statements=tuple(group),
        shown=shown,
        selected=any(statement.number == frame.selected for statement in group),
    )
    if opening is not None:
        spot = msgspec.structs.replace(
            spot,
            openings=(opening,),
            levels=frame.levels.edges(lane.runs[opening]),
            changes=int(is_change(lane.runs, opening)),
            ringed=is_ringed(lane.runs, opening),
        )
    reach = reach_of(spot)
    return spot if reach is SIGN else msgspec.structs.replace(spot, reach=reach)


def _bare(frame: Frame, lane: Lane, opening: int) -> Spot:
    run = lane.runs[opening]
    top, bottom = frame.levels.edges(run)
    at = _pixels(frame, frame.window.x(drawn_at(run)))
    return Spot(
        at=at,
        top=top,
        bottom=bottom,
        reach=RISER,
        openings=(opening,),
        levels=(top, bottom),
        changes=int(is_change(lane.runs, opening)),
        ringed=is_ringed(lane.runs, opening),
    )


def _sharing(single: Sequence[Spot]) -> list[Spot]:
    """Return places of which those share one that follow each other, touch and say the same."""
    found: list[list[Spot]] = []
    right, count = 0.0, 0
    for spot in single:
        if found and _repeats(found[-1][0], spot) and spot.at - right < spot.reach.left:
            found[-1].append(spot)
            count += len(spot.statements)
            right = found[-1][0].at + CAPSULE.right + FIGURE * len(str(count))
        else:
            found.append([spot])
            right, count = spot.at + spot.reach.right, len(spot.statements)
    return [joined(some) if len(some) > 1 else some[0] for some in found]


def _repeats(before: Spot, spot: Spot) -> bool:
    """Tell whether a place repeats the words of another; each is of one day and says one thing."""
    if spot.openings or not before.statements or not spot.statements:
        return False
    said = spot.statements[0]
    return not said.retracted and alike(before.statements[0]) == alike(said)


def _thinned(spots: list[Spot], many: int) -> list[Spot]:
    """Return places of which, if they are more, those that all but coincide share one."""
    if len(spots) <= many:
        return spots
    found = [[spots[0]]]
    for spot in spots[1:]:
        if spot.at - found[-1][0].at < RING.right:
            found[-1].append(spot)
        else:
            found.append([spot])
    return [joined(some) if len(some) > 1 else some[0] for some in found]
