"""Actors by name, in any spelling, and actors that a name may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, or_, select, true

from timeline.domain.lookalikes import look_alike
from timeline.domain.spelling import name_key, nearest
from timeline.projections.queries.directory.of_actors import Actor, actors_by_id
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lanes_known, up_to

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MOST_COMPARED = 5_000
"""Most names that are compared with an unknown one, so that the answer comes soon."""

FEW_WORDS = 4
"""Typed words that are each tried as a misspelt name."""

SHORTEST_PART = 3
"""Fewest letters of a part of a name that is compared; initials match anything."""


def actors_named(conn: Connection, name: str) -> list[Actor]:
    """Return the actors with a name, in any spelling or transliteration."""
    names, table = schema.actor_names, schema.actors
    ids = select(names.c.actor).where(or_(names.c.key == name_key(name), names.c.name == name))
    query = select(table).where(or_(table.c.id.in_(ids), table.c.slug == name))
    lanes = lanes_known(conn)
    lane_ids = {lanes.of(row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, lane_ids).values(), key=lambda actor: actor.name)


def persons_named_last(conn: Connection, name: str) -> list[Actor]:
    """Return the persons whose names end in this one: texts repeat only the last name."""
    names, table, key = schema.actor_names, schema.actors, name_key(name)
    if not key:
        return []
    ids = select(names.c.actor).where(names.c.key.endswith(f" {key}", autoescape=True))
    query = select(table.c.id).where(table.c.id.in_(ids), table.c.kind == "person")
    lanes = lanes_known(conn)
    found_ids = {lanes.of(row.id) for row in conn.execute(query)}
    return sorted(actors_by_id(conn, found_ids).values(), key=lambda actor: actor.name)


def bearers(
    conn: Connection, names: set[str], known_at: int | None = None
) -> dict[str, frozenset[str]]:
    """Return by name the ids of the actors with exactly these names or aliases."""
    table = schema.actor_names
    actors_by_name: dict[str, set[str]] = {}
    query = select(table.c.name, table.c.actor).where(
        table.c.name.in_(names), *up_to(table.c.known_from, known_at)
    )
    for name, actor in conn.execute(query):
        actors_by_name.setdefault(name, set()).add(actor)
    return {name: frozenset(actors) for name, actors in actors_by_name.items()}


def lookalikes(conn: Connection, name: str) -> list[Actor]:
    """Return the actors with a name that looks like this one but is spelt differently."""
    names, lanes = schema.actor_names, lanes_known(conn)
    rows = conn.execute(select(names.c.actor, names.c.name))
    ids = {lanes.of(row.actor) for row in rows if look_alike(row.name, name)}
    return sorted(actors_by_id(conn, ids).values(), key=lambda actor: actor.name)


def actors_matching(conn: Connection, typed: str, limit: int = 8) -> list[Actor]:
    """Return actors with a name that contains what is typed so far."""
    names, key = schema.actor_names, name_key(typed)
    sounds = and_(names.c.key.contains(key, autoescape=True), contains_letters(typed, key))
    query = select(names.c.actor).where(sounds).distinct()
    lanes = lanes_known(conn)
    ids = {lanes.of(member) for member in conn.execute(query).scalars()}
    return sorted(actors_by_id(conn, ids).values(), key=lambda actor: actor.name)[:limit]


def contains_letters(typed: str, key: str) -> ColumnElement[bool]:
    """Return the clause that compares letters where the key says too little: "zzz" becomes "s"."""
    names, letters = schema.actor_names, typed.replace("\0", "").strip()
    return (
        names.c.name.icontains(letters, autoescape=True) if len(key) == 1 < len(letters) else true()
    )


def actors_near(conn: Connection, typed: str, limit: int = 3) -> list[Actor]:
    """Return actors whose names resemble what is typed, or a word of it, nearest first."""
    table = schema.actor_names
    named: dict[str, str] = {}
    for row in conn.execute(select(table.c.actor, table.c.key).limit(MOST_COMPARED)):
        parts = (part for part in row.key.split() if len(part) >= SHORTEST_PART)
        named |= dict.fromkeys((row.key, *parts), row.actor)
    lanes = lanes_known(conn)
    words = typed, *typed.split()[:FEW_WORDS]
    near = [named[name] for word in words for name in nearest(word, named)]
    ids = list(dict.fromkeys(lanes.of(actor) for actor in near))[:limit]
    actors = actors_by_id(conn, set(ids))
    return [actors[actor] for actor in ids]
