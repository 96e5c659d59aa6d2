"""What files brought on record: all of one, and what stands beside an entry from before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from timeline.projections.queries import entries
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

PIECE = 2_000
"""Numbers in one query."""


def standing(conn: Connection, file: str, after: int = 0) -> list[int]:
    """Return the numbers of entries that a file brought and that are not retracted, in order.

    Only those beyond the log position ``after``, which tells one import of a file from another.
    """
    columns = schema.log_index.c
    query = select(columns.position).where(
        columns.via == f"import:{file}",
        columns.number == columns.position,
        columns.position > after,
    )
    found = conn.execute(query.order_by(columns.position)).scalars().all()
    pieces = (found[start : start + PIECE] for start in range(0, len(found), PIECE))
    return [number for piece in pieces for number in _standing(conn, piece)]


def beside(conn: Connection, numbers: Sequence[int], head: int) -> dict[int, int]:
    """Return which of these statements stand beside one from up to ``head``, by its number.

    Actor, question, day and source are the same, and neither is retracted: it may be the same
    statement, mended in a file whose rows have no key.
    """
    pieces = (numbers[start : start + PIECE] for start in range(0, len(numbers), PIECE))
    return {new: old for piece in pieces for new, old in _beside(conn, piece, head)}


def _beside(conn: Connection, numbers: Sequence[int], head: int) -> list[tuple[int, int]]:
    new, old = schema.statements.alias("new").c, schema.statements.alias("old").c
    same = (new.topic, old.topic), (new.speaker, old.speaker), (new.document, old.document)
    query = select(new.number, old.number).where(
        new.number.in_(numbers),
        old.number <= head,
        *(mine == other for mine, other in same),
        new.said_at == old.said_at,
        and_(new.retracted == 0, old.retracted == 0),
        *known(new, None),
        *known(old, None),
    )
    return [(row[0], row[1]) for row in conn.execute(query.order_by(old.number))]


def _standing(conn: Connection, numbers: Sequence[int]) -> list[int]:
    said, happened = entries.statements(conn, numbers), entries.developments(conn, numbers)
    stands = {number for number, one in said.items() if not one.retracted}
    stands |= {number for number, one in happened.items() if not one.retracted}
    return [number for number in numbers if number in stands]
