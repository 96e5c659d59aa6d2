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
from timeline.projections.writing.projector import Projector, Reached
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
"""From this many events behind, and this part of the log, a new generation is filled instead of the
live one: behind the indexes an event takes some ten times as long."""

GRACE = 60.0
"""Seconds for which a generation that is not live any more serves those who read it."""


class LiveGeneration(msgspec.Struct, frozen=True):
    """The live generation at one moment: where it lies, how far it is, and how many events lack."""

    engine: Engine
    reached: Reached
    missing: int


class ReadModels:
    """The live generation, and the way to the next one.

    ``clock`` returns microseconds UTC; a generation that is replaced serves for ``grace`` seconds
    more.
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
        """Return the engine of the live generation; its number is read anew at each call."""
        return self._projector(self._log.live_generation()).engine

    def shown(self) -> int:
        """Return the log position that pages show."""
        return self._projector(self._log.live_generation()).place().position

    def reached(self) -> Reached:
        """Return how far the live generation is, and what was set aside on the way."""
        return self._projector(self._log.live_generation()).reached()

    def standing(self, seconds: float | None = None) -> LiveGeneration:
        """Return the live generation, after bringing it to the head if there are seconds for that.

        Where nothing is to be done it takes two short queries. Raises what `catch_up` does.
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

        Raises `AnotherLog` where there are read models that were not made from this log: what they
        hold may be all that is left of its events.
        """
        with translate_db_errors():
            self.check_origin()
            if self._needs_building():
                self._build_if_needed(on_progress)
            self._sweep()

    def _build_if_needed(self, on_progress: OnProgress) -> None:
        """Build a generation, unless another process does; raises `StoreReadOnly`."""
        try:
            with self._log.rebuild_lock():
                if self._needs_building():
                    self._build_next(on_progress)
        except StoreReadOnly as error:
            raise StoreReadOnly(READ_MODELS_NOT_MADE, why=error.values["why"]) from error

    def catch_up(self, seconds: float | None = None, on_progress: OnProgress = silent) -> int:
        """Bring the live generation to the head and return the number of events still missing.

        With ``seconds`` it stops in time. Without, a long way is done as a rebuild. Raises
        `AnotherLog` where the log is not the one that the read models were made from, and
        `StandlineError` where they are damaged or the database is away.
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
        """Whether somebody met a damaged page in the live generation, and it is to be mended."""
        return self._damaged is not None

    def notice(self, error: BaseException) -> bool:
        """Note that the live generation is damaged, if that is what its database complains of.

        What the log complains of is a `StandlineError` already.
        """
        if isinstance(error, StandlineError) or not is_damaged(error):
            return False
        self._damaged = self._log.live_generation()
        return True

    def doubt(self) -> bool:
        """Look at the live generation because something went wrong that should not.

        Note and return whether it is damaged; looking costs as much as reading all of it, so it is
        looked at once a minute at most.
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
        """Fill a new generation in place of the one that somebody found damaged."""
        damaged, self._damaged = self._damaged, None
        with translate_db_errors(), self._log.rebuild_lock():
            if damaged == self._log.live_generation():
                self._build_next(on_progress)

    def _is_far_behind(self) -> bool:
        head = self._log.head()
        return head - self.shown() >= max(self._rebuild_from, head // REBUILD_PART)

    def rebuild(self, on_progress: OnProgress = silent, *, as_it_is: bool = False) -> None:
        """Fill the next generation from the whole log and switch to it.

        Raises `AnotherLog` where read models were made from another log, and `LogDoesNotHold` at
        an event that is not as it was recorded; neither if the log is to be taken as it is.
        """
        with translate_db_errors(), self._log.rebuild_lock():
            if as_it_is:
                self._build_beside(on_progress)
            else:
                self.check_origin()
                self._build_next(on_progress)

    def forget(self) -> None:
        """Bring what was erased into the live generation, and leave no trace of it on the disk.

        Generations that are not live any more go at once. Raises `StandlineError` where a reader
        keeps the old bytes.
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
        """Raise `AnotherLog` where the log lacks what it acknowledged, or what was read from it."""
        for number in generations(self._url):
            made = self._progress(number)
            if made.get("chain") is not None:
                place = LogPlace(made["position"], bytes(made["chain"]))
                self._log.place_after(place, place.position)
        self._log.check_acknowledged()

    def awaits_rebuild(self) -> bool:
        """Tell whether there is no generation yet, or only one of another version of the code."""
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

        What keeps these from being compared is returned in words.
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
        """Return what the live generation lacks of what was written into it, in words."""
        with translate_db_errors():
            return faults_of(self.engine())

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            for projector in self._projectors.values():
                projector.engine.dispose()
            self._projectors.clear()

    def _needs_building(self) -> bool:
        live = self._log.live_generation()
        return not live or self._progress(live).get("code_version") != schema.CODE_VERSION

    def _progress(self, number: int) -> Mapping[str, Any]:
        """Return what a generation says of itself; nothing if it is damaged or hardly begun."""
        if number not in generations(self._url):
            return {}
        engine = self._projector(number).engine
        try:
            if not inspect(engine).has_table(schema.progress.name):
                return {}
            with engine.connect() as conn:
                # Whatever there is: an older version of the code made other columns.
                mapping = conn.execute(text("SELECT * FROM progress")).mappings().first()
                return dict(mapping or {})
        except OperationalError:
            raise
        except DatabaseError:
            # A damaged file: nothing in it that the log does not have.
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
            # On a full disk what is half done would leave no room to read the live one either.
            self._give_up(number)
            raise
        if old:
            self._retire(old)

    def _give_up(self, number: int) -> None:
        with suppress(DatabaseError, StandlineError, OSError):
            if self._log.live_generation() != number:
                self._drop(number)

    def _filled(self, number: int, on_progress: OnProgress, proof: Proof | None) -> Projector:
        # What is there was begun by a process that died, since we hold its lock.
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
        """Note from when on nobody is sent to a generation any more."""
        self._sweep_at = self._now() + self._grace
        try:
            with exclusive(self._projector(number).engine) as conn:
                conn.execute(update(schema.progress).values(retired_at=self._now()))
        except DatabaseError:
            # It is damaged, which is why it was replaced; the sweep takes it at once.
            return

    def _is_to_be_swept(self) -> bool:
        return self._sweep_at is not None and self._now() > self._sweep_at

    def _sweep(self) -> None:
        """Remove the generations that served their time, and those that were never finished.

        Where nothing can be written they stay.
        """
        with suppress(StoreReadOnly), translate_db_errors():
            live = self._log.live_generation()
            there = generations(self._url)
            for number in (one for one in there if one < live and self._has_served(one)):
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
            for number in (
                generation for generation in generations(self._url) if generation > live
            ):
                self._drop(number)

    def _drop(self, number: int) -> None:
        with self._lock:
            projector = self._projectors.pop(number, None)
        if projector is not None:
            projector.engine.dispose()
        drop_generation(self._url, number)
