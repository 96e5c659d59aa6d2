"""Moves a finished file to its final name: complete, and never over another file."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NO_SECOND_NAME = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""Errors of file systems without hard links: exFAT, SMB, some in user space."""

OWNER_ALONE = 0o600


def put_in_place(made: Path, place: Path) -> None:
    """Move a file to its final name on the same file system, durably.

    Raises `FileExistsError` if the name is taken, and `OSError` if it cannot be done; then nothing
    has changed.

    Without hard links an empty placeholder is there for a moment, and stays if the process is
    killed then: readers must treat an empty file as none.
    """
    flush_to_disk(made)
    try:
        # Unlike a rename, this overwrites nothing.
        os.link(made, place)
    except OSError as error:
        if error.errno not in NO_SECOND_NAME:
            raise
        _move(made, place)
    try:
        flush_to_disk(place.parent)
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


def flush_to_disk(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
