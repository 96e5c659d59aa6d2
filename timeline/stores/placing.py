"""Giving a finished file its final name: all of it, and never in place of another file."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NO_SECOND_NAME = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems say that give a file one name only: exFAT, SMB, some in user space."""

OWNER_ALONE = 0o600


def put_in_place(made: Path, place: Path) -> None:
    """Give a file of the same file system its name for good, all of it on the disk.

    Raises `FileExistsError` where there is one of that name, and `OSError` where it cannot be done;
    nothing is there then that was not before.

    Where a file has one name only, an empty file holds the place for a moment, and is all that a
    kill leaves there then: who looks at places takes an empty file for none.
    """
    to_disk(made)
    try:
        # Unlike a rename, this overwrites nothing.
        os.link(made, place)
    except OSError as error:
        if error.errno not in NO_SECOND_NAME:
            raise
        _move(made, place)
    try:
        to_disk(place.parent)
    except OSError:
        place.unlink()
        raise


def _move(made: Path, place: Path) -> None:
    os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE))
    try:
        made.replace(place)
    except OSError:
        place.unlink()
        raise


def to_disk(path: Path) -> None:
    """Be sure that a file, or what a folder holds, outlasts a power cut."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
