"""Editors' verdicts on changes, as known at a log position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from timeline.domain.verdict import Ends, SignedIn
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal, known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_numbers = msgspec.json.Decoder(tuple[int, ...]).decode
_also = msgspec.json.Decoder(tuple[SignedIn, ...]).decode


class KnownVerdict(msgspec.Struct, frozen=True):
    """An editor's verdict on a change, at a log ``position``: ``signed`` or ``declined``.

    It is void for readers once an end was corrected, retracted or withheld after that position.
    ``words`` are the signed sentence, or the note of an editor who declined for a ``cause``;
    ``also`` has the sentence in other languages.
    """

    position: int
    ends: Ends
    verdict: str
    cause: str
    words: str
    caveat: str
    also: tuple[SignedIn, ...]
    recorded_at: int
    recorded_by: str

    def words_in(self, lang: str) -> SignedIn | None:
        """Return the sentence signed in another language (a primary tag), if there is one."""
        return next((signed for signed in self.also if signed.lang.partition("-")[0] == lang), None)


def verdicts(
    conn: Connection, *, topic: str | None = None, known_at: int | None = None
) -> list[KnownVerdict]:
    """Return the verdicts that stand, on a topic (an id) or on all, oldest first."""
    return [_known(row) for row in conn.execute(*_verdicts(topic=topic, known_at=known_at))]


@prepared
def _verdicts(*, topic: Param | None, known_at: Param | None) -> Query:
    table = schema.verdicts.c
    query: Query = select(
        *(table.position, table.topic, table.lane, table.edition, table.before, table.after),
        *(table.verdict, table.cause, table.words, table.caveat),
        *(table.also, table.recorded_at, table.recorded_by),
    ).order_by(table.position)
    return query.where(*equal(table.topic, topic), *known(table, known_at, "position"))


def _known(row: Row[Any]) -> KnownVerdict:
    return KnownVerdict(
        position=row.position,
        ends=Ends(row.topic, row.lane, row.edition, _numbers(row.before), _numbers(row.after)),
        verdict=row.verdict,
        cause=row.cause,
        words=row.words,
        caveat=row.caveat,
        also=_also(row.also),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
