"""Fills a generation that nobody reads yet: rows first, then indexes, then lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, insert, select, text, update

from timeline.projections.tables import indexes, schema
from timeline.projections.writing import search
from timeline.projections.writing.after_lanes import (
    count_all_days,
    count_all_stances,
    note_all_lateness,
    rank_all,
)
from timeline.projections.writing.bulk import encoded_counts
from timeline.projections.writing.deriving import derive_all
from timeline.projections.writing.utterances import count_all_utterances
from timeline.stores.chain import BEGINNING
from timeline.stores.engines import exclusive
from timeline.stores.gc_tuning import collector_paused

if TYPE_CHECKING:
    from timeline.projections.writing.projector import Projector
    from timeline.stores.progress import OnProgress
    from timeline.stores.proving import Proof


LOOKED_AT = 1_000
"""Rows of each index that SQLite samples for its statistics."""


def fill(projector: Projector, on_progress: OnProgress, proof: Proof | None) -> None:
    """Fill an empty generation up to the head of the log.

    With a ``proof`` it raises `LogDoesNotHold` at an event that is not as it was recorded.
    """
    engine = projector.engine
    _create_tables(engine)
    with collector_paused():
        projector.fill(lambda done, of: on_progress("events", done, of), proof)
        _create_indexes(engine, on_progress)
        if engine.dialect.name == "postgresql":
            # Without statistics, PostgreSQL chooses very slow plans for deriving.
            _gather_statistics(engine)
        with exclusive(engine) as conn:
            total = conn.execute(select(func.count()).select_from(schema.readings)).scalar_one()
            for done in derive_all(conn):
                on_progress("positions", done, int(total))
            count_all_utterances(conn)
            rank_all(conn)
            count_all_days(conn)
            count_all_stances(conn)
            note_all_lateness(conn)
            conn.execute(update(schema.progress).values(rows=encoded_counts(conn)))
    _gather_statistics(engine)
    projector.catch_up()


def _create_tables(engine: Engine) -> None:
    with exclusive(engine) as conn:
        schema.metadata.create_all(conn)
        search.create_table(conn)
        for name, columns in indexes.LIVE.items():
            conn.execute(text(f"CREATE INDEX {name} ON {columns}"))
        row = {"id": 1, "position": 0, "chain": BEGINNING, "code_version": schema.CODE_VERSION}
        conn.execute(insert(schema.progress).values(row))


def _create_indexes(engine: Engine, on_progress: OnProgress) -> None:
    steps = len(indexes.DEFERRED) + 1
    for done, (name, columns) in enumerate(indexes.DEFERRED.items(), 1):
        with exclusive(engine) as conn:
            conn.execute(text(f"CREATE INDEX {name} ON {columns}"))
        on_progress("indexes", done, steps)
    with exclusive(engine) as conn:
        search.create_index(conn)
    on_progress("indexes", steps, steps)


def _gather_statistics(engine: Engine) -> None:
    """Update the database's statistics, so that it chooses good plans."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text(f"PRAGMA analysis_limit = {LOOKED_AT}"))
            conn.execute(text("ANALYZE"))
            return
        for table in (*schema.metadata.sorted_tables, schema.search):
            # Index-only scans need a vacuum first.
            conn.execute(text(f"VACUUM (ANALYZE) {table.name}"))
