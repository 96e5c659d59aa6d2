"""Who may speak for whom, and who decides there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import and_, or_, select

from timeline.domain.standing import StatedStanding, is_within, standing_on
from timeline.projections.queries.translations import NONE, Texts, translations
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

W = TypeVar("W", bound=msgspec.Struct)


_OWN = 8
"""Columns of a mandate; what was said of its standing follows them."""


class Mandate(msgspec.Struct, frozen=True):
    """Leave to speak: ``actor`` and ``on_behalf_of`` are ids, the bounds EDTF or open.

    ``standing`` is what was said as it was opened, ``stated`` what was said of it since, oldest
    first.
    """

    id: str
    actor: str
    on_behalf_of: str
    role: str
    since: str | None
    until: str | None
    standing: str
    known_from: int
    stated: tuple[StatedStanding, ...] = ()

    def covers(self, earliest: int | None, latest: int | None) -> bool:
        """Tell whether it was held at any instant of the interval; open bounds are unbounded."""
        return is_within(self.since, self.until, earliest, latest)

    def standing_on(self, topic: str, earliest: int | None, latest: int | None) -> str:
        """Return how it stood on a topic (an id) in an interval; empty where nobody said."""
        return standing_on(topic, earliest, latest, mandated=self.standing, stated=self.stated)


def mandates(
    conn: Connection,
    *,
    of: str | None = None,
    for_: str | None = None,
    known_at: int | None = None,
) -> list[Mandate]:
    """Return the mandates of an actor, or those to speak for one, oldest first.

    They are those known at a log position, with the standing that was known there.
    """
    held = _held(conn, *_mandates(of=of, for_=for_, known_at=known_at))
    told = translations(conn, {mandate.actor for mandate in held})
    return [_worded(mandate, told.get(mandate.actor, NONE), role=mandate.role) for mandate in held]


def mandates_of(conn: Connection, actors: set[str]) -> list[Mandate]:
    """Return the mandates of these actors, oldest first, their roles as they were recorded."""
    return _held(conn, *_mandates_of(actors=[*actors]))


def _held(conn: Connection, query: Query, given: dict[str, Any]) -> list[Mandate]:
    """Return mandates, each with what was said of its standing."""
    held: dict[str, tuple[Any, ...]] = {}
    stated: dict[str, list[StatedStanding]] = {}
    for row in conn.execute(query, given):
        mandate, said = row[:_OWN], row[_OWN:]
        held[mandate[0]] = mandate
        stated.setdefault(mandate[0], [])
        if said[0] is not None:
            stated[mandate[0]].append(StatedStanding(*said))
    return [
        msgspec.structs.replace(Mandate(*one), stated=tuple(stated[key]))
        for key, one in held.items()
    ]


@prepared
def _mandates_of(*, actors: Given) -> Query:
    return _query(None).where(schema.mandates.c.actor.in_(actors))


@prepared
def _mandates(*, of: Given | None, for_: Given | None, known_at: Given | None) -> Query:
    table, query = schema.mandates.c, _query(known_at)
    if of is not None:
        query = query.where(table.actor == of)
    return query if for_ is None else query.where(table.on_behalf_of == for_)


def _query(known_at: Given | None) -> Query:
    mandates, standings = schema.mandates, schema.standings
    held, said = mandates.c, standings.c
    stands: ColumnElement[bool] = held.known_until.is_(None)
    is_of_it: ColumnElement[bool] = said.mandate == held.id
    if known_at is not None:
        until = or_(stands, held.known_until > known_at)
        stands = and_(held.known_from <= known_at, until)
        is_of_it = and_(is_of_it, said.known_from <= known_at)
    query: Query = select(
        *(held.id, held.actor, held.on_behalf_of, held.role, held.since, held.until),
        *(held.standing, held.known_from),
        *(said.standing, said.topic, said.since, said.until, said.reason),
    ).select_from(mandates.outerjoin(standings, is_of_it))
    return query.where(stands).order_by(held.opened, said.known_from)


def _worded(w: W, told: Texts, **words: str) -> W:
    """Return it with its words translated, where they are."""
    new = {field: told[word] for field, word in words.items() if word in told}
    return msgspec.structs.replace(w, **new) if new else w
