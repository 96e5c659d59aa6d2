"""Writes many rows at once: `executemany` on SQLite, `COPY` on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.projections.tables.interned import stored_rows
from timeline.projections.writing.tally import note_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


def write_rows(
    conn: Connection,
    table: Table,
    rows: Sequence[tuple[Any, ...]],
    known: dict[str, int] | None = None,
) -> None:
    """Insert rows with values in the order of the table's columns.

    ``known`` caches the numbers of recurring texts, for callers that write much.
    """
    if rows:
        insert_rows(conn, table, stored_rows(conn, table, rows, known))


def insert_rows(conn: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows (at least one) in their stored form."""
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in names)
        conn.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})',  # noqa: S608 - own names
            list(rows),
        )
        return
    cursor = conn.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()
    note_rows(conn, table.name, len(rows))
