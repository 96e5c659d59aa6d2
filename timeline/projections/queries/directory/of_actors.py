"""Actors by slug and by id, and their other names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, func, select

from timeline.domain.actor import NO_SUCH_ACTOR
from timeline.domain.errors import NotFound
from timeline.domain.messages import InQuotes
from timeline.domain.spelling import name_key, nearest
from timeline.projections.queries.directory.by_name import rows_by_name
from timeline.projections.queries.translations import NO_TEXTS, Texts, language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import lanes_known
from timeline.projections.tables.prepared import Param, Query, few, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row


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
    return sorted(merged, key=lambda actor: actor.name)


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
