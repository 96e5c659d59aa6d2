"""The SQLite driver, in a version that does not lose committed data."""

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
"""The bits of SQLite's extended error codes that hold the primary code."""

BUSY = 5

PATIENCE = 60.0
"""Seconds to wait for another process that changes the journal mode."""

PAUSE = 0.002


def require_safe_version(version: tuple[int, ...]) -> None:
    """Raise `StandlineError` for a SQLite that is older than the fix."""
    if version < SAFE:
        found, wanted = (".".join(map(str, numbers)) for numbers in (version, SAFE))
        raise StandlineError(SQLITE_UNSAFE, found=found, wanted=wanted)


require_safe_version(dbapi2.sqlite_version_info)
# Without adapters of their own, the driver searches long for those of None and bytes.
dbapi2.register_adapter(type(None), lambda nothing: nothing)
dbapi2.register_adapter(bytes, bytes)


def is_busy(error: Exception) -> bool:
    """Tell whether an error means that another connection has a lock, so that waiting helps."""
    return bool((getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY == BUSY)


def address(path: Path) -> str:
    """Return the URI of an existing database; opening it never makes one.

    A read-only database is opened without locks, unless it has a write-ahead log: after a crash, or
    because another user writes to it. Then it is read by means of its -shm file.
    """
    uri = f"{path.as_uri()}?mode=rw"
    if not is_read_only(path):
        return uri
    log = path.with_name(f"{path.name}-wal")
    nobody_writes = not log.exists() or (_takes_no_writes(path) and not log.stat().st_size)
    return f"{path.as_uri()}?mode=ro" + ("&immutable=1" if nobody_writes else "")


def is_read_only(path: Path) -> bool:
    """Tell whether an existing file cannot be written, by its file system or its rights.

    The folder must be writable, too: a database writes other files into it.
    """
    if not path.exists():
        return False
    may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return not may_write or _takes_no_writes(path)


def _takes_no_writes(path: Path) -> bool:
    """Tell whether a file is on a read-only file system."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read and write, unless it exists.

    SQLite gives other files beside it the same rights.
    """
    if not path.exists():
        path.touch(OWNER_ALONE)


def use_write_ahead_log(connection: Any) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    """Switch a database to WAL mode for good: readers and a writer do not block each other."""
    # SQLite does not wait for another process that changes the journal mode, too.
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
