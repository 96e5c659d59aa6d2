"""Answers readers' questions beside the pages: one after the other, in a thread of its own.

What it takes is bounded, so that no question stops the site: memory, disk, time, the answers of one
question and of all that are kept, and how many may wait.
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
from timeline.analysis.duck import asking_duckdb
from timeline.analysis.inquiry import Found, Inquiry, find
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
"""What one question of a reader may take."""

LASTING = Refused, NotFound
"""What a question is told again until the record goes on; every other trouble may pass."""

LARGEST = 250_000
"""Events of a record that is archived while pages are served: half a minute, once."""

WAITING = 12
"""Questions that may wait."""

PATIENT = 2
"""Threads of the site that may wait for an answer at once; the others come back."""

KEPT_ANSWERS = 60_000
"""Answers that are kept together: some 20 MB."""

PIECES = 24
"""The most ranges of events, and the most log positions with answers, that an archive may have.

An archive with more of either is written again from the beginning.
"""


class Preparing(msgspec.Struct, frozen=True):
    """A question that is not answered yet: how many wait before it, and how far the archive is."""

    before: int = 0
    done: int = 0
    of: int = 0


class _Asked(msgspec.Struct, frozen=True):
    inquiry: Inquiry
    known_at: int | None
    shown: int


class Analyst:
    """Answers questions to an archive, which it makes and keeps up unless one is ``given``.

    Answers are kept until the record goes on.
    """

    def __init__(
        self,
        record: Record,
        given: Path | None = None,
        *,
        limits: Limits = LIMITS,
        largest: int = LARGEST,
    ) -> None:
        self._record, self._given = record, given
        self._limits, self._largest = limits, largest
        self._own: Path | None = None
        self._lock = threading.Lock()
        self._waiting: deque[tuple[_Asked, threading.Event]] = deque()
        self._kept: OrderedDict[_Asked, Found | StandlineError] = OrderedDict()
        self._progress = (0, 0)
        self._works = False
        self._patient = threading.BoundedSemaphore(PATIENT)

    def ask(
        self, inquiry: Inquiry, *, known_at: int | None, shown: int, patience: float
    ) -> Found | Preparing:
        """Return the answer, or how far it is after so many seconds.

        ``known_at`` is a log position, without one the latest; ``shown`` is that up to which pages
        are shown. Raises `Refused` for what is refused or takes too much, `NotFound` for what the
        archive has not, `Busy` where too many wait, and `StandlineError` where it cannot be asked.
        """
        asked = _Asked(inquiry, known_at, shown)
        with self._lock:
            done = None if asked in self._kept else self._put(asked)
        if done is not None:
            self._wait(done, patience)
        with self._lock:
            found = self._kept.get(asked)
            if found is None:
                return self._preparing(asked)
            self._kept.move_to_end(asked)
            if isinstance(found, StandlineError) and not isinstance(found, LASTING):
                # A full disk, say: the next who asks may fare better.
                del self._kept[asked]
        if isinstance(found, StandlineError):
            raise found.with_traceback(None)
        return found

    def _wait(self, done: threading.Event, patience: float) -> None:
        """Wait for an answer, unless as many do already as may hold a thread of the site."""
        if self._patient.acquire(blocking=False):
            try:
                done.wait(patience)
            finally:
                self._patient.release()

    def _put(self, asked: _Asked) -> threading.Event:
        """Line up a question, unless it waits already; begin to work where nobody does."""
        for one, done in self._waiting:
            if one == asked:
                return done
        if len(self._waiting) >= WAITING:
            raise Busy(TOO_MANY_QUESTIONS)
        done = threading.Event()
        self._waiting.append((asked, done))
        if not self._works:
            self._works = True
            threading.Thread(target=self._work, name="analyst", daemon=True).start()
        return done

    def _preparing(self, asked: _Asked) -> Preparing:
        before = next((at for at, (one, _) in enumerate(self._waiting) if one == asked), 0)
        return Preparing(before, *self._progress)

    def _work(self) -> None:
        """Answer what waits, the oldest first, and end when nothing does."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._works = False
                    return
                asked, done = self._waiting[0]
            found = self._found(asked)
            with self._lock:
                self._keep(asked, found)
                self._waiting.popleft()
                self._progress = (0, 0)
            done.set()

    def _keep(self, asked: _Asked, found: Found | StandlineError) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        self._kept[asked] = found
        while len(self._kept) > 1 and sum(map(_weight, self._kept.values())) > KEPT_ANSWERS:
            self._kept.popitem(last=False)

    def _found(self, asked: _Asked) -> Found | StandlineError:
        try:
            return self._answer(asked)
        except StandlineError as error:
            if error.template in (BEYOND_THE_LIMITS, TOOK_TOO_LONG, TOO_MANY_MOMENTS):
                return Refused(TOO_MUCH_AT_ONCE)
            return error
        except Exception as error:  # noqa: BLE001 - whoever waits must hear that it ended
            return StandlineError(NOT_ANSWERED, why=f"{type(error).__name__}: {error}")

    def _answer(self, asked: _Asked) -> Found:
        folder, manifest = self._archive(asked.known_at)
        known = min(manifest.upto, manifest.upto if asked.known_at is None else asked.known_at)
        with asking_duckdb(folder, manifest, self._limits) as engine:
            return find(engine, asked.inquiry, known)

    def _archive(self, known_at: int | None) -> tuple[Path, Manifest]:
        if self._given is None:
            return self._brought_up(known_at)
        manifest = read_manifest(self._given)
        for last in manifest.segments[-1:]:
            if self._record.log.place_at(last.upto) != LogPlace(
                last.upto, bytes.fromhex(last.chain)
            ):
                raise StandlineError(ARCHIVE_OF_ANOTHER, path=self._given, upto=last.upto)
        return self._given, manifest

    def _brought_up(self, known_at: int | None) -> tuple[Path, Manifest]:
        """Return an archive of our own, up to what pages show; it goes with this process."""
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


def _weight(found: Found | StandlineError) -> int:
    return 1 if isinstance(found, StandlineError) else 100 + len(found.answers)
