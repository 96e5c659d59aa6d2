"""Differing voices: two people who speak for one side, and one excludes what the other wants."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.lanes import order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End

OPPOSES = -2
DAYS = 30
"""Days within which two voices meet, or the topic's rhythm where that is longer."""


class Differing(msgspec.Struct, frozen=True, kw_only=True):
    """Two people of one side who differ; ``against`` excludes what ``other`` wants or keeps open.

    ``since`` is the day on which they first did, proved by ``statements``, ``until`` that on which
    one came round, with ``ended_by``; ``None`` while they still differ.
    """

    side: str
    against: str
    other: str
    since: int
    statements: tuple[int, ...]
    until: int | None = None
    ended_by: tuple[int, ...] = ()
    uncoded: bool = False


def differing_voices(lanes: Lanes) -> Iterator[Differing]:
    """Yield one finding for each side and pair of people."""
    for side in lanes.sides:
        for one, other in combinations(lanes.speaking(side).values(), 2):
            found = _of_pair(side, one, other, max(DAYS, lanes.topic.rhythm))
            if found:
                yield found


def _of_pair(
    side: str, one: Sequence[End], other: Sequence[End], window: float
) -> Differing | None:
    """Return how two people differ, from the first time on and to the last."""
    found: Differing | None = None
    last: dict[str, End] = {}
    for end in sorted((*one, *other), key=order):
        last[end.speaker] = end
        said = next((words for who, words in last.items() if who != end.speaker), None)
        if said is None:
            continue
        is_open = found is not None and found.until is None
        if _conflict(said, end) and (is_open or end.day - said.day <= window):
            found = _opened(side, said, end, found)
        elif found and is_open and not _conflict(said, end):
            found = msgspec.structs.replace(found, until=end.day, ended_by=end.numbers)
    return found


def _conflict(one: End, other: End) -> bool:
    lower, higher = sorted((one.direction, other.direction))
    return lower == OPPOSES and higher >= 0


def _opened(side: str, said: End, end: End, found: Differing | None) -> Differing:
    if found:
        return msgspec.structs.replace(found, until=None, ended_by=())
    against, other = sorted((said, end), key=lambda one: one.direction)
    return Differing(
        side=side,
        against=against.speaker,
        other=other.speaker,
        since=end.day,
        statements=(*said.numbers, *end.numbers),
        uncoded=said.uncoded or end.uncoded,
    )
