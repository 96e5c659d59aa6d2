"""Removes traces of erased words from the files of a SQLite database.

With ``secure_delete`` the database file has none, but its write-ahead log still holds old pages.
"""

from __future__ import annotations

from contextlib import closing
from time import monotonic, sleep
from typing import TYPE_CHECKING

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.stores.sqlite_driver import dbapi2

if TYPE_CHECKING:
    from pathlib import Path

TRACES_KEPT_BY_READER = Message(
    "traces_kept_by_reader",
    "the words are erased, but a reader keeps the write-ahead log with them",
    fix="stop the other processes and erase again",
)

PATIENCE = 60.0
PAUSE = 0.05


def clear_traces(path: Path) -> None:
    """Empty the write-ahead log; raises `StandlineError` if a reader holds it."""
    if not bring_over(path):
        raise StandlineError(TRACES_KEPT_BY_READER)


def bring_over(path: Path) -> bool:
    """Checkpoint the write-ahead log into its database; False if a reader holds it."""
    deadline = monotonic() + PATIENCE
    with closing(dbapi2.connect(str(path), PATIENCE, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute("PRAGMA synchronous=FULL")
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if monotonic() > deadline:
                return False
            sleep(PAUSE)
    return True
