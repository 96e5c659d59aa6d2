"""The statements of lanes, read for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks


def read_statements(
    conn: Connection, lanes: Iterable[LaneHistory], clocks: Clocks, topic: str | None = None
) -> dict[int, StatementEntry]:
    """Return the statements of lanes, of those told in short what decides where they stand.

    ``topic`` is one much of whose words these are.
    """
    numbers = {number for lane in lanes for number in _read(lane)}
    return entries.statements(conn, numbers, clocks.known_at, topic=topic)


def _read(lane: LaneHistory) -> set[int]:
    said = {reading.statement for reading in lane.readings}
    return said if lane.totals is None else said | _decisive(lane)


def _decisive(lane: LaneHistory) -> set[int]:
    stood = lane.position
    numbers = {n for hold in lane.holds for n in (hold.opened_by, hold.last)}
    numbers |= {*(stood.reported.statements if stood.reported else ())}
    return numbers | set(stood.counted) | {n for n in (stood.first, stood.last) if n}
