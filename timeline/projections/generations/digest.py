"""Digests of read models: equal where the same rows are stored, in whatever order."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, text

from timeline.projections.tables import schema
from timeline.projections.tables.interned import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Executable

MODULUS = 1 << 256
ROWS = 5_000

_LOOK = {"sqlite": "SELECT count(*) FROM sqlite_schema", "postgresql": "SELECT 1"}
_TERMS = (
    "DROP TABLE IF EXISTS temp.search_terms",
    "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab(main, search, instance)",
)
_TERM = "SELECT term, doc FROM temp.search_terms"
_WORDS = (
    "SELECT DISTINCT term, rowid AS doc FROM search, unnest(string_to_array(stems, ' ')) AS term"
)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a view of the read models that does not change, whatever is projected meanwhile."""
    with engine.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ")
        # The view begins with the first look, which is at no table: one may be gone.
        conn.execute(text(_LOOK[conn.dialect.name])).scalar()
        yield conn


def digests(conn: Connection) -> dict[str, str]:
    """Return a hex digest for each table.

    Two generations may number their texts otherwise: rows are compared by what they say, texts
    without their numbers, and of the progress its counts; its place is known to the log.
    """
    apart = (schema.progress, texts)
    tables = (table for table in schema.metadata.sorted_tables if table not in apart)
    made = select(schema.progress.c.code_version, schema.progress.c.rows)
    return {table.name: _digest(conn, select(table)) for table in tables} | {
        texts.name: _digest(conn, select(texts.c.text)),
        schema.progress.name: _digest(conn, made),
        schema.search.name: _digest(conn, _found(conn)),
    }


def _found(conn: Connection) -> Executable:
    """Select what the search finds, word by word: more than that SQLite does not keep."""
    if conn.dialect.name == "postgresql":
        return text(_WORDS)
    for statement in _TERMS:
        conn.execute(text(statement))
    return text(_TERM)


def _digest(conn: Connection, query: Executable) -> str:
    """Add up the SHA-256 of every row, so that the order of rows does not matter."""
    total = 0
    encode = msgspec.msgpack.Encoder().encode
    for row in conn.execute(query, execution_options={"yield_per": ROWS}):
        total += int.from_bytes(hashlib.sha256(encode(tuple(row))).digest(), "big")
    return f"{total % MODULUS:064x}"
