"""Utterances with several statements: totals over topics count an utterance once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.tables import repeated, schema
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.repeated import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def repeats(conn: Connection) -> int:
    """Count the unretracted statements that were made in the utterance of an earlier one."""
    return repeats_of(conn, EVERYBODY)


def repeats_by_lane(conn: Connection, actors: Collection[str]) -> dict[str, int]:
    """Return the same for these actors (ids); lanes without any are missing."""
    table = schema.repeats
    query = select(table).where(table.c.lane.in_(list(actors)))
    return {row.lane: row.statements for row in conn.execute(query)}


def repeats_of(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> int:
    """Return the same for the lane of one actor, at both clocks."""
    if clocks.is_now:
        table = schema.repeats
        count = conn.execute(select(table.c.statements).where(table.c.lane == lane)).scalar()
        return int(count or 0)
    members = lanes_known(conn, clocks.known_at).members(lane)
    return repeated.repeats_of(conn, members, clocks)
