"""The follower keeps the pages of a server current, sends news to readers, records what is due.

The terminal shows each trouble once, in one line, and each event that bears on safety.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from timeline.cli.exit_status import describe
from timeline.cli.output import visible
from timeline.releasing import release_due, seconds_to_next

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.stores.following import LogFollower


WAIT, AGAIN, PATIENCE = 60.0, 1.0, 10.0
"""Seconds: to wait for news, before retrying a store that was down, and for threads to end."""


class SiteRoom(Protocol):
    """A room of the site that acts each time pages show more."""

    @property
    def told(self) -> int:
        """The log position up to which it has acted."""

    def tell(self) -> None:
        """Act up to the position that pages show; raises `StandlineError` as they do."""

    def close(self) -> None:
        """End, with the site."""


class Follower:
    """Keeps the read models complete and current, whoever appends; records what is due.

    Of several servers of one store, one does so at a time (`timeline.stores.following`). It waits
    for a store that is down. It calls the ``rooms`` of the site when pages show more.
    """

    def __init__(self, services: Services, rooms: Sequence[SiteRoom] = ()) -> None:
        self._services = services
        self._rooms = rooms
        self._ending = threading.Event()
        self._troubles = TroubleLog()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow the log and record due entries while the block runs."""
        beside = [
            threading.Thread(target=work, daemon=True) for work in (self._follow, self._release)
        ]
        try:
            for thread in beside:
                thread.start()
            yield
        finally:
            self._ending.set()
            for room in self._rooms:
                room.close()
            # They use the store, which is closed next, or removed after a demo.
            for thread in beside:
                if thread.ident is not None:
                    thread.join(PATIENCE)

    def _release(self) -> None:
        """Record entries under embargo when they are due."""
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

    def _go_on(self, following: LogFollower) -> None:
        models = self._services.models
        if models.is_damaged:
            self._troubles.tell("what pages read is damaged, and is made anew from the log")
            models.mend()
        if following.wait(self._done(), WAIT, self._has_other_work):
            if following.leads:
                models.catch_up(on_progress=following.beat)
            for room in self._rooms:
                room.tell()
        self._troubles.over()

    def _done(self) -> int:
        """Return the position up to which all is done; a posted form may catch up before us."""
        return min((self._services.models.shown(), *(room.told for room in self._rooms)))

    def _has_other_work(self) -> bool:
        return self._ending.is_set() or self._services.models.is_damaged


SITE = "web"
"""The logger that the site writes to; Flask names it after the application."""


class TroubleLog(logging.Filter):
    """Shows a trouble once until it ends. It shows a fault of ours each time, with its traceback.

    It hides nothing that bears on safety.
    """

    def __init__(self) -> None:
        from web.shell.safety_log import LOGGER  # noqa: PLC0415 - only serving needs the site

        super().__init__()
        self._safety = LOGGER
        self._told: set[str] = set()
        handler = logging.StreamHandler()
        handler.setFormatter(_Line())
        handler.addFilter(self)
        self._logger = logging.getLogger(SITE)
        self._logger.handlers = [handler]
        logging.getLogger(LOGGER).setLevel(logging.INFO)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the trouble is new, and remember it."""
        if record.name == self._safety:
            return True
        trouble = record.getMessage()
        new = bool(record.exc_info) or trouble not in self._told
        self._told.add(trouble)
        return new

    def tell(self, trouble: str) -> None:
        """Log an error; the terminal shows it if it is new."""
        self._logger.error(trouble)

    def over(self) -> None:
        """Forget all troubles, so that the next one is shown again."""
        self._told.clear()


class _Line(logging.Formatter):
    """A message in one line, as every command of ours says it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by logging
        return visible(f"standline: {' '.join(record.message.split())}")
