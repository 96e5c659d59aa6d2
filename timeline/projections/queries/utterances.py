"""Utterances with several statements: totals over topics count an utterance once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, union

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection


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
    return count_repeats(conn, members, clocks)


EVERYBODY = ""
"""In place of a lane: the whole record."""


def count_repeats(conn: Connection, members: Collection[str], clocks: TwoClocks = NOW) -> int:
    """Count the statements of these actors that were made in the utterance of an earlier one."""
    count = conn.execute(*_repeats(members=[*members], **clocks.both)).scalar()
    return int(count or 0)


@prepared
def _repeats(*, members: Param, as_of: Param | None, known_at: Param | None) -> Query:
    columns = schema.statements.c
    # Each side has an index with all these columns.
    parts = []
    for side in (columns.speaker, columns.on_behalf_of):
        made = select(columns.number, columns.document, columns.utterance).where(
            side.in_(members),
            side.is_not(None),
            columns.utterance.is_not(None),
            columns.retracted == 0,
            *known(columns, known_at),
        )
        # The sum keeps SQLite from the index of the actor's instants, which lacks the rest.
        parts.append(made if as_of is None else made.where(columns.counts_from + 0 <= as_of))
    uttered = union(*parts).subquery("each")
    more = (func.count() - 1).label("more")
    together = select(more).select_from(uttered).group_by(uttered.c.document, uttered.c.utterance)
    return select(func.sum(together.subquery("together").c.more))
