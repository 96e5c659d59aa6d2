"""The newsroom's own ledes of topics, at both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from timeline.domain.instants import MICROSECONDS
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.entries import numbers_of, statements
from timeline.projections.queries.translations import texts_in_every_language
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

_ids = msgspec.json.Decoder(tuple[str, ...]).decode


class KnownLede(msgspec.Struct, frozen=True):
    """A sentence with its translations by language, and pinned changes in order.

    ``pinned`` are the numbers of the statements with which these changes end; ``position`` is that
    in the log, ``recorded_at`` is in microseconds UTC. A lede without a sentence and pins takes
    back the one before.
    """

    topic: str
    position: int
    recorded_at: int
    recorded_by: str
    sentence: str
    translations: dict[str, str]
    pinned: tuple[int, ...]


def ledes(conn: Connection, topics: Collection[str], clocks: TwoClocks = NOW) -> list[KnownLede]:
    """Return all ledes of topics (ids), oldest first.

    A sentence is empty as of an instant before it was recorded, since its author knew what was said
    later. Pins whose statements do not stand at both clocks are left out.
    """
    params = {"topics": [*topics], "known_at": clocks.known_at}
    rows = conn.execute(*_ledes(**params)).all() if topics else []
    pinned = _standing(conn, {stream for row in rows for stream in _ids(row.pinned)}, clocks)
    texts = texts_in_every_language(conn, {row.topic for row in rows if row.sentence})

    def read_lede(row: Any) -> KnownLede:  # noqa: ANN401 - a row of the query
        is_later = clocks.as_of is not None and clocks.as_of < row.recorded_at // MICROSECONDS
        return KnownLede(
            row.topic,
            row.known_from,
            row.recorded_at,
            row.recorded_by,
            "" if is_later else row.sentence,
            {} if is_later else texts.get(row.topic, {}).get(row.sentence, {}),
            tuple(pinned[stream] for stream in _ids(row.pinned) if stream in pinned),
        )

    return [read_lede(row) for row in rows]


def latest_ledes(
    conn: Connection, topics: Collection[str], clocks: TwoClocks = NOW
) -> dict[str, KnownLede]:
    """Return the latest lede of each topic (an id); topics without one are left out."""
    latest = {lede.topic: lede for lede in ledes(conn, topics, clocks)}
    return {topic: lede for topic, lede in latest.items() if lede.sentence or lede.pinned}


def _standing(conn: Connection, streams: Iterable[str], clocks: TwoClocks) -> dict[str, int]:
    """Return the numbers of the statements that stand at both clocks, by their ids."""
    numbers = numbers_of(conn, streams)
    entries = statements(conn, numbers.values(), clocks.known_at)
    return {
        stream: number
        for stream, number in numbers.items()
        if (entry := entries.get(number)) is not None
        and not entry.retracted
        and (clocks.as_of is None or entry.counts_from <= clocks.as_of)
    }


@prepared
def _ledes(*, topics: Param, known_at: Param | None) -> Query:
    table = schema.ledes.c
    query: Query = select(
        table.topic,
        table.known_from,
        table.recorded_at,
        table.recorded_by,
        table.sentence,
        table.pinned,
    )
    query = query.where(table.topic.in_(topics), *up_to(table.known_from, known_at))
    return query.order_by(table.known_from)
