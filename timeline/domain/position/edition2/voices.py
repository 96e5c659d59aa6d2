"""Disagreements: two people speak for one side, and one excludes what the other wants."""

from __future__ import annotations

from itertools import combinations
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.domain.position.edition2.lanes import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.mandates import Offices

OPPOSES = -2
DAYS = 30
"""Days within which two voices are compared, or the topic's rhythm if that is longer."""


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """Two people of one side who disagree: ``against`` excludes what ``other`` wants or keeps open.

    ``since`` is the day on which it began, proved by ``statements``. ``until`` is the day on which
    one of them came round (``ended_by``) or had left every office for the side; ``None`` while it
    lasts.
    """

    side: str
    against: str
    other: str
    since: int
    statements: tuple[int, ...]
    until: int | None = None
    ended_by: tuple[int, ...] = ()
    uncoded: bool = False


def differing_voices(
    lanes: Lanes, lanes_before: Callable[[int], Lanes], as_of: int | None
) -> Iterator[Disagreement]:
    """Yield one disagreement for each side and pair of people, as seen on each day.

    ``lanes_before`` returns the lanes before a day, with words that were taken back later. Offices
    left after ``as_of`` count as still held.
    """
    pairs: dict[tuple[str, str, str], _Pair] = {}
    stops = sorted({back.day for back in lanes.taken_back.values()})
    for start, stop in zip([None, *stops], [*stops, None], strict=True):
        now = lanes if stop is None else lanes_before(stop)
        for side in now.sides:
            speaking = now.speaking(side)
            met = {speaker for pair in pairs if pair[0] == side for speaker in pair[1:]}
            for left, right in combinations(sorted(speaking.keys() | met), 2):
                pair = pairs.setdefault((side, left, right), _Pair(side, lanes))
                pair.go_on(start, [*speaking.get(left, ()), *speaking.get(right, ())])
    found = (pair.found for pair in pairs.values() if pair.found)
    yield from (_while_in_office(difference, lanes.offices, as_of) for difference in found)


def _while_in_office(pair: Disagreement, offices: Offices, as_of: int | None) -> Disagreement:
    """End a disagreement when one of the two no longer speaks for the side."""
    left = [offices.left(person, pair.side) for person in (pair.against, pair.other)]
    ends = [end for end in left if end is not None and (as_of is None or end <= as_of)]
    if pair.until is not None or not ends:
        return pair
    return msgspec.structs.replace(pair, until=max(day_of(min(ends)), pair.since))


class _Pair:
    """Two people who speak for a side: what each said last, and their disagreement so far."""

    def __init__(self, side: str, lanes: Lanes) -> None:
        self.found: Disagreement | None = None
        self._side, self._taken_back = side, lanes.taken_back
        self._window = max(DAYS, lanes.topic.rhythm)
        self._last: dict[str, End] = {}
        self._opened_on: int | None = None
        self._before: Disagreement | None = None

    def go_on(self, start: int | None, ends: Iterable[End]) -> None:
        """Continue from a day on which words were taken back, with the ends that remain."""
        in_order = sorted(ends, key=order)
        if start is not None:
            self._take_back(start, [end for end in in_order if end.day < start])
        for end in in_order:
            if start is None or end.day >= start:
                self._last.pop(end.speaker, None)
                self._last[end.speaker] = end
                self._compare(end.day, end.numbers)

    def _take_back(self, day: int, stand: Iterable[End]) -> None:
        lost = (number for end in self._last.values() for number in end.numbers)
        backs = (self._taken_back.get(number) for number in lost)
        by = {
            version.statement for back in backs if back and back.day == day for version in back.by
        }
        self._last = {}
        for end in stand:
            self._last.pop(end.speaker, None)
            self._last[end.speaker] = end
        self._compare(day, tuple(sorted(by)))

    def _compare(self, day: int, by: tuple[int, ...]) -> None:
        """Begin or end the disagreement by what both said last; ``by`` are the words of the day."""
        is_open = self.found is not None and self.found.until is None
        said, end = [*self._last.values()] if len(self._last) > 1 else (None, None)
        differ = said is not None and end is not None and _conflict(said, end)
        if said and end and differ and not is_open and end.day - said.day <= self._window:
            self._opened_on, self._before = day, self.found
            self.found = _opened(self._side, said, end, day, self.found)
        elif self.found and is_open and not differ:
            ended = msgspec.structs.replace(self.found, until=day, ended_by=by)
            # What began and ended on one day was not there at the end of the day.
            self.found = self._before if self._opened_on == day else ended


def _conflict(end: End, other: End) -> bool:
    lower, higher = sorted((end.direction, other.direction))
    return lower == OPPOSES and higher >= 0


def _opened(side: str, said: End, end: End, day: int, pair: Disagreement | None) -> Disagreement:
    if pair:
        return msgspec.structs.replace(pair, until=None, ended_by=())
    against, other = sorted((said, end), key=attrgetter("direction"))
    return Disagreement(
        side=side,
        against=against.speaker,
        other=other.speaker,
        since=day,
        statements=(*said.numbers, *end.numbers),
        uncoded=said.uncoded or end.uncoded,
    )
