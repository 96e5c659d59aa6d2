"""What the parts of the front page share: names, positions and latest changes, each read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from timeline.domain.position import steps
from timeline.projections.queries import crowds, entries, extent
from timeline.projections.queries.positions import LaneChange, Standing, current_positions
from timeline.projections.tables.lanes import (
    lanes_known,
    reading_rows,
    taken_back,
    unique,
    walk_backs,
)
from web.chart.model import ChartInput, Lane, Run
from web.lanes.address import TopicAddress
from web.lanes.history import Hold, holds
from web.lanes.lane_links import to_lane
from web.lanes.window import window
from web.wording import stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.domain.position import Reading
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.stances import StanceView

SPARK_CHANGES = 40
"""Changes of a crowded topic's lane that a small chart shows."""


class Front:
    """The record as the front page sees it; ``now`` in seconds, ``host`` begins its addresses."""

    def __init__(self, conn: Connection, now: int, host: str) -> None:
        self.conn, self.now, self.host = conn, now, host
        self.names = Names(conn)
        self._lanes, self._walk_backs = lanes_known(conn), walk_backs(conn)
        current = current_positions(conn)
        self._lane_counts = Counter(standing.topic for standing in current)
        self.positions: dict[str, list[Standing]] = defaultdict(list)
        for standing in self._own(current):
            self.positions[standing.topic].append(standing)
        self.latest: dict[tuple[str, str], LaneChange] = {}
        for change in crowds.latest_changes(conn):
            self.latest[change.topic, change.lane] = change
        self.moved: dict[str, int] = {}
        for one in self.latest.values():
            at = one.change.counts_from
            self.moved[one.topic] = max(at, self.moved.get(one.topic, at))
        self.names.actors({lane for _, lane in self.latest})
        self._passed_on: dict[str, dict[int, StatementEntry]] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._read: dict[tuple[str, str], Lane] = {}

    def _own(self, found: list[Standing]) -> list[Standing]:
        held = [one for one in found if one.position.counted]
        # One statement of its own is enough, and mostly the first one is: of a tie there are many.
        first = self.behalf(one.position.counted[0] for one in held)
        doubtful = {
            (one.topic, one.lane)
            for one in held
            if not self.is_own(one.lane, one.position.counted[:1], first)
        }
        numbers = (one.position.counted for one in held if (one.topic, one.lane) in doubtful)
        behalf = self.behalf(n for counted in numbers for n in counted)
        return [
            one
            for one in held
            if (one.topic, one.lane) not in doubtful
            or self.is_own(one.lane, one.position.counted, behalf)
        ]

    def behalf(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return for whom statements were said, of those that were said for somebody."""
        return entries.behalf(self.conn, set(numbers))

    def is_own(self, lane: str, numbers: tuple[int, ...], behalf: dict[int, str]) -> bool:
        """Tell whether a lane says something that does not stand in another's lane as well."""
        return not numbers or any(
            n not in behalf or self._lanes.of(behalf[n]) == lane for n in numbers
        )

    def to_lane(self, topic: Topic, lane: str, **view: object) -> str:
        """Return where the topic's page draws a lane."""
        slug = self.names.actor(lane).slug
        return to_lane(topic, slug, self._lane_counts[topic.id], **view)

    def chart(self, topic: Topic, lane: str) -> ChartInput:
        """Return what a small chart of one lane draws."""
        start, end = self.span(topic)
        self.read(topic, [lane])
        lanes = (self._read[topic.id, lane],)
        return ChartInput(start=start, end=end, now=self.now, scale=topic.scale, lanes=lanes)

    def read(self, topic: Topic, lanes: Iterable[str]) -> None:
        """Read lanes of a topic that are going to be drawn, in one go."""
        wanted = [lane for lane in lanes if (topic.id, lane) not in self._read]
        if not wanted:
            return
        is_crowd = topic.statements >= crowds.CROWD
        held = self._counted(topic, wanted) if is_crowd else self._held(topic, wanted)
        for lane, runs in held.items():
            actor = self.names.actor(lane)
            self._read[topic.id, lane] = Lane(slug=actor.slug, name=actor.name, runs=runs)

    def _counted(self, topic: Topic, lanes: list[str]) -> dict[str, tuple[Run, ...]]:
        return {
            lane: _turns(crowds.last_changes(self.conn, topic.id, lane, SPARK_CHANGES))
            for lane in lanes
        }

    def _held(self, topic: Topic, lanes: list[str]) -> dict[str, tuple[Run, ...]]:
        members = {member for lane in lanes for member in self._lanes.members(lane)}
        said: dict[str, list[Reading]] = {lane: [] for lane in lanes}
        for row in reading_rows(self.conn, topic.id, members):
            said[self._lanes.of(row.actor)].append(self._lanes.reading(row))
        found = {}
        for lane, spoken in said.items():
            readings = unique(spoken)
            back = taken_back(self._walk_backs, (reading.statement for reading in readings))
            found[lane] = _runs(holds(steps(readings, back)))
        return found

    def stance(self, topic: Topic, one: Standing) -> StanceView:
        """Return where an actor stands, and who says so if it is not the actor."""
        stood = one.position
        return stances.held(topic.scale, stood, self._heard(topic.id) if stood.rank else {})

    def _heard(self, topic: str) -> dict[int, StatementEntry]:
        """Return the second-hand words that hold a position on a topic."""
        if topic not in self._passed_on:
            stood = [one.position for one in self.positions[topic] if one.position.rank]
            numbers = {number for one in stood for number in one.counted}
            self._passed_on[topic] = entries.statements(self.conn, numbers)
        return self._passed_on[topic]

    def span(self, topic: Topic) -> tuple[int, int]:
        """Return the first and last instant that the topic's charts show."""
        if topic.id not in self._spans:
            first, last = extent.span(self.conn, topic.id) or (self.now, self.now)
            shown = window(TopicAddress(), first, last, self.now)
            self._spans[topic.id] = shown.start, shown.end
        return self._spans[topic.id]


def _turns(moves: list[LaneChange]) -> tuple[Run, ...]:
    """Return the runs between the last changes of a lane that nobody reads one by one."""
    return tuple(
        Run(
            start=one.change.counts_from,
            end=moves[place + 1].change.counts_from if place + 1 < len(moves) else None,
            level=one.change.to,
            lowest=one.change.lowest,
            highest=one.change.highest,
            said=(one.change.counts_from,),
            kind=one.change.kind,
        )
        for place, one in enumerate(moves)
    )


def _runs(found: list[Hold]) -> tuple[Run, ...]:
    return tuple(
        Run(
            start=hold.start,
            end=found[place + 1].start if place + 1 < len(found) else None,
            level=hold.stance,
            lowest=hold.lowest,
            highest=hold.highest,
            rank=hold.rank or 0,
            said=hold.said,
            opened_by=hold.opened_by,
            kind="first" if place == 0 else "shift",
        )
        for place, hold in enumerate(found)
    )
