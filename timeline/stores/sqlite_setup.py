"""Makes the tables of a log file, or refuses a file that is not ours."""

from __future__ import annotations

import glob
from contextlib import closing
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.stores.acknowledged import ENDING
from timeline.stores.redactions import INDEX, IS_REDACTION
from timeline.stores.sqlite_driver import dbapi2, make_private, use_write_ahead_log
from timeline.stores.sqlite_log import NOW, connect
from timeline.stores.trouble import FROM_BACKUP, is_damaged

if TYPE_CHECKING:
    from pathlib import Path

STORE_FILE_NOT_USABLE = Message(
    "store_file_not_usable",
    "%(path)s cannot be opened as a store: %(why)s",
    fix="name another file, or a folder that can be written to",
)
STORE_FILE_DAMAGED = Message(
    "store_file_damaged",
    "%(path)s cannot be opened as a store: %(why)s",
    fix=f"name another file, or {FROM_BACKUP}",
)
NO_STORE_AT_PATH = Message(
    "no_store_at_path",
    "there is no store at %(path)s",
    fix="check the path, or make one with `standline init` or an import",
)
LOG_GONE = Message(
    "log_gone",
    "the log %(path)s is missing or empty, but %(neighbour)s of the same store lies beside it",
    fix="put the log back or restore a backup; to begin anew, move the store's other files away",
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

TREE = (
    "CREATE TABLE tree (size INTEGER NOT NULL, edge BLOB NOT NULL) STRICT",
    "INSERT INTO tree (size, edge) VALUES (0, x'')",
    """
    CREATE TABLE tree_nodes (
        level INTEGER NOT NULL,
        number INTEGER NOT NULL,
        upto INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (level, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX tree_nodes_upto ON tree_nodes (level, upto)",
)
"""The tables of `timeline.stores.proving`; ``tree`` has one row."""

SCHEMA = (
    """
    CREATE TABLE stored_events (
        rowid INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        chain BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    ) STRICT
    """,
    "CREATE TABLE clock (reached INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT",
    """
    CREATE TABLE live (
        generation INTEGER NOT NULL,
        builder TEXT,
        made_at INTEGER NOT NULL,
        backup_at INTEGER,
        backup_upto INTEGER,
        four_eyes TEXT NOT NULL DEFAULT '[]'
    ) STRICT
    """,
    f"INSERT INTO live (generation, made_at) VALUES (0, {NOW})",  # noqa: S608 - our own words
    f"CREATE INDEX {INDEX} ON stored_events (rowid) WHERE {IS_REDACTION}",
    *TREE,
    f"PRAGMA application_id = {OURS}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
"""``clock`` has the positions at which the running maximum of recorded_at rises; ``live`` has one
row, with the times at which the store was made or filled and backed up last; for ``chain`` see
`timeline.stores.chain`."""


def set_up(path: Path, *, create: bool) -> None:
    """Make the tables if needed.

    Raises `StandlineError` if that fails. If the log is missing but other files of its store exist,
    no new log is made: those files may be all that is left.
    """
    if _is_missing(path):
        # Beside an empty file SQLite would delete the write-ahead log.
        orphans = _orphans(path, f"{path.name}-wal")
        # Another process may have made the log and the other files in between.
        if orphans and _is_missing(path):
            raise _log_gone(path, orphans)
        if not create:
            raise _no_store(path)
    if not path.parent.is_dir():
        raise StandlineError(NO_FOLDER_FOR_STORE, field="--store", path=path.parent)
    try:
        make_private(path)
        with closing(connect(path)) as connection:
            is_empty = not version_of(connection, path)
            if is_empty and not create:
                orphans = _orphans(path)
                if not version_of(connection, path):
                    raise _log_gone(path, orphans) if orphans else _no_store(path)
            if is_empty:
                _create(connection, path)
    except OSError as error:
        raise StandlineError(
            STORE_FILE_NOT_USABLE, field="--store", path=path, why=error.strerror
        ) from error
    except dbapi2.DatabaseError as error:
        message = STORE_FILE_DAMAGED if is_damaged(error) else STORE_FILE_NOT_USABLE
        raise StandlineError(message, field="--store", path=path, why=error) from error


def _is_missing(path: Path) -> bool:
    return not path.exists() or (path.is_file() and not path.stat().st_size)


def neighbours(path: Path) -> list[Path]:
    """Return the files of a store that exist and are not empty, the log first."""
    own = [path] if path.exists() else []
    return [*own, *(path.with_name(name) for name in _orphans(path, f"{path.name}-wal"))]


def _orphans(path: Path, *names: str) -> list[str]:
    """Return the names of files beside a log that make no sense without it."""
    stem = glob.escape(path.stem)
    every = [*names, f"{stem}.desk.db", f"{stem}.read-*.db", f"{stem}{ENDING}"]
    paths = (file for name in every for file in path.parent.glob(name))
    return [file.name for file in paths if file.stat().st_size]


def _log_gone(path: Path, orphans: list[str]) -> StandlineError:
    return StandlineError(LOG_GONE, field="--store", path=path, neighbour=orphans[0])


def _no_store(path: Path) -> NotFound:
    return NotFound(NO_STORE_AT_PATH, field="--store", path=path)


def version_of(connection: Any, path: Path) -> int:  # noqa: ANN401 - pysqlite3 ships no types
    """Return the version of the schema, 0 for an empty file.

    Raises `StandlineError` for a log of a newer version, and for anything else.
    """
    # Query this before the owner: another process may make tables in between, all at once.
    has_tables = connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner == OURS and version > SCHEMA_VERSION:
        raise StandlineError(STORE_TOO_NEW, field="--store", path=path)
    if owner != OURS and has_tables:
        raise StandlineError(DATABASE_OF_SOMETHING_ELSE, field="--store", path=path)
    return int(version) if owner == OURS else 0


def _create(connection: Any, path: Path) -> None:  # noqa: ANN401 - pysqlite3 ships no types
    use_write_ahead_log(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not version_of(connection, path):
        if orphans := _orphans(path):
            raise _log_gone(path, orphans)
        for statement in SCHEMA:
            connection.execute(statement)
    connection.execute("COMMIT")
