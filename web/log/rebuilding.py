"""A rebuild in the background, and how far it is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import StandlineError
from web.i18n import dates

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.stores.progress import OnProgress


class RebuildStatus(msgspec.Struct, frozen=True):
    """How far it is: ``done`` of ``of`` in the step ``what``; texts are empty where unknown."""

    running: bool = False
    checking: bool = False
    what: str = ""
    done: int = 0
    of: int = 0
    finished: str = ""
    differing: tuple[str, ...] = ()
    error: str = ""


class Rebuilding:
    """One rebuild at a time in this process; its state is shown, not stored."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = RebuildStatus()
        self._finished_at: int | None = None

    def status(self) -> RebuildStatus:
        """Return how far it is."""
        finished = dates.moment_us(self._finished_at) if self._finished_at else ""
        return msgspec.structs.replace(self._state, finished=finished)

    def start(
        self, work: Callable[[OnProgress], tuple[str, ...] | None], *, checking: bool
    ) -> None:
        """Begin, unless one is running."""
        with self._lock:
            if self._state.running:
                return
            self._state = RebuildStatus(running=True, checking=checking, what="events")
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[OnProgress], tuple[str, ...] | None]) -> None:
        try:
            differing = work(self._progress) or ()
            self._end(differing=differing)
        except StandlineError as error:
            self._end(error=str(error))
        except Exception as error:  # noqa: BLE001 - the page must say that it ended
            self._end(error=f"{type(error).__name__}: {error}")

    def _progress(self, what: str, done: int, of: int) -> None:
        self._state = msgspec.structs.replace(self._state, what=what, done=done, of=of)

    def _end(self, *, differing: tuple[str, ...] = (), error: str = "") -> None:
        self._finished_at = self._clock()
        self._state = msgspec.structs.replace(
            self._state, running=False, differing=differing, error=error
        )
