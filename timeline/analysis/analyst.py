"""Answers readers' questions in a thread of its own, one after the other.

Memory, disk, time, answers and waiting questions are limited, so that no question stops the site.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict, deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.analysis.archiving import ARCHIVE_OF_ANOTHER, archive
from timeline.analysis.days import TOO_MANY_MOMENTS
from timeline.analysis.duck import open_duckdb
from timeline.analysis.inquiry import Inquiry, Result, ask_archive
from timeline.analysis.manifest import read_manifest
from timeline.domain.errors import Busy, NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.parquet import BEYOND_THE_LIMITS, TOOK_TOO_LONG, Limits
from timeline.stores.rows import LogPlace

if TYPE_CHECKING:
    from timeline.analysis.archiving import Record
    from timeline.analysis.manifest import Manifest

TOO_MUCH_AT_ONCE = Message(
    "too_much_at_once",
    "this takes more time or memory than a page may",
    fix="choose fewer topics or a shorter time, or ask an archive of your own",
)
TOO_LARGE_TO_ARCHIVE = Message(
    "too_large_to_archive",
    "this record has more than %(most)s events, too many to prepare while pages are served",
    fix="name an archive that is kept beside: standline serve --archive FOLDER",
)
TOO_MANY_QUESTIONS = Message(
    "too_many_questions", "too many questions are waiting just now", fix="try again in a moment"
)
NOT_ANSWERED = Message("not_answered", "this could not be answered: %(why)s")

LIMITS = Limits(memory="256MB", spill="1GB", threads=1, seconds=20)
"""The limits of one question."""

LASTING = Refused, NotFound
"""Errors that are kept until the record changes; other errors may pass."""

LARGEST = 250_000
"""The most events that are archived while pages are served: half a minute, once."""

WAITING = 12
"""The most questions that wait."""

PATIENT = 2
"""The most request threads that wait for an answer at once; others return immediately."""

KEPT_ANSWERS = 60_000
"""The most answers that are cached, over all questions: some 20 MB."""

PIECES = 24
"""The most ranges of events, and the most log positions with results, of an archive.

