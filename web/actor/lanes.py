"""The lanes of an actor: all in short, and those that the page shows in full.

Most of it is stored for now. At another moment it is counted, with changes from those stored. Only
lanes that are shown are read, and only the end of long ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.domain.position import position
from timeline.projections.queries import positions, speaking
from timeline.projections.queries.historical_changes import LaneEnd, changes_on, lane_ends
from timeline.projections.queries.lane_window import LaneWindow
from timeline.projections.queries.speaking import (
    NOTHING,
    LanePlace,
    LaneTotal,
    SpokenCounts,
    StatementOnBehalf,
    StoredLane,
)
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.queries.utterances import repeats_of
from timeline.projections.tables.lanes import Lanes, lanes_known
from web.lanes import reading
from web.lanes.chart_input import MARKS
from web.lanes.history import LaneHistory, Totals, read_histories
from web.lanes.long_lane import lane_since
from web.lanes.rhythm import Activity
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Position
    from timeline.projections.queries.positions import LaneChange
    from timeline.projections.queries.speaking import Which
    from web.lanes.window import Window

MOST_COUNTED = 5_000
"""The most statements of an actor that are counted by day."""


class ActorLanes:
    """The lanes of an actor (an id) as they are known now; topics are ids."""

    def __init__(self, conn: Connection, actor: str, clocks: Clocks) -> None:
        self._conn, self._actor, self._clocks = conn, actor, clocks
        self._read_whole: dict[str, LaneHistory | None] = {}

    @cached_property
    def counts(self) -> SpokenCounts:
        """The total counts."""
        return speaking.counts_of(self._conn, [self._actor]).get(self._actor, NOTHING)

    def some(
        self, which: Which, limit: int, *, beyond: LanePlace | None = None, back: bool = False
    ) -> Sequence[LanePlace]:
        """Return lanes after one, or the last before it; the latest to change come first."""
        conn, actor = self._conn, self._actor
        return speaking.lanes_in_order(conn, actor, which, limit, beyond=beyond, back=back)

    def on(self, topics: Collection[str]) -> list[StoredLane]:
        """Return the lanes on these topics, in the same order."""
        return speaking.stored_lanes(self._conn, self._actor, topics) if topics else []

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""
        return speaking.span_of(self._conn, self._actor)

    @cached_property
    def spoken_for(self) -> list[StatementOnBehalf]:
        """The lanes on topics on which others spoke for the actor."""
        return speaking.spoken_for(self._conn, self._actor, self._clocks)

    @cached_property
    def activity(self) -> Activity:
        """Statements and changes by day; empty for very many statements."""
        if self.counts.known >= MOST_COUNTED:
            return Activity(Counter(), Counter())
        said = speaking.instants_of(self._conn, self._actor, self._clocks)
        return _activity(said, (change.change for change in self._changes()))

    def _changes(self) -> list[LaneChange]:
        return positions.current_changes(self._conn, lane=self._actor, firsts=False)

    def latest(self, limit: int) -> list[int]:
        """Return the numbers of the latest statements, the latest first."""
        return speaking.latest_statements(self._conn, self._actor, limit, self._clocks)

    def read(self, topics: Iterable[str], shown: Window) -> dict[str, LaneHistory]:
        """Return the lanes on these topics; of long ones the end, with counts by day."""
        stored = {lane.topic: lane for lane in self.on({*topics})}
        most = reading.words_read(lane.known for lane in stored.values())
        long = {
            topic for topic, lane in stored.items() if lane.known > most and self._is_cut(topic)
        }
        lanes = {topic: self._long(stored[topic], shown, most) for topic in long}
        return lanes | self._wholes(stored.keys() - long)

    def _wholes(self, topics: Collection[str]) -> dict[str, LaneHistory]:
        """Return the whole lanes on these topics, cached."""
        missing = sorted({*topics} - self._read_whole.keys())
        read = read_histories(self._conn, missing, self._clocks, actors={self._actor})
        self._read_whole |= dict.fromkeys(missing) | dict(read)
        lanes = {topic: self._read_whole[topic] for topic in topics}
        return {topic: lane for topic, lane in lanes.items() if lane is not None}

    def _long(self, stored: StoredLane, shown: Window, most: int) -> LaneHistory:
        stretch, changes = self._part(stored.topic)
        lane = lane_since(self._actor, stretch, stored.position, changes, shown, most)
        return msgspec.structs.replace(lane, totals=Totals(stored.on_record, lane.turns))

    def _is_cut(self, topic: str) -> bool:
        """Tell whether a lane may be read in part: it has only votes, and none was withdrawn."""
        return topic in self._votes and topic not in self._walked_back

    @cached_property
    def _votes(self) -> set[str]:
        spoken = positions.relevant_topics(self._conn, None, self._actor, self._clocks.known_at)
        return vote_topics(self._conn, spoken, self._clocks.known_at)

    @cached_property
    def _walked_back(self) -> set[str]:
        return positions.walked_back(self._conn, self._actor, self._clocks.known_at)

    def _part(self, topic: str) -> tuple[LaneWindow, TopicChanges]:
        """Return the readers of a lane's statements and changes."""
        conn, actor = self._conn, self._actor
        return (
            LaneWindow(conn, topic, actor, self._clocks, lanes=self._lanes),
            TopicChanges(conn, topic, self._clocks, lane=actor),
        )

    @cached_property
    def _lanes(self) -> Lanes:
        return lanes_known(self._conn, self._clocks.known_at)

    @cached_property
    def on_topics_spoken_for(self) -> list[StoredLane]:
        """The lanes in which others spoke, in the same order."""
        return self.on({statement.topic for statement in self.spoken_for})

    @cached_property
    def repeated(self) -> int:
        """How many statements belong to the utterance of an earlier one."""
        return repeats_of(self._conn, self._actor, self._clocks)


