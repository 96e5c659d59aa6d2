"""The live part as the site uses it: it admits readers and sends them news."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.live.readers import Readers
from timeline.live.recent import by_place
from timeline.projections.queries.arrivals import arrivals
from timeline.stores.query_limit import limit_queries

if TYPE_CHECKING:
    import socket

    from timeline.projections.generations.read_models import ReadModels

TOO_MANY_LIVE_READERS = Message(
    "too_many_live_readers",
    "%(most)s readers are told of news here already",
    fix="reload the page to see what is new",
)
TOO_MANY_LIVE_FROM_HERE = Message(
    "too_many_live_from_here",
    "%(most)s pages are told of news at your address already",
    fix="close some of them, or reload the page to see what is new",
)
LIVE_PART_AWAY = Message(
    "live_part_away", "nobody is told of news just now", fix="reload the page to see what is new"
)

REMEMBERED = 1_000
"""Log positions that a starting server looks back."""

AT_ONCE = 2_000
"""Log positions in one query: an import may bring many more."""

QUERY_SECONDS = 15


class Limits(msgspec.Struct, frozen=True):
    """The most live readers, in all and at one address."""

    readers: int = 5_000
    at_address: int = 100


class NotLive(StandlineError):  # noqa: N818 - named as its kin
    """A reader is not admitted; ``is_own_doing`` if only their own address has too many."""

    is_own_doing = False


def no_live_part() -> NotLive:
    """Return the error that says that no live part is running."""
    return NotLive(LIVE_PART_AWAY)


class Live:
    """Sends readers the log positions of news on the page that they look at."""

    def __init__(self, models: ReadModels, limits: Limits | None = None) -> None:
        self._models = models
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._at: Counter[str] = Counter()
        self._readers = Readers()
        self._told = max(0, models.shown() - REMEMBERED)

    @property
    def told(self) -> int:
        """The log position up to which news was sent."""
        return self._told

    @property
    def count(self) -> int:
        """The number of readers now."""
        with self._lock:
            return self._at.total()

    def enter(self, address: str) -> None:
        """Admit a reader at an address; raises `NotLive` if there is no place."""
        if not self._readers.is_alive:
            raise no_live_part()
        with self._lock:
            if self._at.total() >= self._limits.readers:
                raise NotLive(TOO_MANY_LIVE_READERS, most=self._limits.readers)
            if self._at[address] >= self._limits.at_address:
                error = NotLive(TOO_MANY_LIVE_FROM_HERE, most=self._limits.at_address)
                error.is_own_doing = True
                raise error
            self._at[address] += 1

    def take(self, connection: socket.socket, address: str, place: str, since: int | None) -> None:
        """Take over the connection of an admitted reader, who knows the page up to ``since``."""
        known = self._told if since is None else since
        self._readers.take(connection, place, known, lambda: self._leave(address))

    def tell(self) -> None:
        """Send readers all news that pages show by now; raises `StandlineError`."""
        shown = self._models.shown()
        while self._told < shown:
            upto = min(self._told + AT_ONCE, shown)
            with limit_queries(self._models.engine().connect(), QUERY_SECONDS) as conn:
                fresh = by_place(arrivals(conn, self._told, upto))
            self._readers.tell(fresh, upto)
            self._told = upto

    def close(self) -> None:
        """Close all connections."""
        self._readers.close()

    def _leave(self, address: str) -> None:
        with self._lock:
            self._at[address] -= 1
            if not self._at[address]:
                del self._at[address]
