"""Generations of read models: rebuilt aside, compared, and switched to in one step."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, inspect, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from timeline.domain.errors import Conflict, StandlineError
from timeline.domain.messages import Message
from timeline.projections.generations.digest import digests, snapshot
from timeline.projections.generations.filling import OnProgress, fill
from timeline.projections.tables import schema
from timeline.projections.writing.projector import Projector, Reached
from timeline.stores.engines import (
    create_generation,
    drop_generation,
    exclusive,
    generations,
    read_engine,
)
from timeline.stores.trouble import in_one_line

if TYPE_CHECKING:
    from timeline.stores.log import EventLog
    from timeline.stores.store_url import StoreUrl

REBUILD_INCOMPLETE = Message(
    "rebuild_incomplete",
    "the rebuilt read models show %(shown)s of %(recorded)s events",
    fix="the live ones stay; run `standline doctor`",
)

REBUILD_FROM = 50_000
"""From this many events behind, a new generation is filled instead of the live one."""

GRACE = 60.0
"""Seconds for which a generation that is not live any more serves those who read it."""


class ReadModels:
    """The live generation, and the way to the next one."""

    def __init__(
        self,
        log: EventLog,
        url: StoreUrl,
        *,
        grace: float = GRACE,
        rebuild_from: int = REBUILD_FROM,
    ) -> None:
        self._log = log
        self._url = url
        self._grace = grace
        self._rebuild_from = rebuild_from
        self._sweep_at: float | None = None
        self._lock = threading.Lock()
        self._projectors: dict[int, Projector] = {}
        self.rebuilt = False
        """Whether this process filled a generation from the whole log since it began."""

    def engine(self) -> Engine:
        """Return the engine of the live generation; its number is read anew at each call."""
        return self._projector(self._log.live_generation()).engine

    def shown(self) -> int:
        """Return the log position that pages show."""
        return self._projector(self._log.live_generation()).position()

    def reached(self) -> Reached:
        """Return how far the live generation is, and what was set aside on the way."""
        return self._projector(self._log.live_generation()).reached()

    def prepare(self, on_progress: OnProgress | None = None) -> None:
        """Make sure that a generation of this version of the code is live."""
        with in_one_line():
            if self._needs_building():
                with self._log.rebuild_lock():
                    if self._needs_building():
                        self._build_next(on_progress or _silent)
            self._sweep()

    def catch_up(self, seconds: float | None = None, on_progress: OnProgress | None = None) -> int:
        """Bring the live generation to the head and return the number of events still missing.

        With ``seconds`` it stops in time. Without, a long way is done as a rebuild.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        with in_one_line():
            if self._sweep_at is not None and time.monotonic() > self._sweep_at:
                self._sweep()
            if deadline is None and self._is_far_behind():
                with self._log.rebuild_lock():
                    # Whoever had the lock before may have gone all the way.
                    if self._is_far_behind():
                        self._build_next(on_progress or _silent)
            live, head = self._projector(self._log.live_generation()), self._log.head()
            return max(0, head - live.catch_up(head, deadline=deadline))

    def _is_far_behind(self) -> bool:
        return self._log.head() - self.shown() >= self._rebuild_from

    def rebuild(self, on_progress: OnProgress | None = None) -> None:
        """Fill the next generation from the whole log and switch to it."""
        with in_one_line(), self._log.rebuild_lock():
            self._build_next(on_progress or _silent)

    def check(self, on_progress: OnProgress | None = None) -> tuple[str, ...]:
        """Rebuild aside and return the names of the tables that differ from the live ones."""
        with in_one_line(), self._log.rebuild_lock():
            number = self._log.live_generation() + 1
            try:
                return self._differing(self._filled(number, on_progress or _silent))
            finally:
                self._drop(number)

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            for projector in self._projectors.values():
                projector.engine.dispose()
            self._projectors.clear()

    def _needs_building(self) -> bool:
        live = self._log.live_generation()
        if not live:
            return True
        try:
            return _version_of(self._projector(live).engine) != schema.CODE_VERSION
        except OperationalError:
            raise
        except DatabaseError:
            # A damaged file: nothing in it that the log does not have.
            return True

    def _build_next(self, on_progress: OnProgress) -> None:
        old = self._log.live_generation()
        try:
            new = self._filled(old + 1, on_progress)
            with self._log.write_lock():
                new.catch_up()
                self._compare_counts(new.engine)
                self._log.set_live_generation(old + 1)
        except BaseException:
            # On a full disk what is half done would leave no room to read the live one either.
            self._give_up(old + 1)
            raise
        self.rebuilt = True
        if old:
            self._retire(old)

    def _give_up(self, number: int) -> None:
        with suppress(DatabaseError, StandlineError, OSError):
            if self._log.live_generation() != number:
                self._drop(number)

    def _filled(self, number: int, on_progress: OnProgress) -> Projector:
        # What is there was begun by a process that died, since we hold its lock.
        self._drop(number)
        create_generation(self._url, number)
        projector = self._projector(number)
        fill(projector, on_progress)
        return projector

    def _compare_counts(self, engine: Engine) -> None:
        with engine.connect() as conn:
            shown = conn.execute(select(func.count()).select_from(schema.log_index)).scalar_one()
        recorded = self._log.count()
        if shown != recorded:
            raise StandlineError(REBUILD_INCOMPLETE, shown=shown, recorded=recorded)

    def _differing(self, aside: Projector) -> tuple[str, ...]:
        with ExitStack() as open_until_compared:
            with self._log.write_lock():
                live = self._projector(self._log.live_generation())
                live.catch_up()
                aside.catch_up()
                views = [
                    open_until_compared.enter_context(snapshot(one.engine)) for one in (live, aside)
                ]
            shown, rebuilt = map(digests, views)
        return tuple(name for name, digest in rebuilt.items() if shown[name] != digest)

    def _projector(self, number: int) -> Projector:
        with self._lock:
            if number not in self._projectors:
                self._projectors[number] = Projector(self._log, read_engine(self._url, number))
            return self._projectors[number]

    def _retire(self, number: int) -> None:
        """Note from when on nobody is sent to a generation any more."""
        self._sweep_at = time.monotonic() + self._grace
        try:
            with exclusive(self._projector(number).engine) as conn:
                conn.execute(update(schema.progress).values(retired_at=time.time()))
        except DatabaseError:
            # It is damaged, which is why it was replaced; the sweep takes it at once.
            return

    def _sweep(self) -> None:
        """Remove the generations that served their time, and those that were never finished."""
        live = self._log.live_generation()
        there = generations(self._url)
        for number in (one for one in there if one < live and self._has_served(one)):
            self._drop(number)
        if any(number > live for number in there):
            self._drop_unfinished()
        waiting = any(number < live for number in generations(self._url))
        self._sweep_at = time.monotonic() + self._grace if waiting else None

    def _has_served(self, number: int) -> bool:
        try:
            with self._projector(number).engine.connect() as conn:
                retired_at = conn.execute(select(schema.progress.c.retired_at)).scalar()
        except DatabaseError:
            return True
        return retired_at is None or retired_at < time.time() - self._grace

    def _drop_unfinished(self) -> None:
        with suppress(Conflict), self._log.rebuild_lock(patience=0):
            live = self._log.live_generation()
            for number in (one for one in generations(self._url) if one > live):
                self._drop(number)

    def _drop(self, number: int) -> None:
        with self._lock:
            projector = self._projectors.pop(number, None)
        if projector is not None:
            projector.engine.dispose()
        drop_generation(self._url, number)


def _version_of(engine: Engine) -> int | None:
    if not inspect(engine).has_table(schema.progress.name):
        return None
    with engine.connect() as conn:
        version: int | None = conn.execute(select(schema.progress.c.code_version)).scalar()
    return version


def _silent(_what: str, _done: int, _of: int) -> None:
    """Report to nobody."""
