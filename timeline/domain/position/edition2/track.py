"""The lanes of a topic as drawn: the words on each, its line, and its changes."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.change import Change, Step
from timeline.domain.position.edition2.change import RULE
from timeline.domain.position.edition2.derive import (
    Findings,
    changes_and_shades,
    findings_on,
)
from timeline.domain.position.edition2.lanes import lanes_at
from timeline.domain.position.edition2.stands import (
    ends_on,
    follows,
    is_voice,
    mark_last_known,
    position_on,
    standing_of,
    words_on,
)
from timeline.domain.position.standing import NOTHING_SAID, ProvenStance

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from timeline.domain.position.edition2.lanes import Lanes
    from timeline.domain.position.edition2.line import End
    from timeline.domain.position.edition2.record import Record
    from timeline.domain.position.reading import Reading
    from timeline.domain.position.rule import Position


class Track(msgspec.Struct, frozen=True):
    """A lane: ``readings`` are all words on it, ``steps`` its position after each day.

    ``changes`` are its changes and shades of any status, and *first* or *step* wherever its line
    moves without one; oldest first.
    """

    readings: tuple[Reading, ...]
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    position: Position


class Course:
    """A topic without votes, as of an instant; whatever needs no clock is derived once.

    ``record`` is what was known at the requested log position. What is derived of a lane is when
    that is first asked for: many pages show one of a topic's lanes.
    """

    def __init__(self, record: Record, as_of: int | None = None) -> None:
        self._live, self._as_of = record, as_of
        self._lanes = lanes_at(record, as_of)
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._positions: dict[str, Position] = {}
        self._lines: dict[str, tuple[tuple[Step, ...], tuple[Change, ...]]] = {}

    @cached_property
    def findings(self) -> Findings:
        """Disagreements of voices, shades, and votes against a body; none is a change."""
        return findings_on(self._live, self._lanes, self._changes, self._as_of)

    def readings(self, lane: str) -> tuple[Reading, ...]:
        """Return all words on the lane of an actor (an id)."""
        if lane not in self._readings:
            self._readings[lane] = tuple(_readings(self._lanes, lane))
        return self._readings[lane]

    def positions(self, now: int | None = None) -> dict[str, Position]:
        """Return the position on each lane.

        Ages count up to its as-of instant, or else up to ``now``.
        """
        return {lane: self._position(lane, now) for lane in self._lanes.every}

    def tracks(
        self, now: int | None = None, actors: Container[str] | None = None
    ) -> dict[str, Track]:
        """Return the lanes of some actors, of all for ``None``, by their ids."""
        return {
            lane: Track(self.readings(lane), *self._line(lane), self._position(lane, now))
            for lane in self._lanes.every
            if actors is None or lane in actors
        }

    def _position(self, lane: str, now: int | None) -> Position:
        if lane not in self._positions:
            self._positions[lane] = position_on(self._lanes, lane)
        moment = self._as_of if self._as_of is not None else now
        return mark_last_known(self._lanes, self._positions[lane], moment)

    @cached_property
    def _changes(self) -> list[Change]:
        return changes_and_shades(self._live, self._lanes)

    @cached_property
    def _changes_by_lane(self) -> dict[str, list[Change]]:
        by_lane: dict[str, list[Change]] = defaultdict(list)
        for change in self._changes:
            for lane in change.lanes:
                by_lane[lane].append(change)
        return dict(by_lane)

    def _line(self, lane: str) -> tuple[tuple[Step, ...], tuple[Change, ...]]:
        """Return where a lane moved, and its changes."""
        if lane not in self._lines:
            steps = tuple(_steps(self._days(lane)))
            changes = self._changes_by_lane.get(lane, ())
            self._lines[lane] = steps, tuple(_moves(steps, changes))
        return self._lines[lane]

    def _days(self, lane: str) -> dict[int, End | None]:
        """Return the end that held the position of a lane after each day with words."""
        days: dict[int, End | None] = {}
        for start, stop, lanes in self._stretches:
            days |= _between(ends_on(lanes, lane), start, stop)
        return days

    @cached_property
    def _stretches(self) -> list[tuple[int | None, int | None, Lanes]]:
        """The lanes between two days each: words that were taken back later count until then."""
        taken_back = (*self._lanes.taken_back.values(), *self._lanes.taken_back_for_side.values())
        stops = sorted({back.day for back in taken_back})
        return [
            (start, stop, self._lanes if stop is None else lanes_at(self._live, _before(stop)))
            for start, stop in zip([None, *stops], [*stops, None], strict=True)
        ]


def tracks(
    record: Record,
    *,
    as_of: int | None = None,
    known_at: int | None = None,
    now: int | None = None,
) -> dict[str, Track]:
    """Return every lane of a topic without votes, by the id of its actor.

    Ages count up to ``as_of``, or else up to ``now``.
    """
    return Course(record.known(known_at), as_of).tracks(now)


def number_in_day(moves: Iterable[Change]) -> Iterator[tuple[Change, int]]:
    """Yield the changes of one lane, each with its number among those of its day."""
    places: dict[int, int] = defaultdict(int)
    for change in moves:
        yield change, places[change.day]
        places[change.day] += 1


def _readings(lanes: Lanes, lane: str) -> Iterator[Reading]:
    for version in words_on(lanes, lane):
        is_told = is_voice(lanes, lane, version)
        yield msgspec.structs.replace(version, voice=True) if is_told else version


def _before(day: int) -> int:
    return end_of_day(day - 1)


def _between(
    ends: Iterable[End], start: int | None, stop: int | None
) -> Iterable[tuple[int, End | None]]:
    """Return the days between two days, each with the end that holds the position."""
    holder: End | None = None
    days: dict[int, End | None] = {} if start is None else {start: None}
    for end in ends:
        if stop is not None and end.day >= stop:
            break
        if follows(holder, end):
            holder = end
        days[end.day if start is None or end.day > start else start] = holder
    return days.items()


def _steps(days: dict[int, End | None]) -> list[Step]:
    return [
        Step(day, standing_of(end) if end else NOTHING_SAID, {})
        for day, end in sorted(days.items())
    ]


def _moves(steps: Sequence[Step], changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes on a lane, and a step for each day on which its line moved without one."""
    by_day: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_day[change.day].append(change)
    standing = {step.day: step.standing for step in steps}
    before, is_later = NOTHING_SAID, False
    for day in sorted({*by_day, *standing}):
        yield from by_day[day]
        after = standing.get(day, before)
        level = by_day[day][-1].to if by_day[day] else before.stance
        if after.stance != level:
            yield _step(day, before, after, is_first=not is_later)
        is_later = is_later or after.stance is not None
        before = after


def _step(day: int, before: ProvenStance, after: ProvenStance, *, is_first: bool) -> Change:
    said = [reading.counts_from for reading in after.counted]
    words = (*before.counted, *after.counted)
    lowest, highest = after.span
    return Change(
        kind="first" if is_first else "step",
        from_=before.stance,
        to=after.stance,
        counts_from=max([day * DAY, *(instant for instant in said if instant // DAY == day)]),
        day=day,
        before=before.numbers,
        after=after.numbers,
        withdrawn_by=(),
        other_speaker=False,
        other_wording=False,
        known_at=max((reading.known_from for reading in words), default=0),
        lowest=lowest,
        highest=highest,
        rule=RULE,
    )
