"""A lane of very many words as pages show it: those of a stretch of time, and what stood before."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from timeline.domain.instants import day_of, end_of_day
from timeline.projections.queries.lane_window import AFTER_ALL, RANKS
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import Hold, LaneHistory, hold_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timeline.domain.position import Change, Position, Reading, Stance
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.lane_window import LaneWindow
    from timeline.projections.queries.topic_changes import TopicChanges
    from web.lanes.window import Window


class Again(NamedTuple):
    """When a stance was taken: an instant, the rank of the words, and their number if known."""

    at: int
    stance: int
    rank: int = 0
    number: int = 0


def lane_of(
    actor: str,
    stretch: LaneWindow | None,
    position: Position,
    moves: Sequence[Change],
    read: Sequence[Reading],
    counted: Mapping[int, Counts] | None = None,
) -> LaneHistory:
    """Return what a lane did by its changes, with some of its words, read or counted by day.

    Without a ``stretch`` others never passed anything on.
    """
    said = [*_of_words(read), *counted_again(counted or {})]
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(read, key=lambda reading: (reading.counts_from, reading.statement))),
        position=position,
        changes=tuple(moves),
        holds=tuple(_up_to_now(said_again(held_since(moves, stretch), said), position)),
    )


def lane_since(
    actor: str,
    stretch: LaneWindow,
    position: Position,
    changes: TopicChanges,
    shown: Window,
    most: int,
) -> LaneHistory:
    """Return a lane with its latest changes, and its words from the window on.

    Where these are more than ``most``, they are counted by day; words since the position before
    the last are read all the same.
    """
    moves = changes.last(actor, MARKS)
    turn = last_turn(moves)
    left = moves[moves.index(turn) - 1].day if turn in moves[1:] else None
    begin = _beginning(moves, left, shown)
    if not stretch.has_more_than(most, (begin, AFTER_ALL)):
        return lane_of(actor, stretch, position, moves, stretch.between(begin))
    daily = stretch.daily(*shown.days)
    read = [] if left is None else stretch.between(left)
    lane = lane_of(actor, stretch, position, moves, read, dict(daily))
    inside = changes.count(actor, *shown.days)
    return msgspec.structs.replace(lane, daily=daily, untold=inside if inside > TOLD else 0)


def held_since(moves: Sequence[Change], stretch: LaneWindow | None) -> list[Hold]:
    """Return the positions that began with changes.

    From the first day of first-hand words on nothing else holds them, and before it second-hand
    words do from their first day on. Without a ``stretch`` there are first-hand words alone.
    """
    holds, until = [*_opened_by(moves)], AFTER_ALL
    for rank in RANKS[:-1]:
        if stretch is None or not moves or until <= moves[0].day:
            break
        since = stretch.first_day(rank)
        until = until if since is None else min(until, since)
        holds = [*_passed_on(holds, rank + 1, until)]
    return holds


def _opened_by(moves: Sequence[Change]) -> Iterator[Hold]:
    """Yield the positions that began with changes: the next one names the last words of each."""
    for one, ended_by in zip_longest(moves, moves[1:]):
        hold = hold_of(one)
        last = ended_by.before[-1:] if ended_by and ended_by.from_ == one.to else ()
        yield msgspec.structs.replace(hold, last=[hold.last, *last][-1])


def _passed_on(holds: Sequence[Hold], rank: int, until: int) -> Iterator[Hold]:
    """Yield positions of which words of a rank hold those that stood before a UTC day."""
    for one, following in zip_longest(holds, holds[1:]):
        if until <= day_of(one.start):
            yield one
            continue
        yield msgspec.structs.replace(one, rank=rank)
        if until < (day_of(following.start) if following else AFTER_ALL):
            start = end_of_day(until)
            yield msgspec.structs.replace(one, start=start, said=(start,), opened_by=0)


def said_again(holds: Sequence[Hold], spoken: Iterable[Again]) -> Iterator[Hold]:
    """Yield positions with when each was said again, and by which words last."""
    taken: dict[Stance, list[Again]] = defaultdict(list)
    for said in sorted(spoken):
        taken[said.stance].append(said)
    for one, following in zip_longest(holds, holds[1:]):
        again = [
            said
            for said in taken[one.stance]
            if one.start < said.at and (following is None or said.at < following.start)
            if said.rank <= (one.rank or 0)
        ]
        numbers = [said.number for said in again if said.number]
        yield msgspec.structs.replace(
            one,
            said=tuple(sorted({*one.said, *(said.at for said in again)})),
            last=[one.last, *numbers][-1],
        )


def counted_again(counted: Mapping[int, Counts]) -> Iterator[Again]:
    """Yield the ends of the days, or of the months by their first day, on which stances were taken.

    ``counted`` is what `crowds.daily` or `crowds.monthly` returns.
    """
    for day, counts in counted.items():
        for stance, count in enumerate(counts, -2):
            if count:
                yield Again(end_of_day(day), stance)


def _of_words(read: Iterable[Reading]) -> Iterator[Again]:
    for reading in read:
        if reading.stance is not None and not reading.retracted:
            yield Again(reading.counts_from, reading.stance, reading.rank, reading.statement)


def _up_to_now(holds: Iterable[Hold], position: Position) -> Iterator[Hold]:
    """Yield positions, the last one with the words that said it last, whenever that was."""
    found = [*holds]
    yield from found[:-1]
    for hold in found[-1:]:
        is_held = hold.stance == position.stance and position.last
        yield msgspec.structs.replace(hold, last=position.last) if is_held else hold


def last_turn(changes: Sequence[Change]) -> Change | None:
    """Return the last change that left a position, mixed or not."""
    return next((c for c in reversed(changes) if c.is_visible), None)


def _beginning(moves: Sequence[Change], left: int | None, shown: Window) -> int:
    """Return the UTC day of the change from which on a lane is read.

    That is no later than the one (on ``left``) by which it took the position that it left last.
    What stood before a change decides nothing after it where no words are taken back.
    """
    if not moves:
        return day_of(shown.told_from)
    before = [change.day for change in moves if change.counts_from <= shown.told_from]
    day = before[-1] if before else moves[0].day
    return day if left is None else min(day, left)
