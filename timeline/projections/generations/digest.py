"""Compares read models: their tables, counts of rows, and digests."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, text

from timeline.projections.tables import indexes, schema
from timeline.projections.tables.interned import texts
from timeline.projections.writing.bulk import count_rows, counted_tables, read_counts
from timeline.stores.shape import IN_FILE, IN_SCHEMA, differences

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
    """Open a view of the read models that does not change while others project."""
    with engine.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.execution_options(isolation_level="REPEATABLE READ")
        # The view begins with the first query; it reads no table, since one may be missing.
        conn.execute(text(_LOOK[conn.dialect.name])).scalar()
        yield conn


def digests(conn: Connection) -> dict[str, str]:
    """Return a hex digest for each table.

    Two generations may number their texts differently: rows are compared with texts in place of
    numbers. Of the progress only counts are compared.
    """
    special = (schema.progress, texts)
    tables = (table for table in schema.metadata.sorted_tables if table not in special)
    progress = select(schema.progress.c.code_version, schema.progress.c.rows)
    return {table.name: _digest(conn, select(table)) for table in tables} | {
        texts.name: _digest(conn, select(texts.c.text)),
        schema.progress.name: _digest(conn, progress),
        schema.search.name: _digest(conn, _search_terms(conn)),
    }


def _search_terms(conn: Connection) -> Executable:
    """Select the search index term by term: SQLite keeps nothing else."""
    if conn.dialect.name == "postgresql":
        return text(_WORDS)
    for statement in _TERMS:
        conn.execute(text(statement))
    return text(_TERM)


def _digest(conn: Connection, query: Executable) -> str:
    """Sum the SHA-256 of every row, so that the order of rows does not matter."""
    total = 0
    encode = msgspec.msgpack.Encoder().encode
    for row in conn.execute(query, execution_options={"yield_per": ROWS}):
        total += int.from_bytes(hashlib.sha256(encode(tuple(row))).digest(), "big")
    return f"{total % MODULUS:064x}"


TABLES = (schema.progress.name, *(table.name for table in counted_tables()))


def faults_of(engine: Engine) -> list[str]:
    """Return, in words, how tables differ from what the projector left; it only counts rows.

    A changed value within a row is found only by comparing with a rebuild.
    """
    if wrong := unreadable(engine):
        return wrong
    with snapshot(engine) as conn:
        return differing_counts(conn)


def differing_counts(conn: Connection) -> list[str]:
    """Return, in words, which tables have another number of rows than was written."""
    stored = conn.execute(select(schema.progress.c.rows)).scalar()
    counts, expected = count_rows(conn), read_counts(stored or "")
    if counts.keys() != expected.keys():
        return [f"no count of rows in {schema.progress.name}"]
    return [
        f"{counts[name]} rows in {name} in place of {expected[name]}"
        for name in counts
        if counts[name] != expected[name]
    ]


def unreadable(engine: Engine) -> list[str]:
    """Return, in words, why read models cannot be compared."""
    with engine.connect() as conn:
        if wrong := _differing_tables(conn):
            return wrong
        progress = conn.execute(select(schema.progress.c.position)).first()
    return [] if progress else [f"no row in {schema.progress.name}"]


def _differing_tables(conn: Connection) -> list[str]:
    """Return, in words, missing tables and indexes, and foreign triggers and the like."""
    names = {*indexes.LIVE, *indexes.DEFERRED}
    if conn.dialect.name == "sqlite":
        question = IN_FILE
    else:
        question, names = IN_SCHEMA.format(schema="current_schema()"), names | {"search_index"}
    there = [(kind, name, table) for kind, name, table in conn.execute(text(question))]
    return differences(there, TABLES, names)
