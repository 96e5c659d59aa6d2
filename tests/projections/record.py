"""A record for tests: a log, its read models, and the newsroom that fills them."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

from tests.application.newsdesk import Newsdesk
from tests.support.signed import sign_all
from timeline.bootstrap import microseconds
from timeline.projections.generations.digest import digests, snapshot
from timeline.projections.generations.read_models import ReadModels
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event


def cut(events: Sequence[Event], places: Sequence[int]) -> list[Sequence[Event]]:
    """Cut a history into pieces, at these places as far as it reaches."""
    bounds = sorted({0, *(place % (len(events) + 1) for place in places), len(events)})
    return [events[begin:end] for begin, end in pairwise(bounds)]


class Record(Newsdesk):
    """The newsroom with Anna at the desk, and what readers see of it."""

    def __init__(self, url: StoreUrl, log: EventLog, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(log)
        self.url = url
        self.models = ReadModels(log, url, microseconds, **settings)
        self.models.prepare()

    @classmethod
    @contextmanager
    def opened(cls, address: str, **settings: Any) -> Iterator[Self]:  # noqa: ANN401
        """Open a store for the length of a block; the settings are those of `ReadModels`."""
        url = StoreUrl.parse(address)
        log = EventLog.open(url)
        record = cls(url, log, **settings)
        try:
            yield record
        finally:
            record.models.close()
            log.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Catch up and open what readers see."""
        assert self.models.catch_up() == 0
        with self.models.engine().connect() as conn:
            yield conn

    def ask(self, question: Any, *args: Any, **how: Any) -> Any:  # noqa: ANN401 - any query
        """Catch up and put one question to the read models."""
        with self.read() as conn:
            return question(conn, *args, **how)

    def sign_all(self) -> int:
        """Let an editor sign whatever waits, and return how much that was."""
        with self.read() as conn:
            return sign_all(self.newsroom, conn)

    def digests(self) -> dict[str, str]:
        """Return the digests of the live read models, caught up."""
        self.models.catch_up()
        with snapshot(self.models.engine()) as conn:
            return digests(conn)

    def append(self, events: Sequence[Event]) -> None:
        """Append events as they are, and erase what their redactions name."""
        self.log.append(events)
        self.models.catch_up()
        self.erase(events)

    def append_in_pieces(self, events: Sequence[Event], places: Sequence[int]) -> None:
        """Append events cut at these places, as far as they reach, and catch up with each piece."""
        for piece in cut(events, places):
            self.append(piece)
            self.models.catch_up()

    def erase(self, events: Sequence[Event]) -> None:
        """Erase what the redactions among these events name."""
        redactions = [event for event in events if event.TOPIC.endswith(".redacted")]
        named = [at for event in redactions for at in event.positions]  # type: ignore[attr-defined]
        if named:
            self.log.erase(named)
