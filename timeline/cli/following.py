"""What a server does beside its pages: keep them current, tell readers, record what is due."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from timeline.cli.exit_status import describe
from timeline.cli.trouble_log import TroubleLog
from timeline.releasing import release_due, seconds_to_next

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.bootstrap import Services
    from timeline.live.live import Live
    from timeline.stores.following import Following

WAIT, AGAIN, PATIENCE = 60.0, 1.0, 10.0
"""Seconds to wait for something new, before a store that was down is asked again, and for all to
end that was told to."""


class Follower:
    """Keeps the read models whole and at the head, whoever appends; records what is due.

    Of several servers of one store one does so at a time (`timeline.stores.following`).
    A store that is down comes back. ``live`` tells readers of what pages show by then.
    """

    def __init__(self, services: Services, live: Live | None = None) -> None:
        self._services = services
        self._live = live
        self._ending = threading.Event()
        self._troubles = TroubleLog()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow the log, and record what falls due, for the length of a block and no longer."""
        beside = [
            threading.Thread(target=work, daemon=True) for work in (self._follow, self._release)
        ]
        try:
            for one in beside:
                one.start()
            yield
        finally:
            self._ending.set()
            if self._live is not None:
                self._live.close()
            # They use the store, which is closed next, and removed if it was a demo's.
            for one in beside:
                if one.ident is not None:
                    one.join(PATIENCE)

    def _release(self) -> None:
        """Record what waits under embargo when its moment comes."""
        was_away = False
        while not self._ending.is_set():
            try:
                release_due(self._services)
                pause = seconds_to_next(self._services)
                if was_away:
                    self._troubles.over()
                was_away = False
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                if not self._ending.is_set():
                    self._troubles.tell(f"cannot record what is due: {describe(error)}")
                was_away, pause = True, AGAIN
            self._ending.wait(pause)

    def _follow(self) -> None:
        models = self._services.models
        while not self._ending.is_set():
            try:
                with self._services.log.following() as following:
                    while not self._ending.is_set():
                        self._go_on(following)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                if not models.notice(error) and not self._ending.is_set():
                    self._troubles.tell(f"cannot follow the log: {describe(error)}")
                self._ending.wait(AGAIN)

    def _go_on(self, following: Following) -> None:
        models = self._services.models
        if models.is_damaged:
            self._troubles.tell("what pages read is damaged, and is made anew from the log")
            models.mend()
        if following.wait(self._done(), WAIT, self._has_other_work):
            if following.leads:
                models.catch_up(on_progress=following.beat)
            if self._live is not None:
                self._live.tell()
        self._troubles.over()

    def _done(self) -> int:
        """Return the position up to which all is done; who posts a form catches up before us."""
        shown = self._services.models.shown()
        return shown if self._live is None else min(shown, self._live.told)

    def _has_other_work(self) -> bool:
        return self._ending.is_set() or self._services.models.is_damaged
