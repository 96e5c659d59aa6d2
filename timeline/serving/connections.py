"""The limit of open connections."""

from __future__ import annotations

import resource
from contextlib import suppress

CONNECTIONS = 2_000
"""Connections of a site before idle ones make room."""


def allow_connections(wanted: int) -> None:
    """Raise this process's limit of open files to ``wanted``, or as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        # If that fails, fewer connections fit; nothing else is lost.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
