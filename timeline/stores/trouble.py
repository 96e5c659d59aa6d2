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
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from collections.abc import Iterator


FROM_BACKUP = "restore it from a backup, or bring its last full log into a new store"


class UnreadableEventError(StandlineError):
    """An event of another version of Standline, or one whose bytes were damaged."""

    def __init__(self, position: int, stream: str, topic: str, error: Exception) -> None:
        why = error.message if isinstance(error, StandlineError) else str(error)
        fix = error.fix if isinstance(error, StandlineError) else "restore it from a backup"
        super().__init__(f"event {position}, {topic}, cannot be read: {why}", fix=fix)
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
        raise _told(error) from error
    except DBAPIError as error:
        raise _told(error.orig or error) from error


def _told(error: BaseException) -> StandlineError:
    if is_damaged(error):
        return StandlineError(f"the store is damaged: {error}", fix=FROM_BACKUP)
    msg = f"the store cannot do it now: {reason_of(error)}"
    fix = "nothing is half done; see whether it is up, has room and lets you, and try again"
    return StandlineError(msg, fix=fix)


def is_damaged(error: BaseException) -> bool:
    """Tell whether the bytes of a SQLite file are not as they were written."""
    return "malformed" in str(error)


def reason_of(error: BaseException) -> str:
    """Return what a database says first: then come advice, guesses and the place in the SQL."""
    return next(iter(str(error).splitlines()), type(error).__name__)
