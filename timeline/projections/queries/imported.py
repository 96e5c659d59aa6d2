"""What a file brought on record, so that it can be taken back as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from timeline.projections.queries import entries
from timeline.projections.tables import schema

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


def _standing(conn: Connection, numbers: Sequence[int]) -> list[int]:
    said, happened = entries.statements(conn, numbers), entries.developments(conn, numbers)
    stands = {n for n, one in (*said.items(), *happened.items()) if not one.retracted}
    return [number for number in numbers if number in stands]
