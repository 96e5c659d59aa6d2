"""Counts of rows in each table of the read models, stored with each batch to detect losses."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, event, func, select

from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

_CHANGES = re.compile(r"\s*(INSERT INTO|DELETE FROM)\s+\"?(\w+)")

_TALLIES: WeakKeyDictionary[Connection, Counter[str]] = WeakKeyDictionary()

_decode = msgspec.json.Decoder(dict[str, int]).decode


def counted_tables() -> list[Table]:
    """Return the tables whose rows are counted: all but that with the counts."""
    every = (*schema.metadata.sorted_tables, schema.search)
    return [table for table in every if table is not schema.progress]


@contextmanager
def tally_rows(conn: Connection) -> Iterator[Counter[str]]:
    """Count the rows that are inserted and deleted in each table within a block."""
    tally: Counter[str] = Counter()
    _TALLIES[conn] = tally
    event.listen(conn, "after_cursor_execute", _note)
    try:
        yield tally
    finally:
        event.remove(conn, "after_cursor_execute", _note)
        del _TALLIES[conn]


def _note(
    conn: Connection,
    cursor: Any,  # noqa: ANN401 - the driver's
    statement: str,
    _parameters: object,
    _context: object,
    _many: bool,  # noqa: FBT001
) -> None:
    if match := _CHANGES.match(statement):
        sign = 1 if match[1] == "INSERT INTO" else -1
        note_rows(conn, match[2], sign * max(0, cursor.rowcount))


def note_rows(conn: Connection, table: str, more: int) -> None:
    """Count rows that were written without an SQL statement."""
    if conn in _TALLIES:
        _TALLIES[conn][table] += more


def read_counts(encoded: str) -> dict[str, int]:
    """Read the stored counts of rows; empty if they are unreadable."""
    try:
        return _decode(encoded)
    except msgspec.MsgspecError:
        return {}


def updated_counts(before: str, tally: Counter[str]) -> str:
    """Return the stored counts after a batch; unreadable ones stay as they are."""
    if not (rows := read_counts(before)):
        return before
    return _encode({name: rows[name] + tally[name] for name in rows})


def count_rows(conn: Connection) -> dict[str, int]:
    """Count the rows of every table."""
    return {
        table.name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
        for table in counted_tables()
    }


def encoded_counts(conn: Connection) -> str:
    """Return the current counts in their stored form."""
    return _encode(count_rows(conn))


def _encode(rows: dict[str, int]) -> str:
    return msgspec.json.encode(rows).decode()