class LanesThen(ActorLanes):
    """The lanes at an earlier moment: counted, with stored changes, and read if shown."""

    @cached_property
    def counts(self) -> SpokenCounts:
        """The total counts."""
        return SpokenCounts(
            topics=len(self._kept["all"]),
            turned=len(self._kept["turned"]),
            held=len(self._kept["held"]),
            known=sum(total.known for total in self._totals.values()),
            statements=sum(total.on_record for total in self._totals.values()),
        )

    def some(
        self, which: Which, limit: int, *, beyond: LanePlace | None = None, back: bool = False
    ) -> Sequence[LanePlace]:
        """Return lanes after one, or the last before it."""
        every = self._kept[which]
        if beyond is None:
            return every[:limit]
        here = bisect_left if back else bisect_right
        at = here(every, latest_first(beyond), key=latest_first)
        return every[max(at - limit, 0) : at] if back else every[at : at + limit]

    def on(self, topics: Collection[str]) -> list[StoredLane]:
        """Return the lanes on these topics, in the same order."""
        topic_ids = [place.topic for place in self._kept["all"] if place.topic in topics]
        long = {
            topic_id
            for topic_id in topic_ids
            if self._totals[topic_id].known > MARKS and self._is_cut(topic_id)
        }
        stand = {
            topic_id: lane.position for topic_id, lane in self._wholes({*topic_ids} - long).items()
        }
        stand |= {topic_id: self._part(topic_id)[0].position() for topic_id in long}
        return [
            self._in_short(topic_id, stand.get(topic_id, position(()))) for topic_id in topic_ids
        ]

    @cached_property
    def _kept(self) -> dict[Which, list[LanePlace]]:
        """The lanes in order; a lane that never changed has one change, to its only position."""
        ends = self._ends
        places = (
            LanePlace(ends[total].changed_from if total in ends else None, total)
            for total in self._totals
        )
        every = sorted(places, key=latest_first)
        changed = [(place, ends[place.topic].turned) for place in every if place.topic in ends]
        places_turned = [place for place, has_turned in changed if has_turned]
        places_held = [place for place, has_turned in changed if not has_turned]
        return {"all": every, "turned": places_turned, "held": places_held}

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The instants of the first and the last statement."""
        ends = [end for total in self._totals.values() for end in (total.first, total.last)]
        return (min(ends), max(ends)) if ends else None

    def _in_short(self, topic: str, position: Position) -> StoredLane:
        total, end = self._totals[topic], self._ends.get(topic)
        return StoredLane(
            topic=topic,
            position=position,
            changed_from=end.changed_from if end else None,
            turned=end is not None and end.turned,
            known=total.known,
            on_record=total.on_record,
        )

    @cached_property
    def _totals(self) -> dict[str, LaneTotal]:
        return speaking.totals(self._conn, self._actor, self._clocks)

    @cached_property
    def _ends(self) -> dict[str, LaneEnd]:
        return lane_ends(self._conn, [*self._totals], self._actor, self._clocks)

    def _changes(self) -> list[LaneChange]:
        return changes_on(self._conn, [*self._totals], self._clocks, lane=self._actor)


def actor_lanes(conn: Connection, actor: str, clocks: Clocks) -> ActorLanes:
    """Return the lanes of an actor at both clocks."""
    return (ActorLanes if clocks.is_now else LanesThen)(conn, actor, clocks)


def _activity(said: Iterable[tuple[int, int]], moves: Iterable[Change]) -> Activity:
    """Count statements, each a topic and an instant, and changes of position by UTC day."""
    moved = {(change.after, day_of(change.counts_from)) for change in moves if change.is_visible}
    lanes: dict[int, Counter[int]] = {}
    for topic, counts_from in said:
        lanes.setdefault(topic, Counter())[day_of(counts_from)] += 1
    whole = sum(lanes.values(), Counter())
    return Activity(whole, Counter(day for _, day in moved), tuple(lanes.values()))


def latest_first(place: LanePlace) -> tuple[bool, int, str]:
    """Return the sort key of a lane: latest change first, lanes without changes last."""
    return place.changed_from is None, -(place.changed_from or 0), place.topic
