"""How many connections a site may have open."""

from __future__ import annotations

import resource
from contextlib import suppress

CONNECTIONS = 2_000
"""How many a site has for its pages before idle ones make room."""


def allow_connections(wanted: int) -> None:
    """Let this process have so many files open, connections too, or as many as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        # Without it fewer readers come in at once, and nothing else is lost.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
