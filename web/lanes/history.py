"""The history of each lane of a topic, at the clocks of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of, end_of_day
from timeline.domain.position import (
    Change,
    Position,
    ProvenStance,
    Reading,
    Stance,
    Step,
    Withdrawal,
    changes_between,
    position,
    steps,
)
from timeline.domain.position.edition2 import RULE as TRACKS
from timeline.domain.position.edition2.votes import as_vote
from timeline.domain.position.edition2.words import sign
from timeline.projections.queries.positions import lanes_on
from timeline.projections.queries.tracks import split_votes, topic_tracks
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position.edition2.track import Track
    from web.wording.clocks import Clocks


class Totals(msgspec.Struct, frozen=True):
    """How many valid statements a lane has, and how often it changed; 0 if it is unknown.

    ``last`` is the instant of the last statement of its position, 0 if it has none.
    """

    statements: int
    turns: int
    last: int = 0


class LaneHistory(msgspec.Struct, frozen=True):
    """One lane: ``readings`` are its statements, ``days`` its position after each day.

    ``holds`` are its successive positions, ``back`` its walk-backs. ``part_of`` is the actor whose
    lane was split by speaker into parts like this one. A lane with too many statements has
    ``daily`` counts instead of readings: per UTC day, −2 to +2. ``unwatched`` are the times when
    nobody watched it, if they were read. ``totals`` are for the whole lane, if only a part was
    read. ``is_for_others`` says for a lane in short whether all its words also stand in the lane of
    whom they speak for. If it changed too often in the window to draw all changes, ``untold``
    counts them. ``is_counted`` if it has more words now than are drawn, at any moment shown.
    """

    actor: str
    readings: tuple[Reading, ...]
    position: Position
    changes: tuple[Change, ...]
    holds: tuple[Hold, ...]
    days: tuple[Step, ...] = ()
    part_of: str = ""
    daily: tuple[tuple[int, tuple[int, int, int, int, int]], ...] = ()
    back: tuple[Withdrawal, ...] = ()
    unwatched: tuple[tuple[int, int], ...] = ()
    totals: Totals | None = None
    is_for_others: bool | None = None
    untold: int = 0
    is_counted: bool = False

    @property
    def statements(self) -> int:
        """The number of valid statements of the lane; 0 if it is unknown."""
        if self.totals is not None:
            return self.totals.statements
        return len({reading.statement for reading in self.readings if not reading.retracted})

    @property
    def moves(self) -> list[Change]:
        """The changes that were read, without first positions."""
        return [change for change in self.changes if change.is_visible]

    def change_on(self, day: int) -> Change | None:
        """Return the change of a UTC day, a published one first."""
        that_day = [change for change in self.changes if change.day == day]
        return max(that_day, key=lambda change: change.is_visible, default=None)

    @property
    def latest(self) -> Change | None:
        """The latest change, if one was read."""
        return self.moves[-1] if self.moves else None

    @property
    def has_steps(self) -> bool:
        """Whether it has words of several classes: for, undecided, against."""
        return len({sign(hold.stance) for hold in self.holds if isinstance(hold.stance, int)}) > 1

    @property
    def came_by(self) -> Change | None:
        """The change that led to its current position, if nothing moved it since."""
        latest = self.latest
        if latest is None or latest.back_on is not None or latest.to != self.position.stance:
            return None
        since = self.changes[self.changes.index(latest) + 1 :]
        return latest if all(change.to == latest.to for change in since) else None

    @property
    def moved_at(self) -> int:
        """The instant of its latest change, or of its first position; 0 without any."""
        changes = [change for change in self.changes if change.is_visible or change.kind == "first"]
        return changes[-1].counts_from if changes else 0

    @property
    def turns(self) -> int:
        """How often the lane changed; 0 if it is unknown."""
        return len(self.moves) if self.totals is None else self.totals.turns

    def position_before(self, change: Change, known_at: int | None) -> Position:
        """Return the position on the day before a change."""
        return self.position_at(end_of_day(change.day - 1), known_at)

    def position_at(self, instant: int, known_at: int | None) -> Position:
        """Return the position at an instant."""
        if self.position.rule == TRACKS and self.totals is None:
            return _position_of_run([step for step in self.days if step.day <= day_of(instant)])
        return position(self.readings, self.back, as_of=instant, known_at=known_at)

    @property
    def first_word(self) -> int:
        """The instant of the first statement, 0 if there is none."""
        read = [reading.counts_from for reading in self.readings[:1]]
        return min([*read, *(change.counts_from for change in self.changes[:1])], default=0)

    @property
    def last_word(self) -> int:
        """The instant of the latest statement."""
        read = [reading.counts_from for reading in self.readings[-1:]]
        if read and self.totals is None:
            return read[0]
        totals = [self.totals.last] if self.totals else []
        counted = [end_of_day(day) for day, _ in self.daily[-1:]]
        changed = (change.counts_from for change in self.changes)
        return max([*read, *totals, *counted, *changed], default=0)

    @property
    def in_order(self) -> list[int]:
        """The numbers of its valid statements, in order of time."""
        valid = (reading.statement for reading in self.readings if not reading.retracted)
        return list(dict.fromkeys(valid))

    @property
    def decisive(self) -> set[int]:
        """The numbers of the statements that its positions rest on, in the past and now."""
        position = self.position
        numbers = {n for hold in self.holds for n in (hold.opened_by, hold.last)}
        numbers |= {*(position.reported.statements if position.reported else ())}
        return numbers | {*position.counted, *(n for n in (position.first, position.last) if n)}

    def around(self, number: int) -> tuple[int | None, int | None]:
        """Return the valid statements before and after one of its statements."""
        places = {r.statement: (r.counts_from, r.statement) for r in self.readings}
        before = [other for other in self.in_order if places[other] < places[number]]
        after = [other for other in self.in_order if places[other] > places[number]]
        return before[-1] if before else None, after[0] if after else None

    @property
    def speakers(self) -> list[str]:
        """The ids of the speakers, the most frequent first."""
        return [speaker for speaker, _ in Counter(r.speaker for r in self.readings).most_common()]


def with_empty_lanes(
    lanes_then: list[LaneHistory], lanes_now: list[LaneHistory]
) -> list[LaneHistory]:
    """Return the lanes of a moment, with empty lanes for actors who have one only now."""
    spoke = {lane.actor: lane for lane in lanes_then}
    lanes = [spoke.get(lane.actor, _empty_lane(lane)) for lane in lanes_now]
    present = {lane.actor for lane in lanes_now}
    return [*lanes, *(lane for lane in lanes_then if lane.actor not in present)]


def _empty_lane(lane: LaneHistory) -> LaneHistory:
    return LaneHistory(lane.actor, (), position(()), (), (), part_of=lane.part_of)


class Hold(msgspec.Struct, frozen=True):
    """A position for as long as it is the latest on record.

    ``said`` are the instants at which it was said; ``start`` is the first, or the day on which the
    position that had replaced it was taken back; ``opened_by`` and ``last`` are statement numbers.
    """

    start: int
    stance: Stance
    rank: int | None
    lowest: int | None
    highest: int | None
    said: tuple[int, ...]
    opened_by: int
    last: int
    timed: bool


def histories(conn: Connection, topic: str, clocks: Clocks) -> list[LaneHistory]:
    """Return every lane of a topic that has statements at these clocks."""
    return [lane for _, lane in read_histories(conn, [topic], clocks)]


def history_on(conn: Connection, topic: str, actor: str, clocks: Clocks) -> LaneHistory | None:
    """Return one lane of a topic (both ids), ``None`` if it has no statements at these clocks."""
    lanes = read_histories(conn, [topic], clocks, actors={actor})
    return next((lane for _, lane in lanes), None)


def read_histories(
    conn: Connection,
    topics: Sequence[str],
    clocks: Clocks,
    *,
    actors: Collection[str] | None = None,
) -> Iterator[tuple[str, LaneHistory]]:
    """Yield the lanes of actors (all for ``None``) on topics, each with its topic's id.

    Lanes without statements at these clocks are left out.
    """
    votes, others = split_votes(conn, topics, clocks.known_at)
    known_at = clocks.known_at
    lanes = lanes_on(conn, votes, lanes=actors, known_at=known_at)
    for (topic, actor), readings, back in lanes:
        if (lane := vote_history(actor, readings, back, clocks)) is not None:
            yield topic, lane
    for topic in others:
        now = this_request().now
        for actor, track in topic_tracks(conn, topic, clocks, actors=actors, now=now).items():
            if track.readings:
                yield topic, history_of(actor, track)


def history_of(actor: str, track: Track) -> LaneHistory:
    """Return the lane of a track by edition 2 of the rule."""
    return LaneHistory(
        actor=actor,
        readings=tuple(sorted(track.readings, key=lambda r: (r.counts_from, r.statement))),
        position=track.position,
        changes=track.changes,
        holds=tuple(
            holds(track.steps, [change.day for change in track.changes if change.is_visible])
        ),
        days=track.steps,
    )


def _position_of_run(days: Sequence[Step]) -> Position:
    """Return the position after the last day, with the run of days that say the same."""
    run: list[ProvenStance] = []
    said_by: int | None = None
    for day in reversed(days):
        if said_by is not None and day.day > said_by:
            # Later words were taken back: these words hold again.
            continue
        if not day.standing.counted or (run and day.standing.stance != run[0].stance):
            break
        run.append(day.standing)
        said_by = max(reading.day for reading in day.standing.counted)
    if not run:
        return position(())
    lowest, highest = run[0].span
    return msgspec.structs.replace(
        position(()),
        stance=run[0].stance,
        rank=run[0].rank,
        counted=run[0].numbers,
        first=run[-1].numbers[0],
        last=run[0].numbers[-1],
        statements=len({number for stance in run for number in stance.numbers}),
        lowest=lowest,
        highest=highest,
        rule=TRACKS,
    )


def lane_history(
    lane: str, readings: list[Reading], back: list[Withdrawal], clocks: Clocks
) -> LaneHistory | None:
    """Return a lane up to the moment of the page; ``None`` if nothing was said."""
    said = [r for r in readings if clocks.as_of is None or r.counts_from <= clocks.as_of]
    if not said:
        return None
    days = tuple(steps(said, back, known_at=clocks.known_at))
    return LaneHistory(
        actor=lane,
        readings=tuple(sorted(said, key=lambda r: (r.counts_from, r.statement))),
        position=position(said, back, known_at=clocks.known_at),
        changes=changes_between(days),
        holds=tuple(holds(days)),
        days=days,
        back=tuple(back),
    )


def vote_history(
    lane: str, readings: list[Reading], back: list[Withdrawal], clocks: Clocks
) -> LaneHistory | None:
    """Return a lane of a topic of votes, with its changes as stored."""
    lane_found = lane_history(lane, readings, back, clocks)
    if lane_found is None:
        return None
    return msgspec.structs.replace(lane_found, changes=tuple(map(as_vote, lane_found.changes)))


def own_lanes(lanes: list[LaneHistory]) -> list[LaneHistory]:
    """Leave out lanes of people whose words all stand in the lane of whom they speak for."""
    elsewhere: dict[int, set[str]] = {}
    for lane in lanes:
        for reading in lane.readings:
            if reading.speaker != lane.actor:
                elsewhere.setdefault(reading.statement, set()).add(lane.actor)

    def is_for_others(lane: LaneHistory) -> bool:
        if lane.is_for_others is not None:
            return lane.is_for_others
        said = [elsewhere.get(reading.statement, set()) - {lane.actor} for reading in lane.readings]
        return bool(said) and all(said)

    return [lane for lane in lanes if not is_for_others(lane)]


def chosen_lanes(lanes: list[LaneHistory], actors: Collection[str]) -> list[LaneHistory]:
    """Return the lanes of these actors, even if they only speak for others."""
    return [lane for lane in lanes if lane.actor in actors]


def by_speaker(
    conn: Connection,
    topic: str,
    clocks: Clocks,
    lanes: list[LaneHistory],
    every: list[LaneHistory],
    actors: set[str],
) -> list[LaneHistory]:
    """Split the lanes of these actors into one for each speaker.

    ``every`` are the lanes of all who spoke. The actor keeps a lane of its own words, if any.
    """
    split: dict[str, LaneHistory] = {}
    for lane in lanes:
        whole = history_on(conn, topic, lane.actor, clocks) if lane.actor in actors else None
        if whole and {*whole.speakers} - {lane.actor}:
            split[lane.actor] = whole
    known = {lane.actor: lane for lane in every}
    parts: dict[str, LaneHistory] = {}
    for actor, whole in split.items():
        own = _own_words(whole, clocks)
        spoken = {**known, actor: own} if own else known
        for speaker in whole.speakers:
            part = msgspec.structs.replace(spoken[speaker], part_of=actor)
            parts.setdefault(speaker, part)
    others = [lane for lane in lanes if lane.actor not in split and lane.actor not in parts]
    return [*parts.values(), *others]


def _own_words(whole: LaneHistory, clocks: Clocks) -> LaneHistory | None:
    """Return the lane of a side's own words, without those of its speakers."""
    own_readings = [reading for reading in whole.readings if reading.speaker == whole.actor]
    if whole.position.rule != TRACKS:
        return vote_history(whole.actor, own_readings, [*whole.back], clocks)
    lane = lane_history(whole.actor, own_readings, [*whole.back], clocks)
    return None if lane is None else _with_published_changes(whole, lane)


