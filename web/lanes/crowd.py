"""Lanes of a topic with more statements than a page can read: counted by day, not one by one."""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

from timeline.projections.queries import crowds
from timeline.projections.queries.paging import EVERYTHING, Filter
from timeline.projections.queries.positions import current_positions, standing_at
from timeline.projections.tables.lanes import lane_of
from web.lanes.history import Hold, LaneHistory

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.positions import Standing
    from web.wording.clocks import Clocks

DRAWN = 12
"""Lanes that are counted and drawn unless the reader asks for all."""


def is_crowd(topic: Topic) -> bool:
    """Tell whether a topic has more statements than a page reads."""
    return topic.statements >= crowds.CROWD


def crowd(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    wanted: Filter = EVERYTHING,
    *,
    everybody: bool = False,
    days: tuple[int, int] | None = None,
) -> list[LaneHistory]:
    """Return every lane with its position and its latest change.

    Those that the filter names and the latest to change are counted, as far as it lets through
    and between two UTC ``days`` where they are given.
    Changes are told as known now alone: what they looked like at another position of the log
    would take reading every statement.
    """
    at = {"as_of": clocks.as_of, "known_at": clocks.known_at}
    latest = {one.lane: one.change for one in crowds.latest_changes(conn, topic=topic.id, **at)}
    standing = _standing(conn, topic, clocks)
    into = lane_of(conn, clocks.known_at)
    named = {into.get(actor, actor) for actor in wanted.actors}
    chosen = {one.lane for one in standing} if everybody else named | _chosen(latest, named)
    daily = _daily(conn, topic, clocks, wanted, chosen, days)
    told = latest if clocks.known_at is None else {}
    return [_lane(one, told.get(one.lane), daily.get(one.lane, {})) for one in standing]


def _standing(conn: Connection, topic: Topic, clocks: Clocks) -> list[Standing]:
    if clocks.is_now:
        return current_positions(conn, topic=topic.id)
    return standing_at(conn, topic=topic.id, as_of=clocks.as_of, known_at=clocks.known_at)


def _chosen(latest: dict[str, Change], named: set[str]) -> set[str]:
    """Return the lanes that were the latest to change, as many as fit beside those named."""
    by_change = sorted(latest.keys() - named, key=lambda lane: (-latest[lane].counts_from, lane))
    return set(by_change[: max(DRAWN - len(named), 0)])


def _daily(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    wanted: Filter,
    lanes: set[str],
    days: tuple[int, int] | None,
) -> dict[str, dict[int, Counts]]:
    into = lane_of(conn, clocks.known_at)
    members = lanes | {member for member, lane in into.items() if lane in lanes}
    at = {"as_of": clocks.as_of, "known_at": clocks.known_at}
    found = crowds.daily(conn, topic.id, members, wanted, days=days, **at)
    together: dict[str, dict[int, Counts]] = {}
    for actor, of_days in found.items():
        lane = into.get(actor, actor)
        together[lane] = _added(together[lane], of_days) if lane in together else of_days
    return together


def _added(some: dict[int, Counts], others: dict[int, Counts]) -> dict[int, Counts]:
    """Return the counts of two members of one lane together."""
    both = {**some, **others}
    for day in some.keys() & others.keys():
        a, b, c, d, e = map(add, some[day], others[day])
        both[day] = (a, b, c, d, e)
    return both


def _lane(one: Standing, latest: Change | None, daily: dict[int, Counts]) -> LaneHistory:
    return LaneHistory(
        actor=one.lane,
        readings=(),
        position=one.position,
        changes=(latest,) if latest else (),
        holds=(hold_of(latest),) if latest else (),
        daily=tuple(sorted(daily.items())),
    )


def hold_of(change: Change) -> Hold:
    """Return the position that began with a change, of which no words are read but those."""
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
