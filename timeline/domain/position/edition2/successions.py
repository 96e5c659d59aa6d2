"""What changed on the lane of a side alone: a new decider, and words that the side took back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.position.edition2.moves import Move

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.words import Words


def successions(lanes: Lanes, side: str) -> Iterator[Move]:
    """Yield each new decider whose first words differ from the last of whom they succeed."""
    earlier: list[End] = []
    told: set[tuple[str, int]] = set()
    for end in lanes.deciding(side):
        before = _predecessor(lanes, side, earlier, end)
        term = (end.speaker, before.day) if before else None
        is_first = term not in told and before and not _spoke_since(earlier, end, before)
        if before and term and is_first and before.state != end.state:
            yield Move(kind="succession", before=before, after=end)
            told.add(term)
        earlier.append(end)


def _predecessor(lanes: Lanes, side: str, earlier: Sequence[End], end: End) -> End | None:
    """Return the last own words of another who decided before and does so no more."""
    span = end.earliest, end.latest
    for one in reversed(earlier):
        is_other = one.speaker != end.speaker and not one.joint
        if is_other and not lanes.offices.decides(one.speaker, side, span):
            return one
    return None


def _spoke_since(earlier: Sequence[End], end: End, before: End) -> bool:
    """Tell whether the new decider has spoken in their own words since those of the other."""
    return any(
        one.speaker == end.speaker and one.latest > before.latest and not one.joint
        for one in earlier
    )


def taken_back_by_side(lanes: Lanes, side: str) -> Iterator[Move]:
    """Yield that the last words of a decider were taken back by the body or another decider."""
    ends = list(lanes.deciding(side))
    for end in ends:
        by = _taken_back_by(lanes, end)
        day = max((one.day for one in by), default=end.day)
        if by and not any(end.day < one.day <= day for one in ends):
            stands = [one for one in ends if one.day < end.day and not _taken_back_by(lanes, one)]
            yield Move(
                kind="withdrawn",
                before=end,
                after=stands[-1] if stands else None,
                taken_back_by=by,
                stands_again=bool(stands),
            )


def _taken_back_by(lanes: Lanes, end: End) -> tuple[Words, ...]:
    """Return the words that took back all of an end for the side; none where some of it stands."""
    backs = [lanes.taken_back_for_side.get(number) for number in end.numbers]
    if None in backs:
        return ()
    by = {one.statement: one for back in backs if back for one in back.by}
    return tuple(by[number] for number in sorted(by))
