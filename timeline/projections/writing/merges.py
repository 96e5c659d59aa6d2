"""Merges of actors: who stands in whose lane from a position on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lane_of, roots

if TYPE_CHECKING:
    from timeline.projections.writing.batch import Batch


def remember_merges(batch: Batch, position: int) -> None:
    """Note from ``position`` on who stands in whose lane, and touch the lanes that moved."""
    merges, members = schema.merges, schema.lane_members
    rows = select(merges.c.actor, merges.c.into).order_by(merges.c.known_from)
    new = roots([(row.actor, row.into) for row in batch.conn.execute(rows)])
    old = lane_of(batch.conn)
    moved: set[str] = set()
    for member in sorted(new.keys() | old.keys()):
        if new.get(member) == old.get(member):
            continue
        current = members.c.member == member, members.c.known_until.is_(None)
        batch.conn.execute(update(members).where(*current).values(known_until=position))
        if member in new:
            batch.add(members, (member, new[member], position, None))
        moved |= {member, new.get(member, member), old.get(member, member)}
    batch.flush()
    if not batch.derives_later:
        batch.utterers |= moved
        # Who is merged has no place in the list of actors; the others are put back with them.
        ranks = schema.actor_ranks
        batch.conn.execute(delete(ranks).where(ranks.c.actor.in_(moved)))
        _touch(batch, moved, old)


def _touch(batch: Batch, moved: set[str], old: dict[str, str]) -> None:
    """Touch the lanes of these actors, those they stood in, and those of whom they speak for."""
    said, spoken = schema.readings, schema.statements
    own = select(said.c.topic, said.c.actor).where(said.c.actor.in_(moved))
    behalf = select(spoken.c.topic, spoken.c.on_behalf_of).where(
        spoken.c.speaker.in_(moved), spoken.c.on_behalf_of.is_not(None)
    )
    for topic, actor in batch.conn.execute(own.union(behalf)):
        batch.touch(topic, actor)
        batch.touch(topic, old.get(actor, actor))
