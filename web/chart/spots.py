"""Places on a lane: what says the same shares a sign, others make room, and no change gets lost."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from web.chart.calendar import DAY
from web.chart.held import drawn_at
from web.chart.model import MIXED, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run

AWAY = 20
"""Pixels that a sign may stand from its date to make room."""

LOST = 1e-6
"""Pixels that are lost in the arithmetic of fractions."""

EARLY = 6
"""Pixels between two changes in the column before the window, which shows them without signs."""

MANY = 100
"""Places of a lane that are moved against each other one by one."""


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
WIDEST = 60
"""Pixels that no sign reaches."""

CONDITION, CORRECTED, CROSSED = 13.5, 10.7, 8.5
"""Pixels that flags reach: the notch of a condition down, the dot of a correction up and to the
right, the cross of a retraction to both sides."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One place: a sign for statements that say the same, or a knot of changes without room.

    ``at`` is where its day lies, in pixels of the plot that it is laid out for, ``day`` the same
    in percent, and ``x`` where it stands; ``top`` and ``bottom`` are the levels that it covers.
    ``openings`` are places in `Lane.runs` of the positions that begin here, ``changes`` counts
    those that end another. ``shown`` is the statement whose sign it wears, in a ring if
    ``ringed`` and in a square if it is ``selected``; nothing marks an opening without one.
    """

    at: float
    top: float
    bottom: float
    reach: Reach
    statements: tuple[Statement, ...] = ()
    shown: Statement | None = None
    openings: tuple[int, ...] = ()
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
        is_repeat = len({alike(one) for one in self.statements}) == 1
        return str(count) if is_repeat else f"+{count - 1}"


def alike(one: Statement) -> tuple[object, ...]:
    """Return what statements have in common that share a sign."""
    return one.stance, one.rank > 0, one.retracted


def is_drawn(frame: Frame, statement: Statement) -> bool:
    """Tell whether a statement has a mark in this window."""
    return not statement.hidden and frame.window.shows(statement.at)


def gather(frame: Frame, lane: Lane) -> list[list[Statement]]:
    """Group what was said on one day with one stance, in order of time."""
    days: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for one in sorted(lane.statements, key=lambda one: (one.at, one.number)):
        if is_drawn(frame, one):
            days[one.at // DAY, *alike(one)].append(one)
    return list(days.values())


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
    single = sorted(found, key=lambda one: (one.at, -len(one.openings)))
    left = _pixels(frame, frame.window.told_left)
    right = _pixels(frame, frame.window.x(frame.edge))
    spots = _thinned(_sharing(single), many)
    percent = 100 / frame.plot
    placed = (
        msgspec.structs.replace(one, x=round(place * percent, 3), day=round(one.at * percent, 3))
        for one, place in _Row(spots, left, right, gap).placed()
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
        opening = next((begun.pop(n) for one in group if (n := one.number) in begun), None)
        chosen = group in latest or any(one.number == frame.selected for one in group)
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
    days = {one.number: one.at // DAY for one in lane.statements}
    found: dict[int, int] = {}
    for place, run in enumerate(lane.runs):
        before = lane.runs[place - 1].level if place else None
        if before != run.level and frame.window.told_from < drawn_at(run) <= frame.edge:
            is_said = days.get(run.opened_by) == run.start // DAY and run.opened_by not in found
            found[run.opened_by if is_said else -1 - place] = place
    return found


def _sign(frame: Frame, lane: Lane, group: Sequence[Statement], opening: int | None) -> Spot:
    run = None if opening is None else lane.runs[opening]
    shown = next((one for one in group if run and one.number == run.opened_by), group[-1])
    y = frame.levels.y(shown.stance)
    at = _pixels(frame, frame.window.at(shown.at, timed=shown.timed))
    spot = Spot(
        at=at,
        top=y,
        bottom=y,
        reach=SIGN,
        statements=tuple(group),
        shown=shown,
        selected=any(one.number == frame.selected for one in group),
    )
    if opening is not None:
        changes = int(is_change(lane.runs, opening))
        ringed = is_ringed(lane.runs, opening)
        spot = msgspec.structs.replace(spot, openings=(opening,), changes=changes, ringed=ringed)
    reach = _reach(spot)
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
        changes=int(is_change(lane.runs, opening)),
        ringed=is_ringed(lane.runs, opening),
    )


def is_change(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position ended another one, rather than being the first."""
    before = runs[place - 1].level if place else None
    return before is not None and before != runs[place].level


def is_ringed(runs: Sequence[Run], place: int) -> bool:
    """Tell whether a position wears the ring of a change: first-hand words, and nothing mixed.

    A position that was lost and is taken again has one, too.
    """
    run = runs[place]
    if not place or run.kind not in ("reversal", "shift") or not isinstance(run.level, int):
        return False
    return runs[place - 1].level not in (MIXED, run.level)


