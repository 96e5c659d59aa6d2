"""The SQLite that the log is written with: one that does not lose what it acknowledged."""

from __future__ import annotations

import eventsourcing.sqlite
from pysqlite3 import dbapi2  # type: ignore[import-untyped]  # pysqlite3 ships no types

from timeline.domain.errors import StandlineError

__all__ = ["dbapi2"]

SAFE = (3, 51, 3)
"""Earlier versions can corrupt a database when two connections reset its write-ahead log."""


def require_safe_version(version: tuple[int, ...]) -> None:
    """Raise `StandlineError` for a SQLite that is older than the fix."""
    if version < SAFE:
        found, wanted = (".".join(map(str, numbers)) for numbers in (version, SAFE))
        msg = f"SQLite {found} can corrupt the log"
        raise StandlineError(msg, fix=f"install a pysqlite3 with SQLite {wanted} or later")


require_safe_version(dbapi2.sqlite_version_info)
# The library names the standard module, whose SQLite is as old as the Python that carries it.
eventsourcing.sqlite.sqlite3 = dbapi2  # type: ignore[attr-defined]  # its own import
