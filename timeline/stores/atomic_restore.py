"""Restores a SQLite store in a folder of its own, then moves it into place: all or nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from timeline.domain.errors import Conflict, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores.placing import flush_to_disk, put_in_place
from timeline.stores.sqlite_setup import NO_FOLDER_FOR_STORE, STORE_FILE_NOT_USABLE, neighbours
from timeline.stores.sqlite_traces import bring_over
from timeline.stores.store_url import StoreUrl
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORE_IS_THERE = Message(
    "store_is_there",
    "%(path)s is there already",
    fix="move the files of that store away, or name a new one",
)
RESTORE_UNDER_WAY = Message(
    "restore_under_way",
    "another process restores a backup into this store",
    fix="wait until it has finished",
)
RESTORE_IS_READ = Message(
    "restore_is_read",
    "another program reads %(path)s, which is not restored yet",
    fix="stop it, and restore again",
)

OWNER_ALONE = 0o700


@contextmanager
def restore_aside(url: StoreUrl) -> Iterator[StoreUrl]:
    """Yield the address of a new store that replaces this one if the block ends without an error.

    It is made in a folder ``<stem>.restoring``. The desk is moved first and the log last: a desk
    without a log is no store, and the next try removes it. Raises `Refused` if files of a store are
    there already, and `StandlineError` if files cannot be made; the block must handle errors of
    other files.
    """
    folder, places = url.beside("restoring"), (url.beside("desk.db"), url.log_path)
    with ExitStack() as stack:
        try:
            stack.enter_context(_for_one_alone(folder))
            _clear(folder, *places)
            if there := neighbours(url.log_path):
                raise Refused(STORE_IS_THERE, field="--store", path=there[0])
            yield StoreUrl.parse(f"sqlite:///{folder / url.log_path.name}")
            _place(folder, *places)
        except OSError as error:
            raise StandlineError(
                STORE_FILE_NOT_USABLE, field="--store", path=url.log_path, why=error.strerror
            ) from error


@contextmanager
def _for_one_alone(folder: Path) -> Iterator[None]:
    """Make a folder, locked by this process, and remove it in the end."""
    if not folder.parent.is_dir():
        raise StandlineError(NO_FOLDER_FOR_STORE, field="--store", path=folder.parent)
    folder.mkdir(OWNER_ALONE, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(RESTORE_UNDER_WAY, field="--store") from None
        try:
            yield
        finally:
            _empty(folder)
            folder.rmdir()
    finally:
        os.close(descriptor)


def _clear(folder: Path, desk: Path, log: Path) -> None:
    """Remove what a killed restore left behind, and nothing else."""
    mark = _mark(folder, log)
    if mark.exists() and _is_nothing(log):
        log.unlink(missing_ok=True)
        if _is_nothing(desk) or _hash_of(desk) == mark.read_text():
            desk.unlink(missing_ok=True)
    _empty(folder)


def _is_nothing(place: Path) -> bool:
    """Tell whether there is no file, or only an empty placeholder."""
    return not (place.exists() and place.stat().st_size)


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _place(folder: Path, desk: Path, log: Path) -> None:
    """Move each file to its place, after its write-ahead log is checkpointed."""
    files = [(folder / place.name, place) for place in (desk, log)]
    there = [(made, place) for made, place in files if made.exists()]
    for made, _ in there:
        # SQLite also does this when it closes the file, but hides errors.
        with translate_db_errors():
            if not bring_over(made):
                raise StandlineError(RESTORE_IS_READ, field="--store", path=made)
    mark = _mark(folder, log)
    mark.write_text("".join(_hash_of(made) for made, place in there if place == desk))
    flush_to_disk(mark)
    placed: list[Path] = []
    try:
        for made, place in there:
            put_in_place(made, place)
            placed.append(place)
    except OSError:
        for place in placed:
            place.unlink()
        raise


def _mark(folder: Path, log: Path) -> Path:
    """Return the marker file of a running move; it holds the hash of the desk."""
    return folder / f"{log.name}.placing"


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