An archive with more of either is written anew.
"""


class Preparing(msgspec.Struct, frozen=True):
    """A waiting question: how many wait before it, and the progress of the archive."""

    before: int = 0
    done: int = 0
    of: int = 0


class _Request(msgspec.Struct, frozen=True):
    inquiry: Inquiry
    known_at: int | None
    shown: int


class Analyst:
    """Answers questions over an archive: the given folder, or one that it makes and updates.

    Answers are cached until the record changes.
    """

    def __init__(
        self,
        record: Record,
        archive_folder: Path | None = None,
        *,
        limits: Limits = LIMITS,
        largest: int = LARGEST,
    ) -> None:
        self._record, self._folder = record, archive_folder
        self._limits, self._largest = limits, largest
        self._own: Path | None = None
        self._lock = threading.Lock()
        self._waiting: deque[tuple[_Request, threading.Event]] = deque()
        self._kept: OrderedDict[_Request, Result | StandlineError] = OrderedDict()
        self._progress = (0, 0)
        self._works = False
        self._patient = threading.BoundedSemaphore(PATIENT)

    def ask(
        self, inquiry: Inquiry, *, known_at: int | None, shown: int, patience: float
    ) -> Result | Preparing:
        """Return the answer, or the progress after ``patience`` seconds.

        ``known_at`` is a log position, ``None`` for the latest; ``shown`` is the position up to
        which pages show the log. Raises `Refused` for a bad or too large question, `NotFound` for
        an unknown topic or actor, `Busy` if too many wait, and `StandlineError` if it failed.
        """
        request = _Request(inquiry, known_at, shown)
        with self._lock:
            done = None if request in self._kept else self._put(request)
        if done is not None:
            self._wait(done, patience)
        with self._lock:
            result = self._kept.get(request)
            if result is None:
                return self._preparing(request)
            self._kept.move_to_end(request)
            if isinstance(result, StandlineError) and not isinstance(result, LASTING):
                # A full disk, for example: a later request may succeed.
                del self._kept[request]
        if isinstance(result, StandlineError):
            raise result.with_traceback(None)
        return result

    def _wait(self, done: threading.Event, patience: float) -> None:
        """Wait for an answer, unless too many request threads wait already."""
        if self._patient.acquire(blocking=False):
            try:
                done.wait(patience)
            finally:
                self._patient.release()

    def _put(self, request: _Request) -> threading.Event:
        """Queue a question unless it waits already, and start the worker if it does not run."""
        for other, done in self._waiting:
            if other == request:
                return done
        if len(self._waiting) >= WAITING:
            raise Busy(TOO_MANY_QUESTIONS)
        done = threading.Event()
        self._waiting.append((request, done))
        if not self._works:
            self._works = True
            threading.Thread(target=self._work, name="analyst", daemon=True).start()
        return done

    def _preparing(self, request: _Request) -> Preparing:
        before = next(
            (at for at, (waiting, _) in enumerate(self._waiting) if waiting == request), 0
        )
        return Preparing(before, *self._progress)

    def _work(self) -> None:
        """Answer waiting questions, the oldest first; end when none are left."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._works = False
                    return
                request, done = self._waiting[0]
            result = self._answer_or_error(request)
            with self._lock:
                self._keep(request, result)
                self._waiting.popleft()
                self._progress = (0, 0)
            done.set()

    def _keep(self, request: _Request, result: Result | StandlineError) -> None:
        """Cache an answer, and drop the least recently used ones."""
        self._kept[request] = result
        while len(self._kept) > 1 and sum(map(_weight, self._kept.values())) > KEPT_ANSWERS:
            self._kept.popitem(last=False)

    def _answer_or_error(self, request: _Request) -> Result | StandlineError:
        try:
            return self._answer(request)
        except StandlineError as error:
            if error.template in (BEYOND_THE_LIMITS, TOOK_TOO_LONG, TOO_MANY_MOMENTS):
                return Refused(TOO_MUCH_AT_ONCE)
            return error
        except Exception as error:  # noqa: BLE001 - the waiting request must get an answer
            return StandlineError(NOT_ANSWERED, why=f"{type(error).__name__}: {error}")

    def _answer(self, request: _Request) -> Result:
        folder, manifest = self._archive(request.known_at)
        known = min(manifest.upto, manifest.upto if request.known_at is None else request.known_at)
        with open_duckdb(folder, manifest, self._limits) as engine:
            return ask_archive(engine, request.inquiry, known)

    def _archive(self, known_at: int | None) -> tuple[Path, Manifest]:
        if self._folder is None:
            return self._own_archive(known_at)
        manifest = read_manifest(self._folder)
        for last in manifest.segments[-1:]:
            if self._record.log.place_at(last.upto) != LogPlace(
                last.upto, bytes.fromhex(last.chain)
            ):
                raise StandlineError(ARCHIVE_OF_ANOTHER, path=self._folder, upto=last.upto)
        return self._folder, manifest

    def _own_archive(self, known_at: int | None) -> tuple[Path, Manifest]:
        """Bring up our own archive, which is removed when this process ends."""
        if self._record.log.head() > self._largest:
            raise Refused(TOO_LARGE_TO_ARCHIVE, most=f"{self._largest:,}")
        if self._own is None:
            self._own = Path(tempfile.mkdtemp(prefix="standline-archive-"))
            weakref.finalize(self, shutil.rmtree, self._own, ignore_errors=True)
        folder, limits = self._own, msgspec.structs.replace(self._limits, seconds=None)
        bring_up = partial(
            archive,
            self._record,
            folder,
            known_at=known_at,
            limits=limits,
            on_progress=self._note,
        )
        manifest = bring_up()
        if max(len(manifest.segments), len(manifest.found)) > PIECES:
            manifest = bring_up(afresh=True)
        return folder, manifest

    def _note(self, _what: str, done: int, of: int) -> None:
        self._progress = (done, of)


def _weight(result: Result | StandlineError) -> int:
    return 1 if isinstance(result, StandlineError) else 100 + len(result.answers)
