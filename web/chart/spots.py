"""Places on a lane: what stands there, how far its sign reaches, and what several say together."""

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
"""What a capsule covers without the figures of its number."""

FIGURE = 7
"""Pixels of a figure, or of the plus before the number of those that do not say the same."""

KNOT = Reach(12, 12, 11, 11)
RISER = Reach(1.5, 1.5, 0, 0)

CONDITION, CORRECTED, CORRECTED_UP, CROSSED, HALO = 13.5, 11.3, 10.7, 8.7, 11
"""Pixels that flags reach: the notch of a condition down, the dot of a correction to the right and
up, the cross of a retraction to both sides, the halo of what is new all around."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One place: a sign for statements that say the same, or a knot of changes without room.

    ``at`` is where its day lies, in pixels of the plot that it is laid out for, ``day`` the same
    in percent, and ``x`` where it stands; ``top`` and ``bottom`` are the levels that it covers.
    ``openings`` are places in `Lane.runs` of the positions that begin here, over whose ``levels`` a
    knot reaches; ``changes`` counts those that end another. ``shown`` is the statement whose sign
    it wears, in a ring if ``ringed`` and in a square if it is ``selected``; nothing marks an
    opening without one.
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
        """What a capsule says beside its sign: how often it was said, or how many others were."""
        count = len(self.statements)
        if count < 2 or self.is_knot:  # noqa: PLR2004
            return ""
        is_repeat = len({alike(statement) for statement in self.statements}) == 1
        return str(count) if is_repeat else f"+{count - 1}"


def alike(statement: Statement) -> tuple[object, ...]:
    """Return what statements have in common that share a sign."""
    return statement.stance, statement.rank > 0, statement.voice, statement.retracted


def is_drawn(frame: Frame, statement: Statement) -> bool:
    """Tell whether a statement has a mark in this window."""
    return not statement.hidden and frame.window.shows(statement.at)


def gather(frame: Frame, lane: Lane) -> list[list[Statement]]:
    """Group what was said on one day with one stance, in order of time."""
    days: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in sorted(lane.statements, key=lambda one: (one.at, one.number)):
        if is_drawn(frame, statement):
            days[statement.at // DAY, *alike(statement)].append(statement)
    return list(days.values())


def is_change(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position begins with a change of which readers are told."""
    return runs[place].is_told


def is_ringed(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position wears the ring of a change: first-hand words, and nothing mixed.

    A position that was lost and is taken again has one, too.
    """
    run = runs[place]
    if not run.is_told or run.rank or not isinstance(run.level, int):
        return False
    return bool(place) and runs[place - 1].level != MIXED


def reach_of(spot: Spot) -> Reach:
    """Return what a sign covers: several are a capsule, rings are wider, flags stick out."""
    if spot.is_knot:
        return KNOT
    if spot.number:
        reach = msgspec.structs.replace(CAPSULE, right=CAPSULE.right + FIGURE * len(spot.number))
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


def joined(spots: Sequence[Spot]) -> Spot:
    """Return one place for several: a capsule of what was said, or a knot of what changed."""
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
