"""Actors by slug, by id and by name in any spelling, and actors that a name may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from rapidfuzz import fuzz
from sqlalchemy import Connection, and_, func, or_, select, true

from timeline.domain.actor import NO_SUCH_ACTOR
from timeline.domain.errors import NotFound
from timeline.domain.lookalikes import look_alike
from timeline.domain.messages import InQuotes
from timeline.domain.spelling import name_key, nearest, romanise, sorting_key
from timeline.projections.queries.directory.by_name import rows_by_name
from timeline.projections.queries.translations import NO_TEXTS, Texts, language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lanes_known, up_to
from timeline.projections.tables.prepared import Param, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row


class Actor(msgspec.Struct, frozen=True):
    """An actor under its current name, or under its slug if its names were erased.

    ``lang`` is the language of the name, empty for that of the record.
    """

    id: str
    slug: str
    kind: str
    name: str
    introduced: int
    lang: str = ""


def actors(
    conn: Connection, *, limit: int | None = None, beyond: str | None = None, back: bool = False
) -> list[Actor]:
    """Return at most ``limit`` unmerged actors by name, those after a slug (``beyond``).

    With ``back`` they are the last ones before it. Raises `LookupError` if nothing has the slug.
    """
    most = _EVERYBODY if limit is None else limit
    rows = rows_by_name(conn, schema.actors, most, beyond=beyond, back=back)
    return _actors_of(conn, rows)


_EVERYBODY = 1 << 40


def actors_after(conn: Connection, slug: str, limit: int) -> list[Actor]:
    """Return at most ``limit`` unmerged actors by slug, those after one."""
    table, merged = schema.actors, [*lanes_known(conn).lane]
    query = select(table).where(table.c.slug > slug, table.c.id.not_in(merged))
    return _actors_of(conn, conn.execute(query.order_by(table.c.slug).limit(limit)).all())


def count_actors(conn: Connection) -> int:
    """Count the unmerged actors."""
    query = select(func.count()).select_from(schema.actor_ranks)
    return int(conn.execute(query).scalar_one())


def actor(conn: Connection, slug: str) -> Actor:
    """Return an actor, or the one that it is merged into; raises `NotFound` with near slugs."""
    table = schema.actors
    row = conn.execute(select(table).where(table.c.slug == slug)).first()
    if row is None:
        known = tuple(conn.execute(select(table.c.slug)).scalars())
        near = _bearers(conn, slug) or tuple(nearest(slug, known))
        raise NotFound(NO_SUCH_ACTOR, field="actor", name=InQuotes(slug), nearest=near)
    into = lanes_known(conn).lane.get(row.id)
    if into is not None:
        row = conn.execute(select(table).where(table.c.id == into)).one()
    return _actors_of(conn, [row])[0]


def _bearers(conn: Connection, name: str) -> tuple[str, ...]:
    """Return the slugs of the actors with a name, in any spelling."""
    names, table = schema.actor_names, schema.actors
    bear = select(names.c.actor).where(names.c.key == name_key(name))
    query = select(table.c.slug).where(table.c.id.in_(bear)).order_by(table.c.slug)
    return tuple(conn.execute(query).scalars())


def actors_by_id(conn: Connection, ids: set[str] | None = None) -> dict[str, Actor]:
    """Return actors by id, merged ones too; all of them without ``ids``."""
    actors = _actors_of(conn, conn.execute(*_actors(ids=few(ids))).all())
    return {actor.id: actor for actor in actors if ids is None or actor.id in ids}


@prepared
def _actors(*, ids: Param | None) -> Query:
    query = select(schema.actors)
    return query if ids is None else query.where(schema.actors.c.id.in_(ids))


def merged_into(conn: Connection, actor_id: str) -> list[Actor]:
    """Return the actors merged into another one, by name."""
    members = lanes_known(conn).members(actor_id) - {actor_id}
    merged = actors_by_id(conn, members).values() if members else ()
    return _by_name(merged)


def aliases_by_id(conn: Connection, ids: set[str]) -> dict[str, list[str]]:
    """Return the other names of actors by id, with those of actors merged into them.

    Actors without any are missing.
    """
    lanes = lanes_known(conn)
    merged = {member for member, lane in lanes.lane.items() if lane in ids}
    own = {row.id: row.name for row in conn.execute(*_actors(ids=few(ids)))}
    names: dict[str, set[str]] = {}
    for row in conn.execute(*_names(actors=few(ids | merged))):
        actor = lanes.of(row.actor)
        if actor in ids and row.name != own[actor]:
            names.setdefault(actor, set()).add(row.name)
    return {actor: sorted(others) for actor, others in names.items()}


@prepared
def _names(*, actors: Param | None) -> Query:
    table = schema.actor_names
    query = select(table.c.actor, table.c.name)
    return query if actors is None else query.where(table.c.actor.in_(actors))


def aliases(conn: Connection, actor_id: str) -> list[str]:
    """Return the other names of an actor, with those of actors merged into it."""
    return aliases_by_id(conn, {actor_id}).get(actor_id, [])


def _actors_of(conn: Connection, rows: Sequence[Row[Any]]) -> list[Actor]:
    texts, lang = translations(conn, {row.id for row in rows}), language_of(conn)
    actors = [_with_name(Actor(*row)) for row in map(tuple[Any, ...], rows)]
    return [_translated(actor, texts.get(actor.id, NO_TEXTS), lang) for actor in actors]


def _with_name(actor: Actor) -> Actor:
    return actor if actor.name else msgspec.structs.replace(actor, name=actor.slug)


def _translated(actor: Actor, texts: Texts, lang: str) -> Actor:
    if actor.name not in texts:
        return actor
    return msgspec.structs.replace(actor, name=texts[actor.name], lang=lang)


def _by_name(actors: Iterable[Actor]) -> list[Actor]:
    """Sort actors by the names that the connection's language gives them."""
    return sorted(actors, key=lambda actor: (sorting_key(actor.name), actor.slug))


