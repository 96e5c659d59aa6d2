"""The lanes of an actor: all of them in short, and those that the page shows in full.

As known now most of it is kept, and only the lanes that are shown are read; of a long one only the
end. At another moment all of them are read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

from timeline.domain.instants import day_of
from timeline.domain.position import steps
from timeline.projections.queries import crowds, positions, speaking
from timeline.projections.queries.speaking import NOTHING, KeptLane, SpokenCounts, SpokenFor
from timeline.projections.queries.utterances import repeats_of, uttered_together
from timeline.projections.tables.lanes import lanes_known
from web.actor.changed import last_turn
from web.lanes.chart_input import MARKS
from web.lanes.crowd import hold_of
from web.lanes.history import LaneHistory, holds, lane_history
from web.lanes.rhythm import Activity, activity
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Reading
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.speaking import Which
    from web.lanes.window import Window

LONG = MARKS
"""Statements up to which a lane is read from its first word on."""

MOST_READ = 2 * MARKS
"""Words of a long lane that are read; more are counted."""


class ActorLanes(ABC):
    """The lanes of an actor (an id) as of and as known at a moment; topics are ids."""

    def __init__(self, conn: Connection, actor: str, clocks: Clocks) -> None:
        self._conn, self._actor, self._clocks = conn, actor, clocks

    @property
    @abstractmethod
    def counts(self) -> SpokenCounts:
        """What was said altogether."""

    @abstractmethod
    def some(self, which: Which, skip: int, limit: int) -> Sequence[KeptLane]:
        """Return so many lanes in short after the first ``skip``, the latest to change first."""

    @abstractmethod
    def on(self, topics: Collection[str]) -> list[KeptLane]:
        """Return the lanes on these topics in the same order."""

    @property
    @abstractmethod
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""

    @property
    @abstractmethod
    def spoken_for(self) -> list[SpokenFor]:
        """What others said for the actor, in the order in which it counts."""

    @property
    @abstractmethod
    def activity(self) -> Activity:
        """How much was said and changed by day; nobody counts it of very many statements."""

    @abstractmethod
    def latest(self, limit: int) -> list[int]:
        """Return the numbers of so many statements, the latest first."""

    @abstractmethod
    def read(self, topics: Iterable[str], shown: Window) -> dict[str, LaneHistory]:
        """Return the lanes on these topics as they are drawn in a window."""

    @cached_property
    def on_topics_spoken_for(self) -> list[KeptLane]:
        """The lanes in which others spoke, in the same order."""
        return self.on({one.topic for one in self.spoken_for})

    @cached_property
    def repeated(self) -> int:
        """How many of them were made in the utterance of an earlier one."""
        at = {"as_of": self._clocks.as_of, "known_at": self._clocks.known_at}
        return repeats_of(self._conn, self._actor, **at)


def actor_lanes(conn: Connection, actor: str, clocks: Clocks) -> ActorLanes:
    """Return the lanes of an actor at both clocks."""
    return (LanesNow if clocks.is_now else LanesThen)(conn, actor, clocks)


class LanesNow(ActorLanes):
    """The lanes as they are known now."""

    @cached_property
    def counts(self) -> SpokenCounts:
        """What was said altogether."""
        return speaking.counts_of(self._conn, [self._actor]).get(self._actor, NOTHING)

    def some(self, which: Which, skip: int, limit: int) -> Sequence[KeptLane]:
        """Return so many lanes in short after the first ``skip``, the latest to change first."""
        return speaking.kept_lanes(self._conn, self._actor, which, skip=skip, limit=limit)

    def on(self, topics: Collection[str]) -> list[KeptLane]:
        """Return the lanes on these topics in the same order."""
        return speaking.kept_lanes_on(self._conn, self._actor, topics) if topics else []

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""
        return speaking.span_of(self._conn, self._actor)

    @cached_property
    def activity(self) -> Activity:
        """How much was said and changed by day; nobody counts it of very many statements."""
        if self.counts.known >= crowds.CROWD:
            return Activity(Counter(), Counter())
        said = speaking.instants_of(self._conn, self._actor)
        moves = positions.current_changes(self._conn, lane=self._actor, firsts=False)
        moved = {(one.change.after, day_of(one.change.counts_from)) for one in moves}
        lanes: dict[int, Counter[int]] = {}
        for topic, counts_from in said:
            lanes.setdefault(topic, Counter())[day_of(counts_from)] += 1
        whole = sum(lanes.values(), Counter())
        return Activity(whole, Counter(day for _, day in moved), tuple(lanes.values()))

    @cached_property
    def spoken_for(self) -> list[SpokenFor]:
        """What others said for the actor, in the order in which it counts."""
        return speaking.spoken_for(self._conn, self._actor)

    def latest(self, limit: int) -> list[int]:
        """Return the numbers of so many statements, the latest first."""
        return speaking.latest_statements(self._conn, self._actor, limit)

    def read(self, topics: Iterable[str], shown: Window) -> dict[str, LaneHistory]:
        """Return the lanes on these topics; of long ones the end, and what is counted by day."""
        wanted = {*topics}
        kept = {one.topic: one for one in self.on(wanted)}
        whole = {topic for topic, one in kept.items() if one.known <= LONG}
        if whole != wanted:
            whole |= wanted & positions.walked_back(self._conn, self._actor)
        found = {topic: self._long(kept[topic], shown) for topic in wanted - whole}
        for (topic, lane), readings, back in positions.lanes_of_actor(
            self._conn, self._actor, sorted(whole)
        ):
            history = lane_history(lane, readings, back, self._clocks)
            if history is not None:
                found[topic] = history
        return found

    def _long(self, kept: KeptLane, shown: Window) -> LaneHistory:
        """Return a lane whose words are read from the position on that the window begins with.

        Where those are many, they are counted by day; words since the position before the last are
        read all the same.
        """
        moves = [
            one.change for one in crowds.last_changes(self._conn, kept.topic, self._actor, MARKS)
        ]
        turn = last_turn(moves)
        left = moves[moves.index(turn) - 1].day if turn in moves[1:] else None
        begin = _beginning(moves, left, shown)
        read = self._said_since(kept.topic, begin, MOST_READ)
        is_counted = len(read) > MOST_READ
        if is_counted:
            read = [] if left is None else self._said_since(kept.topic, left)
            known = tuple(map(hold_of, moves))
        else:
            earlier = (hold_of(one) for one in moves if one.day < begin)
            known = (*earlier, *holds(steps(read)))
        return LaneHistory(
            actor=self._actor,
            readings=tuple(sorted(read, key=lambda one: (one.counts_from, one.statement))),
            position=kept.position,
            changes=tuple(moves),
            holds=known,
            daily=tuple(sorted(self._daily(kept.topic, shown).items())) if is_counted else (),
        )

    def _said_since(self, topic: str, day: int, most: int | None = None) -> list[Reading]:
        limit = None if most is None else most + 1
        return positions.said_since(self._conn, topic, self._actor, day, limit)

    def _daily(self, topic: str, shown: Window) -> dict[int, Counts]:
        members = lanes_known(self._conn).members(self._actor)
        found: dict[int, Counts] = {}
        for of_days in crowds.daily(self._conn, topic, members, days=shown.days).values():
            for day, counts in of_days.items():
                a, b, c, d, e = map(add, found.get(day, (0, 0, 0, 0, 0)), counts)
                found[day] = (a, b, c, d, e)
        return found


class LanesThen(ActorLanes):
    """The lanes at an earlier moment, each read from its first word on."""

    @cached_property
    def counts(self) -> SpokenCounts:
        """What was said altogether."""
        return SpokenCounts(
            topics=len(self._kept["all"]),
            turned=len(self._kept["turned"]),
            held=len(self._kept["held"]),
            known=sum(one.known for one in self._kept["all"]),
            statements=sum(one.on_record for one in self._kept["all"]),
        )

    def some(self, which: Which, skip: int, limit: int) -> Sequence[KeptLane]:
        """Return so many lanes in short after the first ``skip``, the latest to change first."""
        return self._kept[which][skip : skip + limit]

    def on(self, topics: Collection[str]) -> list[KeptLane]:
        """Return the lanes on these topics in the same order."""
        return [one for one in self._kept["all"] if one.topic in topics]

    @cached_property
    def _kept(self) -> dict[Which, list[KeptLane]]:
        every = [_in_short(topic, lane) for topic, lane in self._lanes.items()]
        every.sort(key=lambda one: (one.changed_from is None, -(one.changed_from or 0)))
        held = [one for one in every if not one.turned and one.position.counted]
        return {"all": every, "turned": [one for one in every if one.turned], "held": held}

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""
        instants = [r.counts_from for lane in self._lanes.values() for r in lane.readings]
        return (min(instants), max(instants)) if instants else None

    @cached_property
    def activity(self) -> Activity:
        """How much was said and changed by day."""
        return activity([*self._lanes.values()])

    @cached_property
    def spoken_for(self) -> list[SpokenFor]:
        """What others said for the actor, in the order in which it counts."""
        known_at = self._clocks.known_at
        uttered = uttered_together(self._conn, self._actor, known_at=known_at)
        return [
            SpokenFor(
                topic=topic,
                speaker=one.speaker,
                number=one.statement,
                counts_from=one.counts_from,
                stance=one.stance,
                retracted=one.retracted,
                utterance=uttered.get(one.statement, one.statement),
            )
            for topic, lane in self._lanes.items()
            for one in lane.readings
            if one.speaker != self._actor
        ]

    def latest(self, limit: int) -> list[int]:
        """Return the numbers of so many statements, the latest first."""
        read = {(-r.counts_from, r.statement) for one in self._lanes.values() for r in one.readings}
        return [number for _, number in sorted(read)[:limit]]

    def read(self, topics: Iterable[str], shown: Window) -> dict[str, LaneHistory]:  # noqa: ARG002
        """Return the lanes on these topics."""
        return {topic: self._lanes[topic] for topic in topics}

    @cached_property
    def _lanes(self) -> Mapping[str, LaneHistory]:
        known_at = self._clocks.known_at
        every = positions.lanes_at(self._conn, lane=self._actor, known_at=known_at)
        found = (
            (topic, lane_history(lane, readings, back, self._clocks))
            for (topic, lane), readings, back in every
        )
        return {topic: lane for topic, lane in found if lane is not None}


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


def _in_short(topic: str, lane: LaneHistory) -> KeptLane:
    return KeptLane(
        topic=topic,
        position=lane.position,
        changed_from=lane.changes[-1].counts_from if lane.changes else None,
        turned=last_turn(lane.changes) is not None,
        known=len({r.statement for r in lane.readings}),
        on_record=len({r.statement for r in lane.readings if not r.retracted}),
    )
