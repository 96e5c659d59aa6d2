"""A lane of very many words as pages show it: those of a stretch of time, and what stood before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of, end_of_day
from timeline.domain.position import steps
from timeline.projections.queries.stretch import AFTER_ALL, RANKS
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import Hold, LaneHistory, hold_of, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from timeline.domain.position import Change, Position
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.stretch import Stretch
    from web.lanes.window import Window


def lane_between(
    actor: str, stretch: Stretch, position: Position, days: tuple[int, int]
) -> LaneHistory:
    """Return what a lane did between two UTC days, where no words of it are taken back.

    Its words are counted by day, and not read, where they are too many for the chart to draw one
    by one.
    """
    moves = stretch.moves(*days)
    if stretch.has_more_than(MARKS, days):
        return LaneHistory(
            actor=actor,
            readings=(),
            position=position,
            changes=tuple(moves),
            holds=tuple(map(hold_of, moves)),
            daily=stretch.daily(*days),
        )
    read = stretch.between(*days)
    found = holds(steps([*stretch.before(days[0]), *read], known_at=stretch.known_at))
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(read, key=lambda one: (one.counts_from, one.statement))),
        position=position,
        changes=tuple(moves),
        holds=_from_its_change(found, moves, days[0] * DAY),
    )


def lane_since(
    actor: str,
    stretch: Stretch,
    position: Position,
    moves: Sequence[Change],
    shown: Window,
    most: int,
) -> LaneHistory:
    """Return a lane whose words are read from the position on that the window begins with.

    ``moves`` are its latest changes. Where those words are more than ``most``, they are counted by
    day; words since the position before the last are read all the same.
    """
    turn = last_turn(moves)
    left = moves[moves.index(turn) - 1].day if turn in moves[1:] else None
    begin = _beginning(moves, left, shown)
    is_counted = stretch.has_more_than(most, (begin, AFTER_ALL))
    daily = stretch.daily(*shown.days) if is_counted else ()
    if is_counted:
        read = [] if left is None else stretch.between(left)
        known = tuple(said_again(held_since(moves, stretch), dict(daily)))
    else:
        read = stretch.between(begin)
        earlier = (hold_of(one) for one in moves if one.day < begin)
        known = (*earlier, *holds(steps(read, known_at=stretch.known_at)))
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(read, key=lambda one: (one.counts_from, one.statement))),
        position=position,
        changes=tuple(moves),
        holds=known,
        daily=daily,
        untold=_untold(stretch, moves, shown) if is_counted else 0,
    )


def held_since(moves: Sequence[Change], stretch: Stretch) -> list[Hold]:
    """Return the positions that began with changes, of a lane of which no words are taken back.

    From the first day of first-hand words on nothing else holds them, and before it second-hand
    words do from their first day on.
    """
    found, until = [*map(hold_of, moves)], AFTER_ALL
    for rank in RANKS[:-1]:
        if not moves or until <= moves[0].day:
            break
        since = stretch.first_day(rank)
        until = until if since is None else min(until, since)
        found = [*_passed_on(found, rank + 1, until)]
    return found


def _passed_on(holds: Sequence[Hold], rank: int, until: int) -> Iterator[Hold]:
    """Yield positions of which words of a rank hold those that stood before a UTC day."""
    ends = [*(day_of(one.start) for one in holds[1:]), None]
    for one, end in zip(holds, ends, strict=True):
        if until <= day_of(one.start):
            yield one
            continue
        yield msgspec.structs.replace(one, rank=rank)
        if until < (AFTER_ALL if end is None else end):
            start = end_of_day(until)
            yield msgspec.structs.replace(one, start=start, said=(start,), opened_by=0)


def said_again(holds: Sequence[Hold], spoken: Mapping[int, Counts]) -> Iterator[Hold]:
    """Yield positions with the days or months, by their first day, in which they were said again.

    ``spoken`` counts stances, as `crowds.monthly` does.
    """
    taken = {level: _taken(spoken, level) for level in range(-2, 3)}
    ends = [*(one.start for one in holds[1:]), None]
    for one, end in zip(holds, ends, strict=True):
        said = taken[one.stance] if isinstance(one.stance, int) else []
        first = bisect_right(said, one.start)
        again = said[first : None if end is None else max(first, bisect_left(said, end))]
        yield msgspec.structs.replace(one, said=tuple(sorted({*one.said, *again})))


def _taken(spoken: Mapping[int, Counts], level: int) -> list[int]:
    """Return the ends of the days on which a stance was taken, in order."""
    return [end_of_day(day) for day in sorted(spoken) if spoken[day][level + 2]]


def _untold(stretch: Stretch, moves: Sequence[Change], shown: Window) -> int:
    """Count the changes in the window if they are more than a chart tells."""
    first, last = shown.days
    inside = sum(first <= one.day <= last and one.is_told for one in moves)
    return stretch.turns(first, last) if inside > TOLD else 0


def last_turn(changes: Sequence[Change]) -> Change | None:
    """Return the last change that left a position, mixed or not."""
    return next((c for c in reversed(changes) if c.is_told), None)


def _beginning(moves: Sequence[Change], left: int | None, shown: Window) -> int:
    """Return the UTC day of the change from which on a lane is read.

    That is no later than the one (on ``left``) by which it took the position that it left last.
    What stood before a change decides nothing after it where no words are taken back.
    """
    if not moves:
        return day_of(shown.told_from)
    before = [one.day for one in moves if one.counts_from <= shown.told_from]
    day = before[-1] if before else moves[0].day
    return day if left is None else min(day, left)


def _from_its_change(
    found: Sequence[Hold], moves: Sequence[Change], begin: int
) -> tuple[Hold, ...]:
    """Return the positions from an instant on, the one that stood there told from its change."""
    earlier = [one for one in found if one.start < begin]
    inside = found[len(earlier) :]
    opened = moves[0] if moves and moves[0].day * DAY < begin else None
    if not earlier or opened is None or opened.to != earlier[-1].stance:
        return (*earlier[-1:], *inside)
    known = hold_of(opened)
    stood = msgspec.structs.replace(
        earlier[-1],
        start=known.start,
        said=(*known.said, *earlier[-1].said),
        opened_by=known.opened_by,
    )
    return (stood, *inside)
