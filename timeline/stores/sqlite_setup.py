"""The one step that makes the tables of a log file, or refuses a file that is not ours."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import NotFound, StandlineError
from timeline.stores.sqlite_driver import dbapi2, use_write_ahead_log
from timeline.stores.sqlite_log import connect
from timeline.stores.trouble import FROM_BACKUP, is_damaged

if TYPE_CHECKING:
    from pathlib import Path

OURS = 0x53544E44
"""The file's application id, "STND"."""

SCHEMA_VERSION = 1

SCHEMA = (
    """
    CREATE TABLE stored_events (
        rowid INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    ) STRICT
    """,
    "CREATE TABLE clock (reached INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT",
    "CREATE TABLE live (generation INTEGER NOT NULL, builder TEXT) STRICT",
    "INSERT INTO live (generation) VALUES (0)",
    f"PRAGMA application_id = {OURS}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
"""``clock`` holds where the running maximum of recorded_at rises; ``live`` has one row."""


def set_up(path: Path, *, create: bool) -> None:
    """Make the tables unless they are there; raises `StandlineError` where that cannot be."""
    if not create and not path.exists():
        msg = f"there is no store at {path}"
        raise NotFound(msg, field="--store", fix="import something first, or check the path")
    if not path.parent.is_dir():
        msg = f"there is no folder {path.parent}"
        raise StandlineError(msg, field="--store", fix="make it first")
    try:
        with closing(connect(path)) as connection:
            if not _is_ours(connection, path):
                _create(connection, path)
    except dbapi2.DatabaseError as error:
        msg = f"{path} cannot be opened as a store: {error}"
        fix = "name another file, or a folder that can be written to"
        fix = FROM_BACKUP if is_damaged(error) else fix
        raise StandlineError(msg, field="--store", fix=fix) from error


def _is_ours(connection: Any, path: Path) -> bool:  # noqa: ANN401 - pysqlite3 ships no types
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner == OURS and version > SCHEMA_VERSION:
        msg = f"{path} was written by a newer Standline"
        raise StandlineError(msg, field="--store", fix="update Standline")
    if owner != OURS and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        msg = f"{path} is a database of something else"
        raise StandlineError(msg, field="--store", fix="name another file")
    return bool(owner == OURS)


def _create(connection: Any, path: Path) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    use_write_ahead_log(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not _is_ours(connection, path):
        for statement in SCHEMA:
            connection.execute(statement)
    connection.execute("COMMIT")
