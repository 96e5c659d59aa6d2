"""The places of a lane: their statements, the size of their signs, and joined places."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from web.chart.calendar import DAY
from web.chart.model import MIXED, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run


class Reach(msgspec.Struct, frozen=True):
    """Pixels that a sign covers around its place."""

    left: float
    right: float
    up: float
    down: float


SIGN = Reach(7.5, 7.5, 7.5, 7.5)
RING = Reach(10.5, 10.5, 10.5, 10.5)
SQUARE = Reach(11.5, 11.5, 11.5, 11.5)
CAPSULE = Reach(11, 20, 10.5, 10.5)
"""The area of a capsule without its number."""

FIGURE = 7
"""The width in pixels of a digit, or of a plus sign."""

KNOT = Reach(12, 12, 11, 11)
RISER = Reach(1.5, 1.5, 0, 0)

CONDITION, CORRECTED, CORRECTED_UP, CROSSED, HALO = 13.5, 11.3, 10.7, 8.7, 11
"""Pixels that flags reach: the notch of a condition down, the dot of a correction to the right and
up, the cross of a retraction to both sides, the halo of what is new all around."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One place: a sign for statements that say the same, or a knot of changes without room.

    ``at`` is its day in pixels of the plot, ``day`` the same in percent, ``x`` its place after
    moving; ``top`` and ``bottom`` are the levels that it covers. ``openings`` are indexes in
    `Lane.runs` of positions that begin here, with their ``levels``; ``changes`` counts those that
    end another position. ``shown`` is the statement that gives the sign, ``ringed`` or in a square
    if ``selected``; an opening without one has no mark.
    """

    at: float
    top: float
    bottom: float
    reach: Reach
    statements: tuple[Statement, ...] = ()
    shown: Statement | None = None
    openings: tuple[int, ...] = ()
    levels: tuple[float, ...] = ()
    changes: int = 0
    ringed: bool = False
    selected: bool = False
    is_knot: bool = False
    day: float = 0
    x: float = 0

    @property
    def number(self) -> str:
        """The number in a capsule: how often it was said, or how many others were."""
        count = len(self.statements)
        if count < 2 or self.is_knot:  # noqa: PLR2004
            return ""
        is_repeat = len({words_key(statement) for statement in self.statements}) == 1
        return str(count) if is_repeat else f"+{count - 1}"


def words_key(statement: Statement) -> tuple[object, ...]:
    """Return the key by which statements share a sign."""
    return statement.stance, statement.rank > 0, statement.voice, statement.retracted


def is_drawn(frame: Frame, statement: Statement) -> bool:
    """Tell whether a statement has a mark in this window."""
    return not statement.hidden and frame.window.shows(statement.at)


def gather(frame: Frame, lane: Lane) -> list[list[Statement]]:
    """Group the statements of one day and stance, in order of time."""
    days: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in sorted(
        lane.statements, key=lambda statement: (statement.at, statement.number)
    ):
        if is_drawn(frame, statement):
            days[statement.at // DAY, *words_key(statement)].append(statement)
    return list(days.values())


def is_change(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position begins with a published change."""
    return runs[place].is_published


def is_ringed(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position has the ring of a change: first-hand words, not mixed.

    A position that was lost and is taken again has one, too.
    """
    run = runs[place]
    if not run.is_published or run.rank or not isinstance(run.level, int):
        return False
    return bool(place) and runs[place - 1].level != MIXED


def reach_of(spot: Spot) -> Reach:
    """Return the area of a sign, with its capsule, ring and flags."""
    if spot.is_knot:
        return KNOT
    if number := spot.number:
        reach = msgspec.structs.replace(CAPSULE, right=CAPSULE.right + FIGURE * len(number))
    elif spot.selected:
        reach = SQUARE
    elif spot.ringed or any(statement.rank or statement.is_new for statement in spot.statements):
        reach = RING
    else:
        reach = SIGN
    said = spot.statements
    if not any(
        statement.condition or statement.corrected or statement.retracted or statement.is_new
        for statement in said
    ):
        return reach
    down = CONDITION if any(statement.condition for statement in said) else 0
    corner, up = (
        (CORRECTED, CORRECTED_UP) if any(statement.corrected for statement in said) else (0, 0)
    )
    side = CROSSED if any(statement.retracted for statement in said) else 0
    halo = HALO if any(statement.is_new for statement in said) else 0
    return Reach(
        left=max(reach.left, side, halo),
        right=max(reach.right, corner, side, halo),
        up=max(reach.up, up, halo),
        down=max(reach.down, down, halo),
    )


def join_spots(spots: Sequence[Spot]) -> Spot:
    """Join several places: a capsule of statements, or a knot of changes."""
    statements = tuple(statement for spot in spots for statement in spot.statements)
    openings = tuple(place for spot in spots for place in spot.openings)
    levels = tuple(y for spot in spots for y in spot.levels)
    opening = sorted((spot for spot in spots if spot.openings), key=lambda spot: -spot.changes)
    telling = [*opening, *(spot for spot in spots if spot.shown and spot.shown.stance is not None)]
    shown = next((spot for spot in (*telling, *spots) if spot.shown), spots[0])
    changes = sum(spot.changes for spot in spots)
    is_knot = changes > 1
    joined = Spot(
        at=(spots[0].at + spots[-1].at) / 2 if is_knot else shown.at,
        top=min(levels) if is_knot else shown.top,
        bottom=max(levels) if is_knot else shown.bottom,
        reach=KNOT,
        statements=statements,
        shown=shown.shown,
        openings=openings,
        levels=levels,
        changes=changes,
        ringed=not is_knot and any(spot.ringed for spot in opening),
        selected=any(spot.selected for spot in spots),
        is_knot=is_knot,
    )
    return msgspec.structs.replace(joined, reach=reach_of(joined))
