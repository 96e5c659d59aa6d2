"""Whether read models hold what was written into them: their tables, and how many rows each has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from timeline.projections.generations.digest import snapshot
from timeline.projections.tables import indexes, schema
from timeline.projections.writing.tally import count_rows, counted, read_counts
from timeline.stores.shape import IN_FILE, IN_SCHEMA, differences

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

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
