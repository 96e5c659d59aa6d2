"""Mandates: who may speak for whom, and who decides there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, select

from timeline.domain.standing import StatedStanding, is_within, standing_on
from timeline.projections.queries.translations import NO_TEXTS, translations
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal, known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection


_OWN = 8
"""Columns of a mandate; those of its standing follow."""


class Mandate(msgspec.Struct, frozen=True):
    """A mandate to speak: ``actor`` and ``on_behalf_of`` are ids, the bounds EDTF or open.

    ``standing`` was stated when it was opened, ``stated`` since then, oldest first.
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
        """Tell whether it was held at any instant of an interval; open bounds are unbounded."""
        return is_within(self.since, self.until, earliest, latest)

    def standing_on(self, topic: str, earliest: int | None, latest: int | None) -> str:
        """Return its standing on a topic (an id) in an interval; empty where nobody stated one."""
        return standing_on(topic, earliest, latest, mandated=self.standing, stated=self.stated)


def mandates(
    conn: Connection, *, of: str | None = None, for_: str | None = None, known_at: int | None = None
) -> list[Mandate]:
    """Return the mandates of an actor (``of``), or to speak for one (``for_``), oldest first.

    They are those known at a log position, with the standing known there.
    """
    recorded = _read_mandates(conn, *_mandates(of=of, for_=for_, known_at=known_at))
    texts = translations(conn, {mandate.actor for mandate in recorded})
    for place, mandate in enumerate(recorded):
        role = texts.get(mandate.actor, NO_TEXTS).get(mandate.role, mandate.role)
        recorded[place] = msgspec.structs.replace(mandate, role=role)
    return recorded


def mandates_of(conn: Connection, actors: set[str], known_at: int | None = None) -> list[Mandate]:
    """Return the mandates of these actors, oldest first, their roles as they were recorded."""
    return _read_mandates(conn, *_mandates_of(actors=[*actors], known_at=known_at))


def _read_mandates(conn: Connection, query: Query, values: dict[str, Any]) -> list[Mandate]:
    """Return mandates, each with its stated standings."""
    rows: dict[str, tuple[Any, ...]] = {}
    stated: dict[str, list[StatedStanding]] = {}
    for row in conn.execute(query, values):
        mandate, standing = row[:_OWN], row[_OWN:]
        rows[mandate[0]] = mandate
        stated.setdefault(mandate[0], [])
        if standing[0] is not None:
            stated[mandate[0]].append(StatedStanding(*standing))
    return [
        msgspec.structs.replace(Mandate(*mandate), stated=tuple(stated[key]))
        for key, mandate in rows.items()
    ]


@prepared
def _mandates_of(*, actors: Param, known_at: Param | None) -> Query:
    return _query(known_at).where(schema.mandates.c.actor.in_(actors))


@prepared
def _mandates(*, of: Param | None, for_: Param | None, known_at: Param | None) -> Query:
    table = schema.mandates.c
    return _query(known_at).where(*equal(table.actor, of), *equal(table.on_behalf_of, for_))


def _query(known_at: Param | None) -> Query:
    mandates, standings = schema.mandates, schema.standings
    mandate, standing = mandates.c, standings.c
    is_of_it = and_(standing.mandate == mandate.id, *up_to(standing.known_from, known_at))
    query: Query = select(
        *(
            mandate.id,
            mandate.actor,
            mandate.on_behalf_of,
            mandate.role,
            mandate.since,
            mandate.until,
        ),
        *(mandate.standing, mandate.known_from),
        *(standing.standing, standing.topic, standing.since, standing.until, standing.reason),
    ).select_from(mandates.outerjoin(standings, is_of_it))
    return query.where(*known(mandate, known_at)).order_by(mandate.opened, standing.known_from)
