"""The statements of a topic without their words, as filters need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, select

from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping


class BriefStatement(msgspec.Struct, frozen=True):
    """A statement without its words; ``speaker``, ``on_behalf_of`` and ``document`` are ids."""

    number: int
    counts_from: int
    stance: int | None
    retracted: bool
    speaker: str
    on_behalf_of: str | None
    document: str

    @property
    def actors(self) -> tuple[str, ...]:
        """The ids of the actors whose lanes it moves."""
        return tuple(filter(None, (self.speaker, self.on_behalf_of)))


def said_on(
    conn: Connection, topic: str, clocks: TwoClocks = NOW, *, since: int | None = None
) -> Mapping[int, BriefStatement]:
    """Return the statements of a topic by number, in its order, as known then.

    With ``since`` they are those that count from that instant on.
    """
    query = _said_on(topic=topic, since=since, **clocks.both)
    rows = conn.execute(*query).all()
    ids = texts_of(conn, {text_key for row in rows for text_key in row[4:] if text_key is not None})
    return {
        number: BriefStatement(
            number,
            counts_from,
            stance,
            bool(retracted),
            ids[speaker],
            None if behalf is None else ids[behalf],
            ids[document],
        )
        for number, counts_from, stance, retracted, speaker, behalf, document in rows
    }


@prepared
def _said_on(
    *, topic: Param, since: Param | None, as_of: Param | None, known_at: Param | None
) -> Query:
    columns = schema.statements.c
    query = select(
        columns.number,
        columns.counts_from,
        columns.stance,
        columns.retracted,
        key(columns.speaker),
        key(columns.on_behalf_of),
        key(columns.document),
    ).where(columns.topic == topic, columns.retracted < schema.HIDDEN, *known(columns, known_at))
    if since is not None:
        query = query.where(columns.counts_from >= since)
    return query.where(*up_to(columns.counts_from, as_of)).order_by(columns.number)
