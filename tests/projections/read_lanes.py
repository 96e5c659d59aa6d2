"""The lanes of an actor once more, the slow way: every word of each is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import positions
from timeline.projections.queries.speaking import KeptLane, LanePlace, SpokenCounts, SpokenFor
from timeline.projections.queries.tracks import topic_tracks, vote_topics
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from web.lanes.history import history_of, lane_history
from web.lanes.long_lane import last_turn
from web.lanes.rhythm import Activity, activity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.speaking import Which
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks


class ReadLanes:
    """The lanes of an actor (an id) as of and as known at a moment, each read as a whole."""

    def __init__(self, conn: Connection, actor: str, clocks: Clocks) -> None:
        self._conn, self._actor, self._clocks = conn, actor, clocks

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

    def some(
        self, which: Which, limit: int, *, beyond: LanePlace | None = None, back: bool = False
    ) -> Sequence[LanePlace]:
        """Return so many lanes behind one, or the last before it, the latest to change first."""
        places = [LanePlace(one.changed_from, one.topic) for one in self._kept[which]]
        if beyond is None:
            return places[:limit]
        at = places.index(beyond)
        return places[:at][-limit:] if back else places[at + 1 :][:limit]

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
        return [
            SpokenFor(
                topic=topic,
                speaker=one.speaker,
                number=one.statement,
                counts_from=one.counts_from,
                stance=one.stance,
                retracted=one.retracted,
                utterance=self._uttered.get(one.statement, one.statement),
            )
            for topic, lane in self._lanes.items()
            for one in lane.readings
            if one.speaker != self._actor
        ]

    def latest(self, limit: int) -> list[int]:
        """Return the numbers of so many statements, the latest first."""
        read = {(-r.counts_from, r.statement) for one in self._lanes.values() for r in one.readings}
        return [number for _, number in sorted(read)[:limit]]

    @cached_property
    def repeated(self) -> int:
        """How many of them were made in the utterance of an earlier one."""
        said = {
            (r.statement, uttered)
            for one in self._lanes.values()
            for r in one.readings
            if not r.retracted and (uttered := self._uttered.get(r.statement))
        }
        return len(said) - len({uttered for _, uttered in said})

    @cached_property
    def _uttered(self) -> dict[int, tuple[str, int]]:
        known_at, said = self._clocks.known_at, schema.statements.c
        rows = self._conn.execute(
            select(said.number, said.document, said.utterance).where(
                said.utterance.is_not(None), said.retracted == 0, *known(said, known_at)
            )
        )
        return {number: (document, utterance) for number, document, utterance in rows}

    @cached_property
    def _lanes(self) -> Mapping[str, LaneHistory]:
        as_of, known_at = self._clocks.as_of, self._clocks.known_at
        every = positions.lanes_at(self._conn, lane=self._actor, known_at=known_at)
        read = {topic: (readings, back) for (topic, _), readings, back in every}
        votes = vote_topics(self._conn, read, known_at)
        found = {}
        for topic, (readings, back) in read.items():
            if topic in votes:
                found[topic] = lane_history(self._actor, readings, back, self._clocks)
                continue
            lanes = topic_tracks(self._conn, topic, TwoClocks(as_of, known_at))
            track = lanes.get(self._actor)
            found[topic] = history_of(self._actor, track) if track and track.readings else None
        return {topic: lane for topic, lane in found.items() if lane is not None}


def _in_short(topic: str, lane: LaneHistory) -> KeptLane:
    return KeptLane(
        topic=topic,
        position=lane.position,
        changed_from=lane.changes[-1].counts_from if lane.changes else None,
        turned=last_turn(lane.changes) is not None,
        known=len({r.statement for r in lane.readings}),
        on_record=len({r.statement for r in lane.readings if not r.retracted}),
    )
