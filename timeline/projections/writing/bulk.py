"""Writes many rows at once, and counts the rows of each table to detect losses."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, event, func, select, text

from timeline.projections.tables import schema
from timeline.projections.tables.interned import stored_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Table, TextClause


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


_COUNTED = re.compile(r"\s*(INSERT INTO|DELETE FROM)\s+\"?(\w+)")

_TALLIES: WeakKeyDictionary[Connection, Counter[str]] = WeakKeyDictionary()

_decode_counts = msgspec.json.Decoder(dict[str, int]).decode


def counted_tables() -> list[Table]:
    """Return the tables whose rows are counted: all but that with the counts."""
    every = (*schema.metadata.sorted_tables, schema.search)
    return [table for table in every if table is not schema.progress]


@contextmanager
def tally_rows(conn: Connection) -> Iterator[Counter[str]]:
    """Count the rows that are inserted and deleted in each table within a block."""
    tally: Counter[str] = Counter()
    _TALLIES[conn] = tally
    event.listen(conn, "after_cursor_execute", _note_statement)
    try:
        yield tally
    finally:
        event.remove(conn, "after_cursor_execute", _note_statement)
        del _TALLIES[conn]


def _note_statement(
    conn: Connection,
    cursor: Any,  # noqa: ANN401 - the driver's
    statement: str,
    _parameters: object,
    _context: object,
    _many: bool,  # noqa: FBT001
) -> None:
    if match := _COUNTED.match(statement):
        sign = 1 if match[1] == "INSERT INTO" else -1
        note_rows(conn, match[2], sign * max(0, cursor.rowcount))


def note_rows(conn: Connection, table: str, more: int) -> None:
    """Count rows that were written without an SQL statement."""
    if conn in _TALLIES:
        _TALLIES[conn][table] += more


def read_counts(encoded: str) -> dict[str, int]:
    """Read the stored counts of rows; empty if they are unreadable."""
    try:
        return _decode_counts(encoded)
    except msgspec.MsgspecError:
        return {}


def updated_counts(before: str, tally: Counter[str]) -> str:
    """Return the stored counts after a batch; unreadable ones stay as they are."""
    if not (rows := read_counts(before)):
        return before
    return _encode_counts({name: rows[name] + tally[name] for name in rows})


def count_rows(conn: Connection) -> dict[str, int]:
    """Count the rows of every table."""
    return {
        table.name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
        for table in counted_tables()
    }


def encoded_counts(conn: Connection) -> str:
    """Return the current counts in their stored form."""
    return _encode_counts(count_rows(conn))


def _encode_counts(rows: dict[str, int]) -> str:
    return msgspec.json.encode(rows).decode()
