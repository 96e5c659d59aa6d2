"""Whether read models are whole and equal: their tables, counts of rows, and digests."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, text

from timeline.projections.tables import indexes, schema
from timeline.projections.tables.interned import texts
from timeline.projections.writing.tally import count_rows, counted, read_counts
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


TABLES = (schema.progress.name, *(table.name for table in counted()))


def faults_of(engine: Engine) -> list[str]:
    """Return what is not as the projector left it, in words; it counts rows and reads none.

    What was written into a row in place of something else is found by comparing with a rebuild.
    """
    if wrong := unreadable(engine):
        return wrong
    with snapshot(engine) as conn:
        return differing_counts(conn)


def differing_counts(conn: Connection) -> list[str]:
    """Return which tables have another number of rows than was written, in words."""
    kept = conn.execute(select(schema.progress.c.rows)).scalar()
    found, expected = count_rows(conn), read_counts(kept or "")
    if found.keys() != expected.keys():
        return [f"no count of rows in {schema.progress.name}"]
    return [
        f"{found[name]} rows in {name} in place of {expected[name]}"
        for name in found
        if found[name] != expected[name]
    ]


def unreadable(engine: Engine) -> list[str]:
    """Return what keeps read models from being compared, in words."""
    with engine.connect() as conn:
        if wrong := _differing_tables(conn):
            return wrong
        progress = conn.execute(select(schema.progress.c.position)).first()
    return [] if progress else [f"no row in {schema.progress.name}"]


def _differing_tables(conn: Connection) -> list[str]:
    """Return which tables and indexes are not there, and what else is that acts on them."""
    names = {*indexes.LIVE, *indexes.DEFERRED}
    if conn.dialect.name == "sqlite":
        question = IN_FILE
    else:
        question, names = IN_SCHEMA.format(schema="current_schema()"), names | {"search_index"}
    there = [(kind, name, table) for kind, name, table in conn.execute(text(question))]
    return differences(there, TABLES, names)
