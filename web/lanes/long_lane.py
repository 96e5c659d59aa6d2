"""Build a lane with very many statements from its changes and a part of its statements."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from timeline.domain.instants import day_of, end_of_day
from timeline.projections.queries.lane_window import AFTER_ALL
from timeline.projections.tables.lanes import RANKS
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import Hold, LaneHistory, hold_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from timeline.domain.position import Change, Position, Reading, Stance
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.lane_window import LaneWindow
    from timeline.projections.queries.topic_changes import TopicChanges
    from web.lanes.window import Window


class Repetition(NamedTuple):
    """One time that a stance was taken: the instant, rank, and number if known."""

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
    """Build a lane from its changes and some of its statements, read or counted by day.

    Without a ``stretch`` it has first-hand words only.
    """
    said = [*_repetitions_of(read), *repetitions_counted(counted or {})]
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(read, key=lambda reading: (reading.counts_from, reading.statement))),
        position=position,
        changes=tuple(moves),
        holds=tuple(_up_to_now(with_repetitions(holds_since(moves, stretch), said), position)),
    )


def lane_since(
    actor: str,
    stretch: LaneWindow,
    position: Position,
    changes: TopicChanges,
    shown: Window,
    most: int,
) -> LaneHistory:
    """Return a lane with its latest changes, and its statements since the window began.

    More than ``most`` are counted by day; statements since the previous position are always read.
    """
    moves = changes.last(actor, MARKS)
    turn = last_turn(moves)
    left = moves[moves.index(turn) - 1].day if turn in moves[1:] else None
    begin = _first_day_read(moves, left, shown)
    if not stretch.has_more_than(most, (begin, AFTER_ALL)):
        return lane_of(actor, stretch, position, moves, stretch.between(begin))
    daily = stretch.daily(*shown.days)
    read = [] if left is None else stretch.between(left)
    lane = lane_of(actor, stretch, position, moves, read, dict(daily))
    inside = changes.count(actor, *shown.days)
    return msgspec.structs.replace(lane, daily=daily, untold=inside if inside > TOLD else 0)


def holds_since(moves: Sequence[Change], stretch: LaneWindow | None) -> list[Hold]:
    """Return the positions that began with changes.

    From the first day of first-hand words on, only these hold positions; before, second-hand words
    do from their first day on. Without a ``stretch`` there are only first-hand words.
    """
    holds, until = [*_opened_by(moves)], AFTER_ALL
    for rank in RANKS[:-1]:
        if stretch is None or not moves or until <= moves[0].day:
            break
        since = stretch.first_day(rank)
        until = until if since is None else min(until, since)
        holds = [*_held_by_lower_rank(holds, rank + 1, until)]
    return holds


def _opened_by(moves: Sequence[Change]) -> Iterator[Hold]:
    """Yield the positions that began with changes; the next change names the last statement."""
    for move, following in zip_longest(moves, moves[1:]):
        hold = hold_of(move)
        last = following.before[-1:] if following and following.from_ == move.to else ()
        yield msgspec.structs.replace(hold, last=[hold.last, *last][-1])


def _held_by_lower_rank(holds: Sequence[Hold], rank: int, until: int) -> Iterator[Hold]:
    """Yield positions, those before a UTC day with a lower rank."""
    for hold, following in zip_longest(holds, holds[1:]):
        if until <= day_of(hold.start):
            yield hold
            continue
        yield msgspec.structs.replace(hold, rank=rank)
        if until < (day_of(following.start) if following else AFTER_ALL):
            start = end_of_day(until)
            yield msgspec.structs.replace(hold, start=start, said=(start,), opened_by=0)


def with_repetitions(holds: Sequence[Hold], spoken: Iterable[Repetition]) -> Iterator[Hold]:
    """Yield positions with their repetitions and last statements."""
    by_stance: dict[Stance, list[Repetition]] = defaultdict(list)
    for repetition in sorted(spoken):
        by_stance[repetition.stance].append(repetition)
    for hold, following in zip_longest(holds, holds[1:]):
        repetitions = [
            repetition
            for repetition in by_stance[hold.stance]
            if hold.start < repetition.at and (following is None or repetition.at < following.start)
            if repetition.rank <= (hold.rank or 0)
        ]
        numbers = [repetition.number for repetition in repetitions if repetition.number]
        yield msgspec.structs.replace(
            hold,
            said=tuple(sorted({*hold.said, *(repetition.at for repetition in repetitions)})),
            last=[hold.last, *numbers][-1],
        )


def repetitions_counted(counted: Mapping[int, Counts]) -> Iterator[Repetition]:
    """Yield the stances taken on each counted day or month, at the end of its (first) day.

    ``counted`` is what `crowds.daily` or `crowds.monthly` returns.
    """
    for day, counts in counted.items():
        for stance, count in enumerate(counts, -2):
            if count:
                yield Repetition(end_of_day(day), stance)


def _repetitions_of(read: Iterable[Reading]) -> Iterator[Repetition]:
    for reading in read:
        if reading.stance is not None and not reading.retracted:
            yield Repetition(reading.counts_from, reading.stance, reading.rank, reading.statement)


def _up_to_now(holds: Iterable[Hold], position: Position) -> Iterator[Hold]:
    """Yield positions, the last one with its last statement at any time."""
    all_holds = [*holds]
    yield from all_holds[:-1]
    for hold in all_holds[-1:]:
        is_held = hold.stance == position.stance and position.last
        yield msgspec.structs.replace(hold, last=position.last) if is_held else hold


def last_turn(changes: Sequence[Change]) -> Change | None:
    """Return the last published change."""
    return next((change for change in reversed(changes) if change.is_visible), None)


def _first_day_read(moves: Sequence[Change], left: int | None, shown: Window) -> int:
    """Return the UTC day of the change from which a lane is read.

    It is no later than ``left``, the day on which the previous position began. Without walk-backs,
    statements before a change decide nothing after it.
    """
    if not moves:
        return day_of(shown.signs_from)
    before = [change.day for change in moves if change.counts_from <= shown.signs_from]
    day = before[-1] if before else moves[0].day
    return day if left is None else min(day, left)
