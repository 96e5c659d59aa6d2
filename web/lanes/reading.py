"""The statements of lanes, read for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import entries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks


def read_statements(
    conn: Connection,
    lanes: Iterable[LaneHistory],
    clocks: Clocks,
    topic: str | None = None,
    drawn: Collection[str] | None = None,
) -> dict[int, StatementEntry]:
    """Return the statements of lanes that are ``drawn`` (all for ``None``).

    Of others, and of those told in short, they are what decides where they stand. ``topic`` is one
    much of whose words these are.
    """
    numbers = set[int]()
    for lane in lanes:
        is_drawn = drawn is None or lane.actor in drawn
        numbers |= {one.statement for one in lane.readings} if is_drawn else set()
        numbers |= _decisive(lane) if lane.totals is not None or not is_drawn else set()
    return entries.statements(conn, numbers, clocks.known_at, topic=topic)


def _decisive(lane: LaneHistory) -> set[int]:
    stood = lane.position
    numbers = {n for hold in lane.holds for n in (hold.opened_by, hold.last)}
    numbers |= {*(stood.reported.statements if stood.reported else ())}
    return numbers | set(stood.counted) | {n for n in (stood.first, stood.last) if n}
