"""Who bears a name, in whichever spelling, and whom a name may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, or_, select, true

from timeline.domain.lookalikes import look_alike
from timeline.domain.spelling import name_key, nearest
from timeline.projections.queries.directory.of_actors import Actor, actors_by_id
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lane_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MOST_COMPARED = 5_000
"""Names that are compared with one that nobody has; a person waits for the answer."""

FEW_WORDS = 4
"""Words of what is typed that may each be a name written wrongly."""

SHORTEST_PART = 3
"""Letters of a part of a name by which somebody may be meant; an initial is like anything."""


def actors_named(conn: Connection, name: str) -> list[Actor]:
    """Return the actors that go by a name in any spelling or transliteration."""
    names, table = schema.actor_names, schema.actors
    ids = select(names.c.actor).where(or_(names.c.key == name_key(name), names.c.name == name))
    query = select(table).where(or_(table.c.id.in_(ids), table.c.slug == name))
    lanes = lane_of(conn)
    found = {lanes.get(row.id, row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, found).values(), key=lambda actor: actor.name)


def persons_named_last(conn: Connection, name: str) -> list[Actor]:
    """Return the persons whose names end with this one, as news texts name somebody again."""
    names, table, key = schema.actor_names, schema.actors, name_key(name)
    if not key:
        return []
    ids = select(names.c.actor).where(names.c.key.endswith(f" {key}", autoescape=True))
    query = select(table.c.id).where(table.c.id.in_(ids), table.c.kind == "person")
    lanes = lane_of(conn)
    found = {lanes.get(row.id, row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, found).values(), key=lambda actor: actor.name)


def bearers(
    conn: Connection, names: set[str], known_at: int | None = None
) -> dict[str, frozenset[str]]:
    """Return the ids of the actors that bear exactly these names, as their own or as an alias."""
    table = schema.actor_names
    found: dict[str, set[str]] = {}
    query = select(table.c.name, table.c.actor).where(table.c.name.in_(names))
    if known_at is not None:
        query = query.where(table.c.known_from <= known_at)
    for name, actor in conn.execute(query):
        found.setdefault(name, set()).add(actor)
    return {name: frozenset(actors) for name, actors in found.items()}


def lookalikes(conn: Connection, name: str) -> list[Actor]:
    """Return the actors that go by a name which looks like this one and is written otherwise."""
    names, lanes = schema.actor_names, lane_of(conn)
    rows = conn.execute(select(names.c.actor, names.c.name))
    found = {lanes.get(row.actor, row.actor) for row in rows if look_alike(row.name, name)}
    return sorted(actors_by_id(conn, found).values(), key=lambda actor: actor.name)


def actors_matching(conn: Connection, typed: str, limit: int = 8) -> list[Actor]:
    """Return actors one of whose names contains what is typed, as far as it is typed."""
    names, key = schema.actor_names, name_key(typed)
    sounds = and_(names.c.key.contains(key, autoescape=True), as_written(typed, key))
    query = select(names.c.actor).where(sounds).distinct()
    lanes = lane_of(conn)
    ids = {lanes.get(found, found) for found in conn.execute(query).scalars()}
    return sorted(actors_by_id(conn, ids).values(), key=lambda actor: actor.name)[:limit]


def as_written(typed: str, key: str) -> ColumnElement[bool]:
    """Return what holds a name to its letters where the key says too little: "zzz" becomes "s"."""
    names, letters = schema.actor_names, typed.replace("\0", "").strip()
    return (
        names.c.name.icontains(letters, autoescape=True) if len(key) == 1 < len(letters) else true()
    )


def actors_near(conn: Connection, typed: str, limit: int = 3) -> list[Actor]:
    """Return actors whose names resemble what is typed, or one of its words, likeliest first."""
    table = schema.actor_names
    named: dict[str, str] = {}
    for row in conn.execute(select(table.c.actor, table.c.key).limit(MOST_COMPARED)):
        parts = (one for one in row.key.split() if len(one) >= SHORTEST_PART)
        named |= dict.fromkeys((row.key, *parts), row.actor)
    lanes = lane_of(conn)
    meant = [near for one in (typed, *typed.split()[:FEW_WORDS]) for near in nearest(one, named)]
    ids = list(dict.fromkeys(lanes.get(named[one], named[one]) for one in meant))[:limit]
    actors = actors_by_id(conn, set(ids))
    return [actors[one] for one in ids]
