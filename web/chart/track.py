"""The track of an opened side: time runs down, stances lie across, words are beside it.

Each row of words draws its own piece of the line: down to its mark, across where the position
changes, and on to the end of the row, however long the words are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart.levels import tone
from web.chart.model import MIXED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.scales import Scale
    from web.chart.model import Level

WIDTH, MIDDLE, GAP = 84, 42, 15
"""Pixels of the rail, of its middle from the left, and between two stances."""

TOP = 14
"""Pixels from the top of a row down to its mark."""

BAND = 6


class RailPosition(msgspec.Struct, frozen=True):
    """A position on the rail; ``lowest`` and ``highest`` bound a mixed one, ``rank`` is the rank.

    It is ``stale`` if it was not said again for long.
    """

    level: Level = None
    lowest: int | None = None
    highest: int | None = None
    rank: int = 0
    stale: bool = False


class Strand(msgspec.Struct, frozen=True):
    """A stretch of a position: a line at ``x`` and a band; to the end of the row without ``y2``."""

    step: str
    state: str
    x: float
    band_x: float
    band_width: float
    line: bool
    y1: int
    y2: int | None


class RailMark(msgspec.Struct, frozen=True):
    """The mark of a statement on the rail; ``second`` if the words are not the actor's own."""

    x: float
    step: str
    ringed: bool = False
    second: bool = False
    condition: bool = False
    retracted: bool = False


class Rail(msgspec.Struct, frozen=True):
    """The piece of the line beside one row; ``across`` are both ends of a change, and its kind."""

    strands: tuple[Strand, ...] = ()
    across: tuple[float, float, str] | None = None
    marks: tuple[RailMark, ...] = ()


def x(stance: int | None) -> float:
    """Return pixels from the left of the rail; no position lies in the middle."""
    return MIDDLE + GAP * (stance or 0)


def rail(
    scale: Scale,
    before: RailPosition,
    after: RailPosition,
    marks: Sequence[RailMark] = (),
    kind: str = "",
) -> Rail:
    """Return the piece beside a row at whose mark a position changes, by ``kind``."""
    changes = before.level != after.level
    strands = [_strand(scale, before, 0, TOP)] if changes else []
    strands.append(_strand(scale, after, TOP if changes else 0, None))
    across = (_edge(before), _edge(after), kind) if changes and after.level is not None else None
    return Rail(tuple(filter(None, strands)), across, tuple(marks))


def _edge(position: RailPosition) -> float:
    """Return where a change begins or ends; no position lies in the middle."""
    if position.level == MIXED:
        return (x(position.lowest) + x(position.highest)) / 2
    return x(position.level)


def _strand(scale: Scale, position: RailPosition, y1: int, y2: int | None) -> Strand | None:
    if position.level is None:
        return None
    states = (("stale", position.stale), ("second", position.rank > 0))
    state = " ".join(name for name, on in states if on)
    at = _edge(position)
    if position.level == MIXED:
        left, width = x(position.lowest), x(position.highest) - x(position.lowest)
    else:
        left, width = (at - BAND if at > MIDDLE else at), float(BAND)
        left = at - BAND / 2 if at == MIDDLE else left
    return Strand(
        tone(scale, position.level), state, at, left, width, position.level != MIXED, y1, y2
    )
