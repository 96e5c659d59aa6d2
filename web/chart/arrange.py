"""Place the signs of a lane: repeats share a sign, others move apart, no change is dropped."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from web.chart.calendar import DAY
from web.chart.positions import plot_start
from web.chart.spots import (
    CAPSULE,
    FIGURE,
    KNOT,
    RING,
    RISER,
    SIGN,
    Spot,
    gather,
    is_change,
    is_ringed,
    join_spots,
    reach_of,
    words_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Statement


EARLY = 6
"""The fewest pixels between two changes in the column before the window."""


MANY = 100
"""The most places of a lane that are moved apart one by one."""


def arrange(
    frame: Frame,
    lane: Lane,
    gap: float = 0,
    *,
    every: bool = True,
    openings: bool = True,
    many: int = MANY,
) -> tuple[Spot, ...]:
    """Return the places of a lane in order of time; no sign covers another.

    ``gap`` more pixels are kept between two signs. ``every`` statement of the window has a sign, or
    only those that are ``openings`` of a position; the latest and the selected always have one. If
    there are more than ``many`` places, nearly coinciding ones are joined first.
    """
    unsorted_spots = _unmerged_spots(frame, lane, every=every, openings=openings)
    single = sorted(unsorted_spots, key=lambda spot: (spot.at, -len(spot.openings)))
    left = _pixels(frame, frame.window.signs_left)
    right = _pixels(frame, frame.window.x(frame.edge))
    spots = _merge_close(_merge_repeats(single), many)
    percent = 100 / frame.plot
    placed = (
        msgspec.structs.replace(spot, x=round(place * percent, 3), day=round(spot.at * percent, 3))
        for spot, place in PlacedSpots(spots, left, right, gap).placed()
    )
    return (*_early_knot(frame, lane), *placed)


def _early_knot(frame: Frame, lane: Lane) -> tuple[Spot, ...]:
    """Return a knot for the changes in the column before the window, if they lie too close."""
    window = frame.window
    changes_early = [
        (place, _pixels(frame, window.x(plot_start(run))))
        for place, run in enumerate(lane.runs)
        if window.begin < plot_start(run) <= min(window.signs_from, frame.edge)
        and is_change(lane.runs, place)
    ]
    if all(later - earlier >= EARLY for (_, earlier), (_, later) in pairwise(changes_early)):
        return ()
    return (
        Spot(
            at=0,
            top=frame.levels.middle,
            bottom=frame.levels.middle,
            reach=KNOT,
            openings=tuple(place for place, _ in changes_early),
            changes=len(changes_early),
            is_knot=True,
            x=window.left / 2,
            day=window.left / 2,
        ),
    )


def _pixels(frame: Frame, percent: float) -> float:
    return percent / 100 * frame.plot


def _unmerged_spots(frame: Frame, lane: Lane, *, every: bool, openings: bool) -> Iterator[Spot]:
    """Yield a place for every group of statements with a sign, and for every opening."""
    by_number = _openings(frame, lane)
    groups = gather(frame, lane)
    for group in groups:
        opening = next(
            (by_number.pop(n) for statement in group if (n := statement.number) in by_number), None
        )
        selected = any(said.number == frame.selected for said in group)
        is_drawn = every and group[0].at >= frame.window.start
        if is_drawn or selected or group is groups[-1] or (openings and opening is not None):
            yield _sign(frame, lane, group, opening, selected=selected)
        elif opening is not None:
            yield _without_sign(frame, lane, opening)
    for opening in by_number.values():
        yield _without_sign(frame, lane, opening)


def _openings(frame: Frame, lane: Lane) -> dict[int, int]:
    """Return by opening statement the places of runs that begin in the window.

    A run that no statement of its day opens has a negative key.
    """
    days = {statement.number: statement.at // DAY for statement in lane.statements}
    by_number: dict[int, int] = {}
    for place, run in enumerate(lane.runs):
        before = lane.runs[place - 1].level if place else None
        begins = run.is_published or before != run.level
        if begins and frame.window.signs_from < plot_start(run) <= frame.edge:
            is_said = days.get(run.opened_by) == run.start // DAY and run.opened_by not in by_number
            by_number[run.opened_by if is_said else -1 - place] = place
    return by_number


def _sign(
    frame: Frame, lane: Lane, group: Sequence[Statement], opening: int | None, *, selected: bool
) -> Spot:
    shown = group[-1]
    if opening is not None:
        opened_by = lane.runs[opening].opened_by
        shown = next((said for said in group if said.number == opened_by), shown)
    y = frame.levels.y(shown.stance)
    at = _pixels(frame, frame.window.at(shown.at, timed=shown.timed))
    spot = Spot(
        at=at,
        top=y,
        bottom=y,
        reach=SIGN,
        statements=tuple(group),
        shown=shown,
        selected=selected,
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


def _without_sign(frame: Frame, lane: Lane, opening: int) -> Spot:
    run = lane.runs[opening]
    top, bottom = frame.levels.edges(run)
    at = _pixels(frame, frame.window.x(plot_start(run)))
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


def _merge_repeats(single: Sequence[Spot]) -> list[Spot]:
    """Join successive places that touch and say the same."""
    groups: list[list[Spot]] = []
    right, count = 0.0, 0
    for spot in single:
        if groups and _repeats(groups[-1][0], spot) and spot.at - right < spot.reach.left:
            groups[-1].append(spot)
            count += len(spot.statements)
            right = groups[-1][0].at + CAPSULE.right + FIGURE * len(str(count))
        else:
            groups.append([spot])
            right, count = spot.at + spot.reach.right, len(spot.statements)
    return [join_spots(group) if len(group) > 1 else group[0] for group in groups]


def _repeats(before: Spot, spot: Spot) -> bool:
    """Tell whether a place says the same as the one before; each is of one day."""
    if spot.openings or not before.statements or not spot.statements:
        return False
    said = spot.statements[0]
    return not said.retracted and words_key(before.statements[0]) == words_key(said)


def _merge_close(spots: list[Spot], many: int) -> list[Spot]:
    """Join places that nearly coincide, if there are more than ``many``."""
    if len(spots) <= many:
        return spots
    groups = [[spots[0]]]
    for spot in spots[1:]:
        if spot.at - groups[-1][0].at < RING.right:
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return [join_spots(group) if len(group) > 1 else group[0] for group in groups]


AWAY = 20
"""The most pixels that a sign may be moved from its date."""


LOST = 1e-6
"""A tolerance in pixels for rounding."""


WIDEST = 60
"""Pixels that no sign reaches."""


class Box(NamedTuple):
    """The area of a place: the y of its top and bottom, and pixels to both sides of its day.

    A place without a sign is a line through all levels.
    """

    top: float
    bottom: float
    left: float
    right: float
    is_bare: bool


def _box(spot: Spot) -> Box:
    reach = spot.reach
    is_bare = not (spot.shown or spot.is_knot)
    return Box(spot.top - reach.up, spot.bottom + reach.down, reach.left, reach.right, is_bare)


def _apart(before: Box, box: Box, gap: float) -> float:
    """Return the pixels between two places, 0 if they cannot overlap."""
    is_level = before.bottom > box.top and box.bottom > before.top
    if is_level or (before.is_bare and box.is_bare):
        return before.right + box.left + gap
    return 0


class PlacedSpots:
    """Moves places apart between two ends, in their order and near their days."""

    def __init__(self, spots: Sequence[Spot], left: float, right: float, gap: float) -> None:
        self._spots, self._left, self._right, self._gap = [*spots], left, right, gap
        self._boxes = [*map(_box, spots)]
        self._far = 2 * AWAY + WIDEST + gap
        self._latest = [0.0] * len(spots)
        # How many places away the neighbour is that pushes from the right, or from the left.
        self._after: list[int] = [0] * len(spots)
        self._before: list[int] = [0] * len(spots)
        self._places: list[float] = []

    def placed(self) -> Iterator[tuple[Spot, float]]:
        """Yield every place and its position; places without room are joined."""
        for at in reversed(range(len(self._spots))):
            self._bound(at)
        while (at := len(self._places)) < len(self._spots):
            if not self._place(at):
                self._places.pop()
                self._join(*self._tightest(at))
        return zip(self._spots, self._places, strict=True)

    def _join(self, first: int, last: int) -> None:
        """Join places, and update the bounds of those before."""
        joined_places, leftmost = slice(first + 1, last + 1), self._spots[first].at
        self._spots[first] = join_spots(self._spots[first : last + 1])
        self._boxes[first] = _box(self._spots[first])
        for parallel in (self._spots, self._boxes, self._latest, self._after, self._before):
            del parallel[joined_places]
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
        boxes, gap, box = self._boxes, self._gap, self._boxes[at]
        for after in self._near(at, 1):
            bound = self._latest[after] - _apart(box, boxes[after], gap)
            if bound < self._latest[at]:
                self._latest[at], self._after[at] = bound, after - at

    def _place(self, at: int) -> bool:
        """Put a place as near to its day as possible; tell whether there is room."""
        spot = self._spots[at]
        least = max(spot.at - AWAY, self._left)
        self._before[at] = 0
        boxes, gap, box = self._boxes, self._gap, self._boxes[at]
        for before in self._near(at, -1):
            bound = self._places[before] + _apart(boxes[before], box, gap)
            if bound > least:
                least, self._before[at] = bound, at - before
        self._places.append(min(max(spot.at, least), self._latest[at]))
        return least <= self._latest[at] + LOST

    def _tightest(self, at: int) -> tuple[int, int]:
        """Return the two neighbours that lack the most room."""
        chain = [at]
        while pressing := self._before[chain[0]]:
            chain.insert(0, chain[0] - pressing)
        while pressed := self._after[chain[-1]]:
            chain.append(chain[-1] + pressed)
        return max(pairwise(chain), key=lambda pair: self._lacking(*pair))

    def _lacking(self, first: int, last: int) -> float:
        apart = _apart(self._boxes[first], self._boxes[last], self._gap)
        return apart - (self._spots[last].at - self._spots[first].at)

    def _near(self, at: int, step: int) -> Iterator[int]:
        """Return the places that a place may overlap, nearest first."""
        far = self._far
        spots, other = self._spots, at + step
        while 0 <= other < len(spots) and abs(spots[other].at - spots[at].at) <= far:
            yield other
            other += step
