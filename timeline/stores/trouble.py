"""What a database complains of, told in one line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    IntegrityError,
    PersistenceError,
)
from sqlalchemy.exc import DBAPIError

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Advice, Message
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from collections.abc import Iterator


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


PRIMARY = 0xFF
"""The bits of a code of SQLite that say what kind of error it is."""

DAMAGED = (11, 26, "XX001", "XX002")
"""Codes of SQLite (CORRUPT, NOTADB) and of PostgreSQL (data or an index corrupted)."""


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


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn a failure of the database into a `StandlineError`; a clash of versions passes."""
    try:
        yield
    except IntegrityError:
        raise
    except (PersistenceError, ConnectionPoolClosedError, psycopg.Error, dbapi2.Error) as error:
        raise explain(error) from error
    except DBAPIError as error:
        raise explain(error.orig or error) from error


def explain(error: BaseException) -> StandlineError:
    """Return what the database complains of as an error for people."""
    if is_damaged(error):
        return StandlineError(STORE_DAMAGED, why=error)
    return StandlineError(STORE_UNAVAILABLE, why=reason_of(error))


def is_damaged(error: BaseException) -> bool:
    """Tell whether the bytes of a database are not as they were written."""
    causes = (error, error.__cause__, getattr(error, "orig", None))
    return any(
        (getattr(cause, "sqlite_errorcode", None) or 0) & PRIMARY in DAMAGED
        or getattr(cause, "sqlstate", None) in DAMAGED
        for cause in causes
    )


def reason_of(error: BaseException) -> str:
    """Return what a database says first: then come advice, guesses and the place in the SQL."""
    return next(iter(str(error).splitlines()), type(error).__name__)
