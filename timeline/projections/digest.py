"""Digests of read models: equal where the same rows are stored, in whatever order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.projections import schema

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table

MODULUS = 1 << 256


def digests(engine: Engine) -> dict[str, str]:
    """Return a hex digest for each table but the progress."""
    tables = (table for table in schema.metadata.sorted_tables if table is not schema.progress)
    return {table.name: _digest(engine, table) for table in tables}


def _digest(engine: Engine, table: Table) -> str:
    """Add up the SHA-256 of every row, so that the order of rows does not matter."""
    total = 0
    encode = msgspec.msgpack.Encoder().encode
    with engine.connect().execution_options(yield_per=5_000) as conn:
        for row in conn.execute(select(table)):
            total += int.from_bytes(hashlib.sha256(encode(tuple(row))).digest(), "big")
    return f"{total % MODULUS:064x}"
