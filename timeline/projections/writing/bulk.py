"""Writes many rows at once: `executemany` on SQLite, `COPY` on PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from timeline.projections.tables.interned import stored_rows
from timeline.projections.writing.tally import note_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table, TextClause


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


def add_to_counts(conn: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add to the counts in the last column of a table, by the key in the others.

    Rows are the keys in their stored form, each with the number to add. A count begins with 0; a
    row whose count is 0 again is deleted.
    """
    begin, count, end = _counting(table)
    names = [column.name for column in table.columns]
    changes = [dict(zip(names, row, strict=True)) for row in rows if row[-1]]
    if changes:
        conn.execute(begin, changes)
        conn.execute(count, changes)
    if fewer := [change for change in changes if change[names[-1]] < 0]:
        conn.execute(end, fewer)


@cache
def _counting(table: Table) -> tuple[TextClause, TextClause, TextClause]:
    """Return the statements that begin a count with 0, add to it, and delete it if it is 0."""
    *key, count = (column.name for column in table.columns)
    columns, marks = ", ".join(key), ", ".join(f":{name}" for name in key)
    here = " AND ".join(f"{name} = :{name}" for name in key)
    return (
        text(
            f"INSERT INTO {table.name} ({columns}, {count}) VALUES ({marks}, 0)"  # noqa: S608
            f" ON CONFLICT ({columns}) DO NOTHING"
        ),
        text(f"UPDATE {table.name} SET {count} = {count} + :{count} WHERE {here}"),  # noqa: S608
        text(f"DELETE FROM {table.name} WHERE {here} AND {count} = 0"),  # noqa: S608
    )
