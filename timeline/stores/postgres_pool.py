"""A pool of connections to the log's server, which soon says why there is no connection."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError, PersistenceError
from eventsourcing.postgres import ConnectionPool
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout

from timeline.domain.errors import OutcomeUnknown
from timeline.domain.messages import Message
from timeline.stores.postgres_connection import StoreConnection

if TYPE_CHECKING:
    from collections.abc import Callable

OUTCOME_UNKNOWN = Message(
    "outcome_unknown",
    "the outcome is unknown: %(why)s",
    fix="look whether it is on record before you repeat it",
)

F = TypeVar("F", bound="Callable[..., Any]")

SOON, PAUSE = 0.5, 0.2
"""Seconds before the pool checks why there is no connection, and before a query is repeated."""

RESTART = 5.0
"""Seconds to wait for a server that restarts; then an error is raised."""

ATTEMPTS = 10

BROKEN = ("08", "57P", "25P03")
"""Prefixes of the error codes of closed or refused connections."""


NO_PRIMARY = "no server takes writes just now"


class LogPool(ConnectionPool[StoreConnection[DictRow]]):
    """A pool that raises the server's error instead of waiting for its timeout."""

    _refusal = ""
    _refused_since: float | None = None

    def getconn(self, timeout: float | None = None) -> StoreConnection[DictRow]:
        """Return a connection; raises `psycopg.OperationalError` with the reason for none."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            try:
                return super().getconn(SOON)
            except PoolTimeout:
                if self._refused_since is not None:
                    raise psycopg.OperationalError(self._refusal) from None
                if time.monotonic() > deadline:
                    raise

    @property
    def is_given_up(self) -> bool:
        """Whether the server has been away longer than a restart takes."""
        since = self._refused_since
        return since is not None and time.monotonic() - since > RESTART

    def _connect(self, timeout: float | None = None) -> StoreConnection[DictRow]:
        try:
            connection = super()._connect(timeout)
        except psycopg.OperationalError as error:
            self._refusal = str(error)
            self._refused_since = self._refused_since or time.monotonic()
            raise
        if connection.until is None:
            self._refused_since = None
        else:
            # A standby is read-only.
            self._refusal = NO_PRIMARY
            self._refused_since = self._refused_since or time.monotonic()
        return connection

    @staticmethod
    def check_connection(connection: StoreConnection[DictRow]) -> None:
        """Raise `psycopg.OperationalError` for a connection that must not be lent any more."""
        if connection.is_over:
            connection.close()  # the pool would lend it to the next one
            raise psycopg.OperationalError(NO_PRIMARY)
        ConnectionPool.check_connection(connection)


class LostCommitError(OperationalError):
    """The connection broke during the commit: the write may be on record."""


def retry_if_disconnected(ask: F) -> F:
    """Decorate a recorder's method: retry it after lost connections, as long as a restart takes.

    Raises `OutcomeUnknown` if the connection broke in a commit and the result cannot be known.
    """

    @functools.wraps(ask)
    def ask_again(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever is asked
        pool: LogPool = self.datastore.pool
        left, lost = ATTEMPTS, False
        while True:
            try:
                return ask(self, *args, **kwargs)
            except (InterfaceError, OperationalError) as error:
                left, lost = left - 1, lost or isinstance(error, LostCommitError)
                if not left or pool.is_given_up or not is_disconnected(error):
                    if lost:
                        raise outcome_unknown(str(error)) from error
                    raise
            time.sleep(PAUSE)

    return cast("F", ask_again)


def is_disconnected(error: PersistenceError) -> bool:
    """Tell whether an error means a lost or refused connection, not a bad query."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(BROKEN)


def outcome_unknown(why: str) -> OutcomeUnknown:
    """Return the error for an unknown outcome."""
    return OutcomeUnknown(OUTCOME_UNKNOWN, why=why)
