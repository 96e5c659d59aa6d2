"""The one step that makes the tables of a log file, or refuses a file that is not ours."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.stores.sqlite_driver import dbapi2, use_write_ahead_log
from timeline.stores.sqlite_log import connect
from timeline.stores.trouble import FROM_BACKUP, is_damaged

if TYPE_CHECKING:
    from pathlib import Path

STORE_FILE_NOT_USABLE = Message(
    "store_file_not_usable",
    "%(path)s cannot be opened as a store: %(why)s",
    fix="name another file, or a folder that can be written to",
)
STORE_FILE_DAMAGED = Message(
    "store_file_damaged", "%(path)s cannot be opened as a store: %(why)s", fix=FROM_BACKUP
)
NO_STORE_AT_PATH = Message(
    "no_store_at_path",
    "there is no store at %(path)s",
    fix="import something first, or check the path",
)
NO_FOLDER_FOR_STORE = Message(
    "no_folder_for_store", "there is no folder %(path)s", fix="make it first"
)
STORE_TOO_NEW = Message(
    "store_too_new", "%(path)s was written by a newer Standline", fix="update Standline"
)
DATABASE_OF_SOMETHING_ELSE = Message(
    "database_of_something_else",
    "%(path)s is a database of something else",
    fix="name another file",
)

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
        raise NotFound(NO_STORE_AT_PATH, field="--store", path=path)
    if not path.parent.is_dir():
        raise StandlineError(NO_FOLDER_FOR_STORE, field="--store", path=path.parent)
    try:
        with closing(connect(path)) as connection:
            if not _is_ours(connection, path):
                _create(connection, path)
    except dbapi2.DatabaseError as error:
        message = STORE_FILE_DAMAGED if is_damaged(error) else STORE_FILE_NOT_USABLE
        raise StandlineError(message, field="--store", path=path, why=error) from error


def _is_ours(connection: Any, path: Path) -> bool:  # noqa: ANN401 - pysqlite3 ships no types
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner == OURS and version > SCHEMA_VERSION:
        raise StandlineError(STORE_TOO_NEW, field="--store", path=path)
    if owner != OURS and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        raise StandlineError(DATABASE_OF_SOMETHING_ELSE, field="--store", path=path)
    return bool(owner == OURS)


def _create(connection: Any, path: Path) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    use_write_ahead_log(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not _is_ours(connection, path):
        for statement in SCHEMA:
            connection.execute(statement)
    connection.execute("COMMIT")
