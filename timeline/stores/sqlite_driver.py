"""The SQLite that the log is written with: one that does not lose what it acknowledged."""

from __future__ import annotations

import os
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from pathlib import Path

SQLITE_UNSAFE = Message(
    "sqlite_unsafe",
    "SQLite %(found)s can corrupt the log",
    fix="install a pysqlite3 with SQLite %(wanted)s or later",
)

__all__ = [
    "PRIMARY",
    "address",
    "dbapi2",
    "is_busy",
    "is_read_only",
    "make_private",
    "use_write_ahead_log",
]

SAFE = (3, 51, 3)
"""Earlier versions can corrupt a database when two connections reset its write-ahead log."""

OWNER_ALONE = 0o600

PRIMARY = 0xFF
"""The bits of a code of SQLite that say what kind of error it is."""

BUSY = 5

PATIENCE = 60.0
"""Seconds to wait for another process that changes how the same file is written."""

PAUSE = 0.002


def require_safe_version(version: tuple[int, ...]) -> None:
    """Raise `StandlineError` for a SQLite that is older than the fix."""
    if version < SAFE:
        found, wanted = (".".join(map(str, numbers)) for numbers in (version, SAFE))
        raise StandlineError(SQLITE_UNSAFE, found=found, wanted=wanted)


require_safe_version(dbapi2.sqlite_version_info)
# The driver looks long for how to adapt nothing and bytes, which both go in as they are.
dbapi2.register_adapter(type(None), lambda nothing: nothing)
dbapi2.register_adapter(bytes, bytes)


def is_busy(error: Exception) -> bool:
    """Tell whether another connection is at it, and waiting helps: on a full disk nothing does."""
    return bool((getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY == BUSY)


def address(path: Path) -> str:
    """Return the address of a database that is there, which is not made if it is not.

    Where nothing can be written no locks are needed, unless a write-ahead log lies beside it: a
    crash left that, or somebody else who may write has the database open. It is read by means of
    the -shm file beside it.
    """
    uri = f"{path.as_uri()}?mode=rw"
    if not is_read_only(path):
        return uri
    log = path.with_name(f"{path.name}-wal")
    nobody_writes = not log.exists() or (_takes_no_writes(path) and not log.stat().st_size)
    return f"{path.as_uri()}?mode=ro" + ("&immutable=1" if nobody_writes else "")


def is_read_only(path: Path) -> bool:
    """Tell whether a file that is there cannot be written: by its file system, or by its rights.

    A database writes into its folder too.
    """
    if not path.exists():
        return False
    may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return not may_write or _takes_no_writes(path)


def _takes_no_writes(path: Path) -> bool:
    """Tell whether a file lies on a file system that takes no writes from anybody."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def make_private(path: Path) -> None:
    """Make an empty file that its owner alone may read and write, unless there is one.

    What SQLite puts beside it gets the same rights.
    """
    if not path.exists():
        path.touch(OWNER_ALONE)


def use_write_ahead_log(connection: Any) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    """Make readers and a writer go on beside each other, from now on and for everybody."""
    # Changing the journal mode does not wait for another process that does the same.
    deadline = monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except dbapi2.OperationalError as error:
            if not is_busy(error) or monotonic() > deadline:
                raise
            sleep(PAUSE)
        else:
            return
