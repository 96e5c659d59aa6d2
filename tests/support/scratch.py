"""Where tests write: into memory where there is room, since nothing of it is to last."""

from __future__ import annotations

import os
import tempfile

MEMORY = "/dev/shm"  # noqa: S108 - what tests make there has names of its own
ROOM = 4 << 30
"""Bytes that must be free there."""


def write_into_memory() -> None:
    """Let everything temporary lie in memory, if programs that are put there can run."""
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return
    if found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC:
        os.environ.setdefault("TMPDIR", MEMORY)
        tempfile.tempdir = None