def _reach(spot: Spot) -> Reach:
    """Return what a sign covers: several are a capsule, rings are wider, flags stick out."""
    if spot.is_knot:
        return KNOT
    if spot.number:
        reach = msgspec.structs.replace(CAPSULE, right=CAPSULE.right + FIGURE * len(spot.number))
    elif spot.selected:
        reach = SQUARE
    elif spot.ringed or any(one.rank or one.is_new for one in spot.statements):
        reach = RING
    else:
        reach = SIGN
    flagged = [one for one in spot.statements if one.condition or one.corrected or one.retracted]
    if not flagged:
        return reach
    down = CONDITION if any(one.condition for one in flagged) else 0
    corner = CORRECTED if any(one.corrected for one in flagged) else 0
    side = CROSSED if any(one.retracted for one in flagged) else 0
    return Reach(
        left=max(reach.left, side),
        right=max(reach.right, corner, side),
        up=max(reach.up, corner),
        down=max(reach.down, down),
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
    return [_joined(some) if len(some) > 1 else some[0] for some in found]


def _repeats(before: Spot, spot: Spot) -> bool:
    """Tell whether a place repeats the words of another; each is of one day and says one thing."""
    if spot.openings or not before.statements or not spot.statements:
        return False
    said = spot.statements[0]
    return not said.retracted and alike(before.statements[0]) == alike(said)


def _joined(spots: Sequence[Spot]) -> Spot:
    """Return one place for several: a capsule of what was said, or a knot of what changed."""
    statements = tuple(one for spot in spots for one in spot.statements)
    openings = tuple(place for spot in spots for place in spot.openings)
    opening = sorted((spot for spot in spots if spot.openings), key=lambda one: -one.changes)
    telling = [*opening, *(spot for spot in spots if spot.shown and spot.shown.stance is not None)]
    shown = next((spot for spot in (*telling, *spots) if spot.shown), spots[0])
    changes = sum(spot.changes for spot in spots)
    is_knot = changes > 1
    joined = Spot(
        at=(spots[0].at + spots[-1].at) / 2 if is_knot else shown.at,
        top=min(spot.top for spot in spots) if is_knot else shown.top,
        bottom=max(spot.bottom for spot in spots) if is_knot else shown.bottom,
        reach=KNOT,
        statements=statements,
        shown=shown.shown,
        openings=openings,
        changes=changes,
        ringed=not is_knot and any(spot.ringed for spot in opening),
        selected=any(spot.selected for spot in spots),
        is_knot=is_knot,
    )
    return msgspec.structs.replace(joined, reach=_reach(joined))


def _apart(before: Spot, spot: Spot, gap: float) -> float:
    """Return the pixels that must lie between two places, none where they cannot meet."""
    if not before.shown and not spot.shown and not (before.is_knot or spot.is_knot):
        return before.reach.right + spot.reach.left + gap
    is_level = (
        before.bottom + before.reach.down > spot.top - spot.reach.up
        and spot.bottom + spot.reach.down > before.top - before.reach.up
    )
    return before.reach.right + spot.reach.left + gap if is_level else 0


class _Row:
    """Places moved against each other between two ends, each in its order and near its day."""

    def __init__(self, spots: Sequence[Spot], left: float, right: float, gap: float) -> None:
        self._spots, self._left, self._right, self._gap = [*spots], left, right, gap
        self._far = 2 * AWAY + WIDEST + gap
        self._latest = [0.0] * len(spots)
        # How many places further stands the one that presses from the right, or from the left.
        self._after: list[int] = [0] * len(spots)
        self._before: list[int] = [0] * len(spots)
        self._places: list[float] = []

    def placed(self) -> Iterator[tuple[Spot, float]]:
        """Return every place and where it stands; those without room are joined."""
        for at in reversed(range(len(self._spots))):
            self._bound(at)
        while (at := len(self._places)) < len(self._spots):
            if not self._place(at):
                self._places.pop()
                self._join(*self._tightest(at))
        return zip(self._spots, self._places, strict=True)

    def _join(self, first: int, last: int) -> None:
        """Join places; those before are bound anew, as far as that changes where they may stand."""
        gone, leftmost = slice(first + 1, last + 1), self._spots[first].at
        self._spots[first] = _joined(self._spots[first : last + 1])
        for one in (self._spots, self._latest, self._after, self._before):
            del one[gone]
        moved = first
        for at in range(first, -1, -1):
            if leftmost - self._spots[at].at > self._far:
                break
            latest = self._latest[at]
            self._bound(at)
            if self._latest[at] != latest:
                moved, leftmost = at, min(leftmost, self._spots[at].at)
        del self._places[moved:]

    def _bound(self, at: int) -> None:
        """Tell how far right a place may stand, so that those after it find room."""
        spot = self._spots[at]
        end = self._right - max(spot.reach.right - RING.right, 0)
        end = max(end, self._left, spot.at - AWAY)
        self._latest[at] = min(spot.at + AWAY, spot.at if spot.at > self._right else end)
        self._after[at] = 0
        for after in self._near(at, 1):
            bound = self._latest[after] - self._apart(at, after)
            if bound < self._latest[at]:
                self._latest[at], self._after[at] = bound, after - at

    def _place(self, at: int) -> bool:
        """Stand as near to the day as those before allow; tell whether there is room."""
        spot = self._spots[at]
        least = max(spot.at - AWAY, self._left)
        self._before[at] = 0
        for before in self._near(at, -1):
            bound = self._places[before] + self._apart(before, at)
            if bound > least:
                least, self._before[at] = bound, at - before
        self._places.append(min(max(spot.at, least), self._latest[at]))
        return least <= self._latest[at] + LOST

    def _tightest(self, at: int) -> tuple[int, int]:
        """Return the two of all that press on a place which lack most of the room they need."""
        chain = [at]
        while pressing := self._before[chain[0]]:
            chain.insert(0, chain[0] - pressing)
        while pressed := self._after[chain[-1]]:
            chain.append(chain[-1] + pressed)
        return max(pairwise(chain), key=lambda pair: self._lacking(*pair))

    def _lacking(self, first: int, last: int) -> float:
        return self._apart(first, last) - (self._spots[last].at - self._spots[first].at)

    def _apart(self, first: int, last: int) -> float:
        return _apart(self._spots[first], self._spots[last], self._gap)

    def _near(self, at: int, step: int) -> Iterator[int]:
        """Return the places that one may meet, nearest first."""
        far = self._far
        spots, other = self._spots, at + step
        while 0 <= other < len(spots) and abs(spots[other].at - spots[at].at) <= far:
            yield other
            other += step


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
    return [_joined(some) if len(some) > 1 else some[0] for some in found]
