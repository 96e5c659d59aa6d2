"""Every lane of a topic in short: its position, its latest change, and its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import position
from timeline.projections.queries import crowds
from timeline.projections.queries.positions import LanePosition, current_positions, standing_at
from timeline.projections.queries.tracks import vote_topics
from web.lanes.history import LaneHistory, Totals, histories, hold_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.topic_changes import TopicChanges
    from web.wording.clocks import Clocks


def lanes_in_short(
    conn: Connection, topic: str, clocks: Clocks, changes: TopicChanges
) -> list[LaneHistory]:
    """Return every lane of a topic (an id); ``changes`` are of that moment.

    Lanes of votes come without their statements.
    """
    if not vote_topics(conn, [topic], clocks.known_at):
        return sorted(histories(conn, topic, clocks), key=lambda lane: lane.actor)
    if clocks.is_now:
        standing = current_positions(conn, topic=topic)
    else:
        past = standing_at(conn, clocks, topic=topic)
        standing = [*map(_said_last, past)]
    latest, turns = changes.latest(), changes.turns()
    spoke = crowds.who_spoke(conn, topic, clocks)
    # Who took no position has no stored one.
    stand = {lane.lane for lane in standing}
    silent = (LanePosition(topic, lane, position(())) for lane in spoke if lane not in stand)
    standing = sorted([*standing, *silent], key=lambda lane: lane.lane)
    last = {lane.lane: lane.position.last for lane in standing if lane.position.last}
    said = crowds.instants_of(conn, last.values(), clocks.known_at)
    return [
        _in_short(
            lane,
            latest.get(lane.lane),
            Totals(lane.on_record, turns.get(lane.lane, 0), said.get(last.get(lane.lane, 0), 0)),
            is_for_others=not spoke.get(lane.lane, True),
        )
        for lane in standing
    ]


def _said_last(lane: LanePosition) -> LanePosition:
    """Return a past position without its first statement, which was not looked up."""
    position = msgspec.structs.replace(lane.position, first=lane.position.last)
    return msgspec.structs.replace(lane, position=position)


def _in_short(
    lane: LanePosition, latest: Change | None, totals: Totals, *, is_for_others: bool
) -> LaneHistory:
    return LaneHistory(
        actor=lane.lane,
        readings=(),
        position=lane.position,
        changes=(latest,) if latest else (),
        holds=(hold_of(latest),) if latest else (),
        totals=totals,
        is_for_others=is_for_others,
    )
