"""Generations of read models: rebuilt aside, compared, and switched to in one step."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Engine, func, inspect, select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from timeline.domain.errors import Conflict, StandlineError
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import Message
from timeline.projections.generations.digest import digests, faults_of, snapshot, unreadable
from timeline.projections.generations.filling import fill
from timeline.projections.tables import schema
from timeline.projections.writing import search
from timeline.projections.writing.projector import Progress, Projector
from timeline.stores.engines import (
    clear_traces,
    create_generation,
    drop_generation,
    exclusive,
    filling_engine,
    generations,
    read_engine,
)
from timeline.stores.examining import damage_of, parts_of
from timeline.stores.progress import OnProgress, silent
from timeline.stores.rows import LogPlace
from timeline.stores.trouble import StoreReadOnly, is_damaged, reason_of, translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from timeline.stores.log import EventLog
    from timeline.stores.proving import Proof
    from timeline.stores.store_url import StoreUrl

REBUILD_INCOMPLETE = Message(
    "rebuild_incomplete",
    "the rebuilt read models show %(shown)s of %(recorded)s events",
    fix="the live ones stay; run `standline doctor`",
)

READ_MODELS_NOT_MADE = Message(
    "read_models_not_made",
    "what pages read is missing or of another version, and cannot be made: %(why)s",
    fix="copy the store to where it can be written to; `standline verify` reads it here",
)
READ_MODELS_DAMAGED = Message(
    "read_models_damaged",
    "what pages read is damaged: %(why)s",
    fix="a server makes it anew from the log by itself, and so does `standline replay`",
)

REBUILD_FROM, REBUILD_PART = 2_000, 10
"""If so many events are missing, and this part of the log, a new generation is filled: with indexes
an event takes some ten times as long."""

GRACE = 60.0
"""Seconds for which a replaced generation is kept for those who still read it."""


class LiveGeneration(msgspec.Struct, frozen=True):
    """The live generation at one moment: its engine, its progress, and the missing events."""

    engine: Engine
    reached: Progress
    missing: int


class ReadModels:
    """The live generation of read models, and how to replace it.

    ``clock`` returns microseconds UTC; a replaced generation is kept for ``grace`` seconds.
    """

    def __init__(
        self,
        log: EventLog,
        url: StoreUrl,
        clock: Callable[[], int],
        *,
        grace: float = GRACE,
        rebuild_from: int = REBUILD_FROM,
    ) -> None:
        self._log = log
        self._url = url
        self._clock = clock
        self._grace = grace
        self._rebuild_from = rebuild_from
        self._sweep_at: float | None = None
        self._lock = threading.Lock()
        self._projectors: dict[int, Projector] = {}
        self._damaged: int | None = None
        self._doubted: float | None = None

    def engine(self) -> Engine:
        """Return the engine of the live generation, which is looked up at each call."""
        return self._projector(self._log.live_generation()).engine

    def shown(self) -> int:
        """Return the log position that pages show."""
        return self._projector(self._log.live_generation()).place().position

    def reached(self) -> Progress:
        """Return how far the live generation is, and what was quarantined."""
        return self._projector(self._log.live_generation()).reached()

    def standing(self, seconds: float | None = None) -> LiveGeneration:
        """Return the live generation, brought to the head if ``seconds`` are given.

        If nothing is to be done it takes two short queries. Raises what `catch_up` does.
        """
        generation, head = self._log.standing()
        live = self._projector(generation)
        place, reached = live.standing()
        if seconds is not None and (place != head or self._is_to_be_swept()):
            self.catch_up(seconds)
            live = self._projector(self._log.live_generation())
            reached = live.reached()
        return LiveGeneration(live.engine, reached, max(0, head.position - reached.position))

    def prepare(self, on_progress: OnProgress = silent) -> None:
        """Make sure that a generation of this version of the code is live.

        Raises `AnotherLog` if there are read models of another log: they may be all that is left of
        its events.
        """
        with translate_db_errors():
            self.check_origin()
            if self._needs_building():
                self._build_if_needed(on_progress)
            self._sweep()

    def _build_if_needed(self, on_progress: OnProgress) -> None:
        """Build a generation, unless another process has; raises `StoreReadOnly`."""
        try:
            with self._log.rebuild_lock():
                if self._needs_building():
                    self._build_next(on_progress)
        except StoreReadOnly as error:
            raise StoreReadOnly(READ_MODELS_NOT_MADE, why=error.values["why"]) from error

    def catch_up(self, seconds: float | None = None, on_progress: OnProgress = silent) -> int:
        """Bring the live generation to the head and return the number of events still missing.

        With ``seconds`` it stops in time; without, it rebuilds if many are missing. Raises
        `AnotherLog` if the read models were made from another log, and `StandlineError` if they are
        damaged or the database is away.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        with translate_db_errors():
            try:
                return self._catch_up(deadline, on_progress)
            except Exception as error:
                if not self.notice(error):
                    raise
                if deadline is not None:
                    why = reason_of(getattr(error, "orig", error))
                    raise StandlineError(READ_MODELS_DAMAGED, why=why) from error
            self.mend(on_progress)
            return 0

    def _catch_up(self, deadline: float | None, on_progress: OnProgress) -> int:
        if self._is_to_be_swept():
            self._sweep()
        if deadline is None and self._is_far_behind():
            with self._log.rebuild_lock():
                # Whoever had the lock before may have gone all the way.
                if self._is_far_behind():
                    self._build_next(on_progress)
        live, head = self._projector(self._log.live_generation()), self._log.place()
        reached = live.catch_up(head, deadline=deadline, on_progress=on_progress)
        return max(0, head.position - reached)

    @property
    def is_damaged(self) -> bool:
        """Whether a damaged page was found in the live generation, which must be repaired."""
        return self._damaged is not None

    def notice(self, error: BaseException) -> bool:
        """Note that the live generation is damaged, if an error says so, and tell whether it does.

        An error of the log is a `StandlineError` already.
        """
        if isinstance(error, StandlineError) or not is_damaged(error):
            return False
        self._damaged = self._log.live_generation()
        return True

    def doubt(self) -> bool:
        """Check the live generation for damage after an unexpected error.

        Note and return whether it is damaged. A check reads all of it, so it runs once a minute at
        most.
        """
        with self._lock:
            if self._doubted is not None and self._now() < self._doubted + GRACE:
                return self.is_damaged
            self._doubted = self._now()
        live = self._log.live_generation()
        with translate_db_errors():
            place = parts_of(self._url, live).get("read models")
            if place and damage_of(self._url, place):
                self._damaged = live
        return self.is_damaged

    def mend(self, on_progress: OnProgress = silent) -> None:
        """Build a new generation in place of the damaged one."""
        damaged, self._damaged = self._damaged, None
        with translate_db_errors(), self._log.rebuild_lock():
            if damaged == self._log.live_generation():
                self._build_next(on_progress)

    def _is_far_behind(self) -> bool:
        head = self._log.head()
        return head - self.shown() >= max(self._rebuild_from, head // REBUILD_PART)

    def rebuild(self, on_progress: OnProgress = silent, *, as_it_is: bool = False) -> None:
        """Fill the next generation from the whole log and switch to it.

        Raises `AnotherLog` if read models were made from another log, and `LogDoesNotHold` at an
        event that is not as it was recorded; neither with ``as_it_is``.
        """
        with translate_db_errors(), self._log.rebuild_lock():
            if as_it_is:
                self._build_beside(on_progress)
            else:
                self.check_origin()
                self._build_next(on_progress)

    def forget(self) -> None:
        """Erase in the live generation what the log erased, and leave no trace of it on the disk.

        Other generations are deleted at once. Raises `StandlineError` if a reader keeps the old
        bytes.
        """
        self.catch_up()
        with translate_db_errors(), self._log.rebuild_lock():
            live = self._log.live_generation()
            for number in generations(self._url):
                if number != live:
                    self._drop(number)
            with exclusive(self._projector(live).engine) as conn:
                search.compact(conn)
            clear_traces(self._url, live)

    def check_origin(self) -> None:
        """Raise `AnotherLog` if the log lacks events that it acknowledged or that were read."""
        for number in generations(self._url):
            made = self._progress(number)
            if made.get("chain") is not None:
                place = LogPlace(made["position"], bytes(made["chain"]))
                self._log.place_after(place, place.position)
        self._log.check_acknowledged()

    def awaits_rebuild(self) -> bool:
        """Tell whether there is no generation, or one of another version of the code."""
        live = self._log.live_generation()
        if live not in generations(self._url):
            return True
        version = self._progress(live).get("code_version", schema.CODE_VERSION)
        return bool(version != schema.CODE_VERSION)

    def is_current(self) -> bool:
        """Tell whether the live generation is one of this version of the code."""
        return not self._needs_building()

    def check(self, on_progress: OnProgress = silent) -> tuple[str, ...]:
        """Rebuild aside and return the names of the tables that differ from the live ones.

        If these cannot be compared, return in words why.
        """
        with translate_db_errors(), self._log.rebuild_lock():
            if wrong := unreadable(self.engine()):
                return tuple(wrong)
            number = self._log.live_generation() + 1
            try:
                return self._differing(self._filled(number, on_progress, self._log.begin_proof()))
            finally:
                self._drop(number)

    def faults(self) -> list[str]:
        """Return, in words, how the live generation differs from what was written."""
        with translate_db_errors():
            return faults_of(self.engine())

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for projector in self._projectors.values():
                projector.engine.dispose()
            self._projectors.clear()

    def _needs_building(self) -> bool:
        live = self._log.live_generation()
        return not live or self._progress(live).get("code_version") != schema.CODE_VERSION

    def _progress(self, number: int) -> Mapping[str, Any]:
        """Return the progress of a generation; empty if it is damaged or barely started."""
        if number not in generations(self._url):
            return {}
        engine = self._projector(number).engine
        try:
            if not inspect(engine).has_table(schema.progress.name):
                return {}
            with engine.connect() as conn:
                # All columns there are: another version of the code may have made others.
                mapping = conn.execute(text("SELECT * FROM progress")).mappings().first()
                return dict(mapping or {})
        except OperationalError:
            raise
        except DatabaseError:
            # A damaged file holds nothing that is not in the log.
            return {}

    def _build_next(self, on_progress: OnProgress) -> None:
        self._switch_to(self._log.live_generation() + 1, on_progress, self._log.begin_proof())

    def _build_beside(self, on_progress: OnProgress) -> None:
        """Build without a proof, and remove all other generations afterwards."""
        others = generations(self._url)
        self._switch_to(max([self._log.live_generation(), *others]) + 1, on_progress, None)
        for number in others:
            self._drop(number)
        self._log.accept()

    def _switch_to(self, number: int, on_progress: OnProgress, proof: Proof | None) -> None:
        old = self._log.live_generation()
        try:
            new = self._filled(number, on_progress, proof)
            with self._log.write_lock():
                new.catch_up()
                self._compare_counts(new.engine)
                self._log.set_live_generation(number)
        except BaseException:
            # On a full disk a half-built generation would leave the live one no room.
            self._give_up(number)
            raise
        if old:
            self._retire(old)

    def _give_up(self, number: int) -> None:
        with suppress(DatabaseError, StandlineError, OSError):
            if self._log.live_generation() != number:
                self._drop(number)

    def _filled(self, number: int, on_progress: OnProgress, proof: Proof | None) -> Projector:
        # We hold the lock, so an existing one was started by a process that died.
        self._drop(number)
        create_generation(self._url, number)
        if proof is not None:
            self._log.check_turns()
        with filling_engine(self._url, number) as engine:
            fill(Projector(self._log, engine), on_progress, proof)
        return self._projector(number)

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
                    open_until_compared.enter_context(snapshot(projector.engine))
                    for projector in (live, aside)
                ]
            shown, rebuilt = map(digests, views)
        return tuple(name for name, digest in rebuilt.items() if shown[name] != digest)

    def _projector(self, number: int) -> Projector:
        with self._lock:
            if number not in self._projectors:
                self._projectors[number] = Projector(self._log, read_engine(self._url, number))
            return self._projectors[number]

    def _retire(self, number: int) -> None:
        """Note the instant from which a generation is no longer live."""
        self._sweep_at = self._now() + self._grace
        try:
            with exclusive(self._projector(number).engine) as conn:
                conn.execute(update(schema.progress).values(retired_at=self._now()))
        except DatabaseError:
            # It was replaced because it is damaged; the sweep removes it at once.
            return

    def _is_to_be_swept(self) -> bool:
        return self._sweep_at is not None and self._now() > self._sweep_at

    def _sweep(self) -> None:
        """Remove old generations after their grace, and unfinished ones.

        They stay if nothing can be written.
        """
        with suppress(StoreReadOnly), translate_db_errors():
            live = self._log.live_generation()
            there = generations(self._url)
            for number in there:
                if number < live and self._has_served(number):
                    self._drop(number)
            if any(number > live for number in there):
                self._drop_unfinished()
            waiting = any(number < live for number in generations(self._url))
            self._sweep_at = self._now() + self._grace if waiting else None

    def _has_served(self, number: int) -> bool:
        retired_at = self._progress(number).get("retired_at")
        return retired_at is None or retired_at < self._now() - self._grace

    def _now(self) -> float:
        """Return the instant in seconds."""
        return self._clock() / MICROSECONDS

    def _drop_unfinished(self) -> None:
        with suppress(Conflict), self._log.rebuild_lock(patience=0):
            live = self._log.live_generation()
            for number in generations(self._url):
                if number > live:
                    self._drop(number)

    def _drop(self, number: int) -> None:
        with self._lock:
            projector = self._projectors.pop(number, None)
        if projector is not None:
            projector.engine.dispose()
        drop_generation(self._url, number)
