"""Generations of read models: rebuilt aside, compared, and switched to in one step."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, insert, inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from timeline.domain.errors import StandlineError
from timeline.projections import schema, search
from timeline.projections.digest import digests
from timeline.projections.lanes import derive_all
from timeline.projections.projector import Projector
from timeline.stores.engines import create_generation, drop_generation, exclusive, read_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.stores.log import EventLog
    from timeline.stores.store_url import StoreUrl

REBUILD_FROM = 50_000
"""From this many events behind, a new generation is filled instead of the live one."""

OnProgress = Callable[[str, int, int], None]


class ReadModels:
    """The live generation, and the way to the next one."""

    def __init__(self, log: EventLog, url: StoreUrl) -> None:
        self._log = log
        self._url = url
        self._engines: dict[int, Engine] = {}
        self._projectors: dict[int, Projector] = {}

    def engine(self) -> Engine:
        """Return the engine of the live generation; its number is read anew at each call."""
        return self._engine(self._log.live_generation())

    def shown(self) -> int:
        """Return the log position that pages show."""
        return self._projector(self._log.live_generation()).position()

    def prepare(self, on_progress: OnProgress | None = None) -> None:
        """Make sure that a generation of this version of the code is live."""
        if self._needs_building():
            with self._log.rebuild_lock():
                if self._needs_building():
                    self._build_next(on_progress or _silent)
        self._drop_old()

    def catch_up(self, seconds: float | None = None, on_progress: OnProgress | None = None) -> int:
        """Bring the live generation to the head and return the number of events still missing.

        With ``seconds`` it stops in time. Without, a long way is done as a rebuild.
        """
        live = self._projector(self._log.live_generation())
        head = self._log.head()
        if seconds is None and head - live.position() >= REBUILD_FROM:
            self.rebuild(on_progress)
            return 0
        deadline = None if seconds is None else time.monotonic() + seconds
        return max(0, head - live.catch_up(head, deadline=deadline))

    def rebuild(self, on_progress: OnProgress | None = None) -> None:
        """Fill the next generation from the whole log and switch to it."""
        with self._log.rebuild_lock():
            self._build_next(on_progress or _silent)
        self._drop_old()

    def check(self, on_progress: OnProgress | None = None) -> tuple[str, ...]:
        """Rebuild aside and return the names of the tables that differ from the live ones."""
        with self._log.rebuild_lock():
            number = self._log.live_generation() + 1
            try:
                aside = self._fill(number, on_progress or _silent)
                with self._log.write_lock():
                    self._projector(self._log.live_generation()).catch_up()
                    aside.catch_up()
                    return self._differing(number)
            finally:
                self._drop(number)

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        self._projectors.clear()

    def _needs_building(self) -> bool:
        live = self._log.live_generation()
        if not live:
            return True
        try:
            return _version_of(self._engine(live)) != schema.CODE_VERSION
        except OperationalError:
            raise
        except DatabaseError:
            # A damaged file: nothing in it that the log does not have.
            return True

    def _build_next(self, on_progress: OnProgress) -> None:
        live = self._log.live_generation()
        number = live + 1
        new = self._fill(number, on_progress)
        with self._log.write_lock():
            new.catch_up()
            self._compare_counts(number)
            self._log.set_live_generation(number)

    def _fill(self, number: int, on_progress: OnProgress) -> Projector:
        self._drop(number)
        create_generation(self._url, number)
        engine = self._engine(number)
        _create_tables(engine)
        projector = self._projector(number)
        with _collector_frozen():
            projector.fill(self._log.head(), lambda done, of: on_progress("events", done, of))
            _create_indexes(engine)
            with exclusive(engine) as conn:
                total = conn.execute(select(func.count()).select_from(schema.readings)).scalar_one()
                for done in derive_all(conn):
                    on_progress("positions", done, int(total))
        with exclusive(engine) as conn:
            conn.execute(text("ANALYZE"))
        projector.catch_up()
        return projector

    def _compare_counts(self, number: int) -> None:
        with self._engine(number).connect() as conn:
            shown = conn.execute(select(func.count()).select_from(schema.log_index)).scalar_one()
        recorded = self._log.count()
        if shown != recorded:
            msg = f"the rebuilt read models show {shown} of {recorded} events"
            raise StandlineError(msg, fix="the live ones stay; run `standline doctor`")

    def _differing(self, number: int) -> tuple[str, ...]:
        live = digests(self._engine(self._log.live_generation()))
        aside = digests(self._engine(number))
        return tuple(name for name, digest in aside.items() if live[name] != digest)

    def _engine(self, number: int) -> Engine:
        if number not in self._engines:
            self._engines[number] = read_engine(self._url, number)
        return self._engines[number]

    def _projector(self, number: int) -> Projector:
        if number not in self._projectors:
            self._projectors[number] = Projector(self._log, self._engine(number))
        return self._projectors[number]

    def _drop(self, number: int) -> None:
        self._projectors.pop(number, None)
        engine = self._engines.pop(number, None)
        if engine is not None:
            engine.dispose()
        drop_generation(self._url, number)

    def _drop_old(self) -> None:
        live = self._log.live_generation()
        for number in [known for known in self._engines if known < live - 1]:
            self._engines.pop(number).dispose()
            self._projectors.pop(number, None)
        if live > 2:  # noqa: PLR2004 - the one before the live serves those who are reading it
            drop_generation(self._url, live - 2)


def _version_of(engine: Engine) -> int | None:
    if not inspect(engine).has_table(schema.progress.name):
        return None
    with engine.connect() as conn:
        version: int | None = conn.execute(select(schema.progress.c.code_version)).scalar()
    return version


def _create_tables(engine: Engine) -> None:
    with exclusive(engine) as conn:
        schema.metadata.create_all(conn)
        for name, columns in schema.LIVE_INDEXES.items():
            conn.execute(text(f"CREATE INDEX {name} ON {columns}"))
        row = {"id": 1, "position": 0, "code_version": schema.CODE_VERSION}
        conn.execute(insert(schema.progress).values(row))


def _create_indexes(engine: Engine) -> None:
    with exclusive(engine) as conn:
        for name, columns in schema.DEFERRED_INDEXES.items():
            conn.execute(text(f"CREATE INDEX {name} ON {columns}"))
        search.create_index(conn)


@contextmanager
def _collector_frozen() -> Iterator[None]:
    """Keep the cyclic collector out of a rebuild, which makes millions of rows and no cycles."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _silent(_what: str, _done: int, _of: int) -> None:
    """Report to nobody."""
