"""Utterances that carry several statements: totals over topics count each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from timeline.projections import schema
from timeline.projections.lanes import known

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.lanes import Known


def repeats(conn: Connection) -> int:
    """Return how many unretracted statements were made in the utterance of an earlier one."""
    said = schema.statements.c
    query = select(func.count().label("of_one")).where(*_uttered(None, None))
    each = query.group_by(said.document, said.utterance).subquery()
    return int(conn.execute(select(func.coalesce(func.sum(each.c.of_one - 1), 0))).scalar_one())


def repeats_by_lane(
    conn: Connection,
    lane: str | None = None,
    *,
    as_of: int | None = None,
    known_at: Known = None,
) -> dict[str, int]:
    """Return the same for the lane of every actor, or of one: ids with how many."""
    said, read, merged = schema.statements, schema.readings, schema.lane_members
    of_it = and_(read.c.number == said.c.number, *known(read.c, known_at))
    into = and_(merged.c.member == read.c.actor, *known(merged.c, known_at))
    whose = func.coalesce(merged.c.lane, read.c.actor).label("lane")
    of_one = func.count(said.c.number.distinct()).label("of_one")
    query = select(whose, of_one).select_from(said.join(read, of_it).outerjoin(merged, into))
    query = query.where(*_uttered(as_of, known_at), *(() if lane is None else (whose == lane,)))
    each = query.group_by(whose, said.c.document, said.c.utterance).subquery()
    summed = select(each.c.lane, func.sum(each.c.of_one - 1).label("more")).group_by(each.c.lane)
    return {row.lane: int(row.more) for row in conn.execute(summed)}


def _uttered(as_of: int | None, known_at: Known) -> tuple[Any, ...]:
    said = schema.statements.c
    counts = () if as_of is None else (said.counts_from <= as_of,)
    return said.utterance.is_not(None), said.retracted == 0, *counts, *known(said, known_at)
