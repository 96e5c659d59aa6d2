"""What the newsroom itself says first of a topic, as known at a log position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.projections.queries.codebooks import numbers_of
from timeline.projections.queries.translations import language_of, translations
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ids = msgspec.json.Decoder(tuple[str, ...]).decode


class KnownLede(msgspec.Struct, frozen=True):
    """A sentence, in the language that is read where it is in it, and pinned changes in order.

    ``pinned`` are the numbers of the statements with which these end; ``recorded_at`` is in
    microseconds UTC; ``lang`` is empty where the sentence is in the record's language.
    """

    sentence: str
    pinned: tuple[int, ...]
    recorded_at: int
    recorded_by: str
    lang: str = ""


def latest_lede(conn: Connection, topic: str, known_at: int | None = None) -> KnownLede | None:
    """Return what the newsroom says first of a topic (an id); none where it says nothing."""
    row = conn.execute(*_latest(topic=topic, known_at=known_at)).first()
    if row is None:
        return None
    ids = _ids(row.pinned)
    numbers = numbers_of(conn, ids)
    pinned = tuple(numbers[one] for one in ids if one in numbers)
    if not (row.sentence or pinned):
        return None
    texts = translations(conn, [topic]).get(topic, {}) if row.sentence else {}
    lang = language_of(conn) if row.sentence in texts else ""
    sentence = texts.get(row.sentence, row.sentence)
    return KnownLede(sentence, pinned, row.recorded_at, row.recorded_by, lang)


@prepared
def _latest(*, topic: Given, known_at: Given | None) -> Query:
    table = schema.ledes.c
    query: Query = select(table.sentence, table.pinned, table.recorded_at, table.recorded_by)
    query = query.where(table.topic == topic).order_by(table.known_from.desc()).limit(1)
    return query if known_at is None else query.where(table.known_from <= known_at)
