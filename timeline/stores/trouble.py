"""Turns errors of databases into errors for people."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import psycopg
from eventsourcing.persistence import ConnectionPoolClosedError, IntegrityError, PersistenceError
from sqlalchemy.exc import DBAPIError

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Advice, Message
from timeline.stores.query_limit import GIVEN_UP
from timeline.stores.sqlite_driver import PRIMARY, dbapi2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

FROM_BACKUP = "restore it from a backup, or bring its last full log into a new store"

EVENT_UNREADABLE = Message(
    "event_unreadable",
    "event %(position)s, %(type)s, cannot be read: %(why)s",
    fix="restore it from a backup",
)
STORE_DAMAGED = Message("store_damaged", "the store is damaged: %(why)s", fix=FROM_BACKUP)
STORE_UNAVAILABLE = Message(
    "store_unavailable",
    "the store cannot do it now: %(why)s",
    fix="nothing is half done; see whether it is up, has room and lets you, and try again",
)
QUERY_GIVEN_UP = Message(
    "query_given_up",
    "a query took longer than it may, and was given up: %(why)s",
    fix="ask for less at once, such as fewer actors or a shorter span",
)

READ_ONLY = frozenset({8, "25006", f"errno {errno.EROFS}"})
"""Codes of SQLite (READONLY), PostgreSQL (a transaction that may only read) and the system."""

DAMAGED = frozenset({11, 26, "XX001", "XX002"})
"""Codes of SQLite (CORRUPT, NOTADB) and of PostgreSQL (data or an index corrupted)."""


class StoreReadOnly(StandlineError):  # noqa: N818 - named as its kin
    """The store takes no writes: a read-only file system, or a standby server."""


class QueryGivenUp(StandlineError):  # noqa: N818 - named as its kin
    """A query took longer than a reader may let the database work."""


class UnreadableEvent(StandlineError):  # noqa: N818 - named as its kin
    """An event of another version of Standline, or one whose bytes were damaged."""

    def __init__(self, position: int, stream: str, topic: str, error: Exception) -> None:
        why, advice = str(error), None
        if isinstance(error, StandlineError):
            why, advice = error.message, Advice(error.template.fix)
        super().__init__(EVENT_UNREADABLE, fix=advice, position=position, type=topic, why=why)
        self.position = position
        self.stream = stream
        self.topic = topic


def only(rows: Iterable[T]) -> T:
    """Return the single row of a table; raises `StandlineError` if it is missing."""
    for row in rows:
        return row
    raise StandlineError(STORE_DAMAGED, why="a table that always has a row is empty")


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Turn errors of the database into a `StandlineError`; a clash of versions passes through."""
    try:
        yield
    except IntegrityError:
        raise
    except (PersistenceError, ConnectionPoolClosedError, psycopg.Error, dbapi2.Error) as error:
        raise explain(error) from error
    except DBAPIError as error:
        raise explain(error.orig or error) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # Not the store's: the reader of our output has gone.
            raise
        raise explain(error) from error


def explain(error: BaseException) -> StandlineError:
    """Return an error of a database, or of the system, as an error for people."""
    if is_damaged(error):
        return StandlineError(STORE_DAMAGED, why=error)
    if is_given_up(error):
        return QueryGivenUp(QUERY_GIVEN_UP, why=reason_of(error))
    if is_read_only(error):
        return StoreReadOnly(STORE_UNAVAILABLE, why=reason_of(error))
    return StandlineError(STORE_UNAVAILABLE, why=reason_of(error))


def is_damaged(error: BaseException) -> bool:
    """Tell whether an error means damaged bytes in a database."""
    return not DAMAGED.isdisjoint(_codes_of(error))


def is_given_up(error: BaseException) -> bool:
    """Tell whether an error means that a query reached its time limit."""
    return not GIVEN_UP.isdisjoint(_codes_of(error))


def is_cut(error: BaseException) -> bool:
    """Tell whether an error means that SQLAlchemy's connection is lost."""
    return bool(getattr(error, "connection_invalidated", False))


def is_read_only(error: BaseException) -> bool:
    """Tell whether an error means a write to a read-only store."""
    return not READ_ONLY.isdisjoint(_codes_of(error))


def _codes_of(error: BaseException) -> Iterator[int | str | None]:
    """Yield the codes of SQLite, PostgreSQL and the system that an error carries or stems from."""
    for cause in (error, error.__cause__, getattr(error, "orig", None)):
        yield (getattr(cause, "sqlite_errorcode", None) or 0) & PRIMARY
        yield getattr(cause, "sqlstate", None)
        if isinstance(cause, OSError):
            yield f"errno {cause.errno}"


def reason_of(error: BaseException) -> str:
    """Return the first line of a database's message; the rest is advice and SQL."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return next(iter(str(error).splitlines()), type(error).__name__)