def _with_published_changes(whole: LaneHistory, part: LaneHistory) -> LaneHistory:
    """Return a part of a lane that publishes only changes that the whole publishes."""
    changes = {(change.day, change.after): change for change in whole.changes if change.is_visible}
    moves = tuple(
        changes.get((change.day, change.after), msgspec.structs.replace(change, status="waiting"))
        for change in part.changes
    )
    return msgspec.structs.replace(part, changes=moves)


def holds(days: Iterable[Step], turning_days: Collection[int] = ()) -> list[Hold]:
    """Return the positions that a lane held, one after the other.

    One begins on each of the ``turning_days``, even if only its conditions changed.
    """
    days_turned = sorted(turning_days)
    groups = groupby(
        days,
        key=lambda step: (
            step.standing.stance,
            step.standing.rank,
            bisect_right(days_turned, step.day),
        ),
    )
    return [_hold(list(group)) for _, group in groups]


def _hold(group: list[Step]) -> Hold:
    """Return one position from the days of its run."""
    opening = group[0].standing
    said = dict.fromkeys(r.counts_from for step in group for r in step.standing.counted)
    that_day = [r.counts_from for r in opening.counted if r.day == group[0].day]
    proven = (step.standing.numbers for step in reversed(group) if step.standing.counted)
    lowest, highest = opening.span
    return Hold(
        start=min(that_day) if that_day else group[0].day * DAY,
        stance=opening.stance,
        rank=opening.rank,
        lowest=lowest,
        highest=highest,
        said=tuple(said),
        opened_by=opening.numbers[0] if opening.numbers else 0,
        last=next(proven, (0,))[-1],
        timed=any(reading.timed for reading in opening.counted),
    )


def hold_of(change: Change) -> Hold:
    """Return the position that began with a change, from that change alone."""
    return Hold(
        start=change.counts_from,
        stance=change.to,
        rank=0,
        lowest=change.lowest,
        highest=change.highest,
        said=(change.counts_from,),
        opened_by=change.after[0] if change.after else 0,
        last=change.after[-1] if change.after else 0,
        timed=False,
    )
