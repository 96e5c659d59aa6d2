"""Utterances that carry several statements: totals over topics count each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Given, Query, prepared
from timeline.projections.writing import utterances
from timeline.projections.writing.batch import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def repeats(conn: Connection) -> int:
    """Return how many unretracted statements were made in the utterance of an earlier one."""
    return repeats_of(conn, EVERYBODY)


def repeats_by_lane(conn: Connection, actors: Collection[str]) -> dict[str, int]:
    """Return the same for each of these actors (ids) whose lane has any."""
    table = schema.repeats
    query = select(table).where(table.c.lane.in_(list(actors)))
    return {row.lane: row.statements for row in conn.execute(query)}


def repeats_of(
    conn: Connection, lane: str, *, as_of: int | None = None, known_at: int | None = None
) -> int:
    """Return the same for the lane of one actor, at both clocks."""
    if as_of is None and known_at is None:
        table = schema.repeats
        found = conn.execute(select(table.c.statements).where(table.c.lane == lane)).scalar()
        return int(found or 0)
    members = [*lanes_known(conn, known_at).members(lane)]
    found = conn.execute(*_repeats(members=members, as_of=as_of, known_at=known_at)).scalar()
    return int(found or 0)


@prepared
def _repeats(*, members: Given, as_of: Given | None, known_at: Given | None) -> Query:
    columns = schema.statements.c
    # An index for either side has all that is asked.
    parts = []
    for side in (columns.speaker, columns.on_behalf_of):
        said = select(columns.number, columns.document, columns.utterance).where(
            side.in_(members),
            side.is_not(None),
            columns.utterance.is_not(None),
            columns.retracted == 0,
            *known(columns, known_at),
        )
        parts.append(said if as_of is None else said.where(columns.counts_from <= as_of))
    each = union(*parts).subquery("each")
    more = (func.count() - 1).label("more")
    together = select(more).select_from(each).group_by(each.c.document, each.c.utterance)
    return select(func.sum(together.subquery("together").c.more))


def uttered_together(
    conn: Connection, lane: str, *, known_at: int | None = None
) -> dict[int, tuple[str, int]]:
    """Return by number of a lane's statements the utterance that they were made in, if it has one.

    An utterance is its document with its name there; retracted statements are left out.
    """
    return utterances.uttered(conn, lanes_known(conn, known_at), lane, known_at=known_at)
