"""A store of files made aside, that comes to stand in its place whole or not at all."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from timeline.domain.errors import Conflict, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores.sqlite_setup import NO_FOLDER_FOR_STORE, STORE_FILE_NOT_USABLE, neighbours
from timeline.stores.store_url import StoreUrl

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

OWNER_ALONE = 0o700


@contextmanager
def made_aside(url: StoreUrl) -> Iterator[StoreUrl]:
    """Lend the address of a store that becomes this one where the block ends without an error.

    It is made in a folder ``<stem>.restoring``. The desk comes to its place first and the log last:
    a desk without its log is no store, and is gone when it is tried again. Raises `Refused` where
    something of a store is there already, and `StandlineError` where files cannot be made there.
    """
    folder, desk = url.beside("restoring"), url.beside("desk.db")
    with ExitStack() as stack:
        try:
            stack.enter_context(_for_one_alone(folder))
            _clear(folder, desk, url.log_path)
            if there := neighbours(url.log_path):
                raise Refused(STORE_IS_THERE, field="--store", path=there[0])
            aside = folder / url.log_path.name
            yield StoreUrl.parse(f"sqlite:///{aside}")
            for file in (desk, url.log_path):
                _place(folder / file.name, file)
        except OSError as error:
            raise StandlineError(
                STORE_FILE_NOT_USABLE, field="--store", path=url.log_path, why=error.strerror
            ) from error


@contextmanager
def _for_one_alone(folder: Path) -> Iterator[None]:
    """Make a folder that one process at a time works in, and remove it in the end."""
    if not folder.parent.is_dir():
        raise StandlineError(NO_FOLDER_FOR_STORE, field="--store", path=folder.parent)
    folder.mkdir(OWNER_ALONE, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(RESTORE_UNDER_WAY, field="--store") from None
        try:
            yield
        finally:
            _empty(folder)
            folder.rmdir()
    finally:
        os.close(held)


def _clear(folder: Path, desk: Path, log: Path) -> None:
    """Remove what a process left that was killed."""
    made = folder / desk.name
    if not log.exists() and made.exists() and desk.exists() and desk.samefile(made):
        desk.unlink()
    _empty(folder)


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _place(made: Path, place: Path) -> None:
    """Give a file its place, and be sure that it keeps it; nothing that is there is overwritten."""
    if made.exists():
        os.link(made, place)
        _to_disk(place)
        _to_disk(place.parent)


def _to_disk(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
