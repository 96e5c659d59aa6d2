"""Lanes of a topic with more statements than a page can read: counted by day, not one by one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from timeline.projections.lanes import lane_of
from timeline.projections.queries import crowds
from timeline.projections.queries.positions import current_positions, standing_at
from web.topic.history import Hold, LaneHistory

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import Standing
    from web.clocks import Clocks

DRAWN = 12
"""Lanes that are counted and drawn unless the reader asks for all."""


def is_crowd(topic: Topic) -> bool:
    """Tell whether a topic has more statements than a page reads."""
    return topic.statements >= crowds.CROWD


def crowd(
    conn: Connection, topic: Topic, clocks: Clocks, *, everybody: bool = False
) -> list[LaneHistory]:
    """Return every lane with its position and its latest change; the latest to change counted.

    Changes are those known now: what they looked like at another position of the log would take
    reading every statement.
    """
    latest = _latest(conn, topic, clocks)
    standing = _standing(conn, topic, clocks)
    chosen = {one.lane for one in standing} if everybody else _chosen(latest)
    daily = _daily(conn, topic, clocks, chosen)
    return [_lane(one, latest.get(one.lane), daily.get(one.lane, {})) for one in standing]


def _latest(conn: Connection, topic: Topic, clocks: Clocks) -> dict[str, Change]:
    if clocks.known_at is not None:
        return {}
    found = crowds.latest_changes(conn, topic=topic.id, as_of=clocks.as_of)
    return {one.lane: one.change for one in found}


def _standing(conn: Connection, topic: Topic, clocks: Clocks) -> list[Standing]:
    if clocks.is_now:
        return current_positions(conn, topic=topic.id)
    return standing_at(conn, topic=topic.id, as_of=clocks.as_of, known_at=clocks.known_at)


def _chosen(latest: dict[str, Change]) -> set[str]:
    """Return the lanes that were the latest to change."""
    by_change = sorted(latest, key=lambda lane: (-latest[lane].counts_from, lane))
    return set(by_change[:DRAWN])


def _daily(
    conn: Connection, topic: Topic, clocks: Clocks, lanes: set[str]
) -> dict[str, dict[int, Counts]]:
    into = lane_of(conn, clocks.known_at)
    members = lanes | {member for member, lane in into.items() if lane in lanes}
    found = crowds.daily(conn, topic.id, members, as_of=clocks.as_of, known_at=clocks.known_at)
    together: dict[str, dict[int, Counts]] = defaultdict(dict)
    for actor, of_days in found.items():
        days = together[into.get(actor, actor)]
        for day, counts in of_days.items():
            old = days.get(day, (0, 0, 0, 0, 0))
            a, b, c, d, e = (one + two for one, two in zip(old, counts, strict=True))
            days[day] = (a, b, c, d, e)
    return together


def _lane(one: Standing, latest: Change | None, daily: dict[int, Counts]) -> LaneHistory:
    return LaneHistory(
        actor=one.lane,
        readings=(),
        position=one.position,
        changes=(latest,) if latest else (),
        holds=(_hold(latest),) if latest else (),
        daily=tuple(sorted(daily.items())),
    )


def _hold(change: Change) -> Hold:
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
