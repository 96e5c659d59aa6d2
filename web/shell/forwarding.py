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
"""Headers that browsers and programs send of themselves (RFC 9110, W3C Fetch, client hints).

A proxy, a tunnel or a tracer on the way adds others, and nobody can list them all.
"""
BEGINNINGS = ("sec-", "hx-")
"""How others begin that browsers send, and htmx."""

STAYS_OPEN = frozenset(("keep-alive", "upgrade", "te"))
"""What browsers say of their connection. nginx closes its own after each request, unless told."""

SOCKETS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Where Linux lists the ends of connections, each with its user."""

HERE, THERE, STATE, USER = 1, 2, 3, 7
OPEN = "01"
"""A connection that its program has closed is listed as root's for a while."""
ROOT = 0
RELAYED = "microsoft"
"""In the kernel's name: root brings a browser's connection into Windows' Subsystem for Linux."""

OLD = "HTTP/1.0"
"""What nginx speaks to those behind it unless told otherwise, and no browser."""


def is_forwarded(request: Request, *, trusts_machine: bool = False) -> bool:
    """Tell whether a request may have begun elsewhere than with the user who serves.

    It did begin there only where all of it looks as a browser or a program on this machine sends
    it. Where the machine is trusted it is all the same whose program that is.
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
    """Tell whether this system says whose the ends of connections are: Linux does."""
    return SOCKETS[0].exists()


def is_of_this_user(request: Request) -> bool:
    """Tell whether the other end of a connection is a program of the user who serves.

    A proxy is another user's, as a rule, and adds nothing to a request that would tell where it
    began.
    """
    theirs, ours = request.environ.get("REMOTE_PORT"), request.environ.get("SERVER_PORT")
    if theirs is None or ours is None:
        return True
    users = _users_of(f":{int(theirs):04X}", f":{int(ours):04X}")
    relays = {ROOT} if RELAYED in platform.release().lower() else set[int]()
    return bool(users) and users <= {os.getuid(), *relays}


def _users_of(here: str, there: str) -> set[int]:
    """Return whose the ends of connections are that go from one port of this machine to another."""
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
    """Tell whether a host, with its port, is this machine to itself."""
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a host, without its port, is this machine to itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
