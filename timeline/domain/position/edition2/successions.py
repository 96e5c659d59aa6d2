"""Changes of a side alone: a new decider, and words that the side took back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.position.edition2.line import in_sequence
from timeline.domain.position.edition2.moves import Move
from timeline.domain.position.edition2.stands import ends_of_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.words import StatementVersion


def side_moves(lanes: Lanes, lanes_before: Callable[[int], Lanes]) -> Iterator[tuple[str, Move]]:
    """Yield the changes of sides alone, each with its side, as seen on the day of the change.

    ``lanes_before`` returns the lanes before a day, with words that were taken back later.
    """
    taken_back = (*lanes.taken_back.values(), *lanes.taken_back_for_side.values())
    stops = sorted({back.day for back in taken_back})
    seen: set[tuple[str, str, int]] = set()
    was: Lanes | None = None
    for start, stop in zip([None, *stops], [*stops, None], strict=True):
        now = lanes if stop is None else lanes_before(stop)
        for side in now.sides:
            if was and start is not None:
                yield from ((side, move) for move in _taken_back(was, now, side, start))
            for before, end in _successions(now, side):
                term = side, end.speaker, before.day
                if term not in seen and (start is None or end.day >= start):
                    seen.add(term)
                    yield side, Move(kind="succession", before=before, after=end)
        was = now


def _successions(lanes: Lanes, side: str) -> Iterator[tuple[End, End]]:
    """Yield pairs of ends where a new decider's first words differ from the predecessor's last."""
    earlier: list[End] = []
    for end in lanes.deciding(side):
        before = _predecessor(lanes, side, earlier, end)
        if before and not _spoke_since(earlier, end, before) and before.state != end.state:
            yield before, end
        earlier.append(end)


def _predecessor(lanes: Lanes, side: str, earlier: Sequence[End], end: End) -> End | None:
    """Return the last own words of a former decider."""
    span = end.earliest, end.latest
    for before in reversed(earlier):
        is_other = before.speaker != end.speaker and not before.joint and in_sequence(before, end)
        if is_other and not lanes.offices.decides(before.speaker, side, span):
            return before
    return None


def _spoke_since(earlier: Sequence[End], end: End, before: End) -> bool:
    """Tell whether the new decider has spoken in own words since the predecessor."""
    return any(
        other.speaker == end.speaker and other.latest > before.latest and not other.joint
        for other in earlier
    )


def _taken_back(was: Lanes, now: Lanes, side: str, day: int) -> Iterator[Move]:
    """Yield a change if the side took its last words back, unless the same state remains."""
    ends_before = ends_of_side(was, side)
    by = _taken_back_by(now, ends_before[-1], day) if ends_before else ()
    if not by:
        return
    last, ends = ends_before[-1], [end for end in ends_of_side(now, side) if end.day <= day]
    after = ends[-1] if ends else None
    if after and (after.state, after.direction) == (last.state, last.direction):
        return
    yield Move(
        kind="withdrawn",
        before=last,
        after=after,
        taken_back_by=by,
        stands_again=after is not None and after.day < day,
    )


def _taken_back_by(lanes: Lanes, end: End, day: int) -> tuple[StatementVersion, ...]:
    """Return the words by which the side took back all of an end up to a day, if any."""
    backs = [lanes.taken_back_for_side.get(number) for number in end.numbers]
    if any(back is None or back.day > day for back in backs):
        return ()
    by = {version.statement: version for back in backs if back for version in back.by}
    return tuple(by[number] for number in sorted(by))
