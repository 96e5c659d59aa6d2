"""The lanes of a topic and their statements, read for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import entries
from timeline.projections.queries.paging import EVERYTHING, Filter
from web.lanes.crowd import crowd, is_crowd
from web.lanes.history import LaneHistory, histories

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.clocks import Clocks


def read_lanes(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    wanted: Filter = EVERYTHING,
    *,
    everybody: bool = False,
    days: tuple[int, int] | None = None,
) -> list[LaneHistory]:
    """Return every lane of a topic; those of a crowded one are counted, not read.

    Only what is counted goes by the filter, and lies between two UTC ``days`` if they are given.
    """
    if is_crowd(topic):
        return crowd(conn, topic, clocks, wanted, everybody=everybody, days=days)
    return histories(conn, topic.id, clocks)


def read_statements(
    conn: Connection, lanes: list[LaneHistory], clocks: Clocks, topic: str | None = None
) -> dict[int, StatementEntry]:
    """Return the statements of lanes, of counted ones those that decide where they stand.

    ``topic`` is one of which these are all lanes.
    """
    numbers = {reading.statement for lane in lanes for reading in lane.readings}
    if numbers:
        return entries.statements(conn, numbers, clocks.known_at, topic=topic)
    numbers = {number for lane in lanes for number in _decisive(lane)}
    return entries.statements(conn, numbers, clocks.known_at)


def _decisive(lane: LaneHistory) -> set[int]:
    stood = lane.position
    numbers = {n for hold in lane.holds for n in (hold.opened_by, hold.last)}
    numbers |= {*(stood.reported.statements if stood.reported else ())}
    return numbers | set(stood.counted) | {n for n in (stood.first, stood.last) if n}
