"""Who may speak for whom."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from timeline.projections.queries.translations import NONE, Texts, translations
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

W = TypeVar("W", bound=msgspec.Struct)


class Mandate(msgspec.Struct, frozen=True):
    """Leave to speak: ``actor`` and ``on_behalf_of`` are ids, the bounds EDTF or open."""

    id: str
    actor: str
    on_behalf_of: str
    role: str
    since: str | None
    until: str | None
    known_from: int


def mandates(conn: Connection, *, of: str | None = None, for_: str | None = None) -> list[Mandate]:
    """Return the mandates of an actor, or those to speak for one, oldest first."""
    rows = conn.execute(*_mandates(of=of, for_=for_)).all()
    told = translations(conn, {row.actor for row in rows})
    held = [Mandate(*row) for row in rows]
    return [_worded(one, told.get(one.actor, NONE), role=one.role) for one in held]


def mandates_of(conn: Connection, actors: set[str]) -> list[Mandate]:
    """Return the mandates of these actors, oldest first, their roles as they were recorded."""
    table = schema.mandates
    query = select(table).where(table.c.actor.in_(actors)).order_by(table.c.known_from)
    return [Mandate(*row) for row in conn.execute(query)]


@prepared
def _mandates(*, of: Given | None, for_: Given | None) -> Query:
    table = schema.mandates
    query: Query = select(table).order_by(table.c.known_from)
    if of is not None:
        query = query.where(table.c.actor == of)
    if for_ is not None:
        query = query.where(table.c.on_behalf_of == for_)
    return query


def _worded(one: W, told: Texts, **words: str) -> W:
    """Return it with its words translated, where they are."""
    new = {field: told[word] for field, word in words.items() if word in told}
    return msgspec.structs.replace(one, **new) if new else one
