"""Wire a store together: the only file that knows all parts and their dependencies."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import msgspec

from timeline.application.newsroom import Newsroom
from timeline.desk.desk import Desk
from timeline.desk.promises import Promises
from timeline.projections.generations.read_models import ReadModels
from timeline.projections.queries.register import ReadRegister
from timeline.stores.log import EventLog
from timeline.stores.progress import OnProgress, silent
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from timeline.stores.verifying import VerifiedLog

DEFAULT_STORE = "sqlite:///standline.db"


class Services(msgspec.Struct, frozen=True):
    """The services that the site and the command line use."""

    url: StoreUrl
    log: EventLog
    models: ReadModels
    newsroom: Newsroom
    register: ReadRegister
    desk: Desk
    promises: Promises
    clock: Callable[[], int]

    def verify(
        self, roots: Mapping[int, bytes] | None = None, on_progress: OnProgress = silent
    ) -> VerifiedLog:
        """Verify the log against checkpoints and read models, and return the result.

        Raises what `EventLog.verify` and `ReadModels.check_origin` do.
        """
        verified = self.log.verify(roots, on_progress)
        self.models.check_origin()
        return verified

    def close(self) -> None:
        """Close the store."""
        self.desk.close()
        self.models.close()
        self.log.close()


def microseconds() -> int:
    """Return the present instant in microseconds UTC."""
    return time.time_ns() // 1_000


def open_store(
    address: str = DEFAULT_STORE,
    *,
    create: bool = True,
    prepare: bool = True,
    clock: Callable[[], int] = microseconds,
    on_progress: OnProgress = silent,
) -> Services:
    """Open a store, create it if allowed, and prepare its read models unless told otherwise.

    Raises `StandlineError` for a store that is not ours, is newer or cannot be written, and
    `AnotherLog` if the read models belong to another log.
    """
    url = StoreUrl.parse(address)
    with ExitStack() as unless_opened:
        log = unless_opened.enter_context(closing(EventLog.open(url, create=create)))
        models = unless_opened.enter_context(closing(ReadModels(log, url, clock)))
        if prepare:
            models.prepare(on_progress)
        unless_opened.pop_all()
    register, desk = ReadRegister(models.engine), Desk(url)
    promises = Promises(log.asks_four_eyes, desk)
    log.before_append = promises.check
    newsroom = Newsroom(log, clock, register, log.asks_four_eyes)
    return Services(url, log, models, newsroom, register, desk, promises, clock)