MOST_COMPARED = 5_000
"""Most names that are compared with an unknown one, so that the answer comes soon."""

FEW_WORDS = 4
"""Typed words that are each tried as a misspelt name."""

SHORTEST_PART = 3
"""Fewest letters of a part of a name that is compared; initials match anything."""

HALF = 50
"""Percent of letters that a typed word has to share with a name that is offered for it."""


def actors_named(conn: Connection, name: str) -> list[Actor]:
    """Return the actors with a name, in any spelling or transliteration."""
    names, table = schema.actor_names, schema.actors
    ids = select(names.c.actor).where(or_(names.c.key == name_key(name), names.c.name == name))
    query = select(table).where(or_(table.c.id.in_(ids), table.c.slug == name))
    lanes = lanes_known(conn)
    lane_ids = {lanes.of(row.id) for row in conn.execute(query)}
    return _by_name(actors_by_id(conn, lane_ids).values())


def persons_named_last(conn: Connection, name: str) -> list[Actor]:
    """Return the persons whose names end in this one: texts repeat only the last name."""
    names, table, key = schema.actor_names, schema.actors, name_key(name)
    if not key:
        return []
    ids = select(names.c.actor).where(names.c.key.endswith(f" {key}", autoescape=True))
    query = select(table.c.id).where(table.c.id.in_(ids), table.c.kind == "person")
    lanes = lanes_known(conn)
    found_ids = {lanes.of(row.id) for row in conn.execute(query)}
    return _by_name(actors_by_id(conn, found_ids).values())


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
    return _by_name(actors_by_id(conn, ids).values())


def actors_matching(conn: Connection, typed: str, limit: int = 8) -> list[Actor]:
    """Return the actors whose name contains the typed letters, in any spelling."""
    names, key = schema.actor_names, name_key(typed)
    sounds = and_(names.c.key.contains(key, autoescape=True), contains_letters(typed, key))
    query = select(names.c.actor).where(sounds).distinct()
    lanes = lanes_known(conn)
    ids = {lanes.of(member) for member in conn.execute(query).scalars()}
    return _by_name(actors_by_id(conn, ids).values())[:limit]


def contains_letters(typed: str, key: str) -> ColumnElement[bool]:
    """Return the clause that compares letters where the key says too little: "zzz" becomes "s"."""
    names, letters = schema.actor_names, typed.replace("\0", "").strip()
    return (
        names.c.name.icontains(letters, autoescape=True) if len(key) == 1 < len(letters) else true()
    )


def actors_near(conn: Connection, typed: str, limit: int = 3) -> list[Actor]:
    """Return the actors whose name resembles the typed words or one of them, nearest first.

    Names are compared by their sound; those that are also spelt unlike any typed word are left out.
    """
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
    return [actors[actor] for actor in ids if _is_spelt_alike(words, actors[actor].name)]


def _is_spelt_alike(typed: Iterable[str], name: str) -> bool:
    """Tell whether half the letters of a name or a part of it are those of a typed word."""
    parts = romanise(name), *romanise(name).split()
    return any(fuzz.ratio(romanise(word), part) >= HALF for word in typed for part in parts)
