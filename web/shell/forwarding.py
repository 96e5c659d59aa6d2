"""Whether a request came straight from this machine, or was passed on by a proxy."""

from __future__ import annotations

import ipaddress
import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

SENT_BY_CLIENTS = frozenset(
    (
        *("accept", "accept-charset", "accept-encoding", "accept-language", "authorization"),
        *("cache-control", "connection", "content-encoding", "content-language"),
        *("content-length", "content-type", "cookie", "dnt", "expect", "host", "if-match"),
        *("if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive"),
        *("last-event-id", "origin", "pragma", "priority", "purpose", "range", "referer", "te"),
        *("transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent"),
        *("service-worker", "service-worker-navigation-preload", "x-moz", "x-purpose"),
        *("device-memory", "downlink", "dpr", "ect", "rtt", "save-data", "viewport-width"),
        *("access-control-request-headers", "access-control-request-method"),
        *("idempotency-key", "x-requested-with"),
    )
)
"""Headers that browsers and programs send (RFC 9110, W3C Fetch, client hints).

Proxies, tunnels and tracers add others, which nobody can list completely.
"""
BEGINNINGS = ("sec-", "hx-")
"""The beginnings of other headers that browsers and htmx send."""

STAYS_OPEN = frozenset(("keep-alive", "upgrade", "te"))
"""Values of `Connection` that browsers send; nginx sends `close` by default."""

SOCKETS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""The files in which Linux lists connections with the user of each end."""

HERE, THERE, STATE, USER = 1, 2, 3, 7
OPEN = "01"
"""The state of an open connection; a closed one is listed as root's for a while."""
ROOT = 0
RELAYED = "microsoft"
"""Part of the kernel's name in Windows' Subsystem for Linux, where root relays connections."""

OLD = "HTTP/1.0"
"""The protocol that nginx uses by default for servers behind it; no browser uses it."""


def is_forwarded(request: Request, *, trusts_machine: bool = False) -> bool:
    """Tell whether a request may come from anybody but the user who runs the server.

    It is theirs only if everything looks like a request of a browser or program on this machine.
    On a trusted machine, that program may be any user's.
    """
    names = {name.lower() for name in request.headers.keys()}  # noqa: SIM118 - it yields pairs
    own = {name for name in names if name in SENT_BY_CLIENTS or name.startswith(BEGINNINGS)}
    connection = {name.strip().lower() for name in request.headers.get("Connection", "").split(",")}
    return (
        names != own
        or not connection <= STAYS_OPEN | {""}
        or request.environ.get("SERVER_PROTOCOL") == OLD
        or not is_loopback(request.remote_addr or "localhost")
        or not is_local(request.host)
        or not (trusts_machine or is_of_this_user(request))
    )


def system_tells_users() -> bool:
    """Tell whether this system lists the users of connections, as Linux does."""
    return SOCKETS[0].exists()


def is_of_this_user(request: Request) -> bool:
    """Tell whether the program at the other end belongs to the user who runs the server.

    A proxy that adds no header usually belongs to another user.
    """
    theirs, ours = request.environ.get("REMOTE_PORT"), request.environ.get("SERVER_PORT")
    if theirs is None or ours is None:
        return True
    users = _users_of(f":{int(theirs):04X}", f":{int(ours):04X}")
    relays = {ROOT} if RELAYED in platform.release().lower() else set[int]()
    return bool(users) and users <= {os.getuid(), *relays}


def _users_of(here: str, there: str) -> set[int]:
    """Return the users of open connections from one port of this machine to another."""
    users = set()
    for table in SOCKETS:
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                columns = line.split()
                ends = columns[HERE].endswith(here) and columns[THERE].endswith(there)
                if ends and columns[STATE] == OPEN:
                    users.add(int(columns[USER]))
    return users


def is_local(host: str) -> bool:
    """Tell whether a host with a port is a loopback address."""
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a host without a port is a loopback address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
