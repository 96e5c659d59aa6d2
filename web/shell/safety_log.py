"""The safety log for the operator: who signs in, and what is refused, one line each.

A line has the handle of a known person and the network of the request. It never has a password,
secret, token or session, nor typed text: people type passwords into the wrong field.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import TYPE_CHECKING

from flask import request

from timeline.domain.errors import NotFound
from timeline.domain.instants import iso_us
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from werkzeug.wrappers import Request


LOGGER = "web.safety"
"""The logger, which drops no repeated lines; `standline serve` writes them to the terminal."""

UNKNOWN = "unknown"


def note(what: str, handle: str = "", *, why: str = "") -> None:
    """Log what happened and why; ``handle`` is that of the account."""
    log = logging.getLogger(LOGGER)
    if not log.isEnabledFor(logging.INFO):
        return
    current = this_request()
    fields = {
        "by": current.identity.handle,
        "handle": _known(handle) if handle else "",
        "from": sender_of(current.sent),
        "to": f"{request.method} {request.endpoint}",
        "why": why,
    }
    facts = " ".join(f"{name}={value}" for name, value in fields.items() if value)
    log.info("%s %s: %s", iso_us(current.instant), what, facts)


def note_refusal(why: str) -> None:
    """Log that a request was refused because of its sender."""
    note("refused", why=why)


def _known(handle: str) -> str:
    """Return the handle of a known person, so that no other typed text is logged."""
    try:
        return services().desk.people.find(handle.strip()).handle
    except NotFound:
        return UNKNOWN


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Marks of browsers in `User-Agent`, the most specific first: many also say Chrome and Safari."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
KEPT_BITS = {4: 24, 6: 48}


def browser_of(request: Request) -> str:
    """Return browser and system such as ``Firefox, Linux``, empty if neither is known."""
    user_agent = request.headers.get("User-Agent", "")
    return ", ".join(
        name for name in (_named(user_agent, BROWSERS), _named(user_agent, SYSTEMS)) if name
    )


def sender_of(request: Request) -> str:
    """Return the network of a request: its address without the last part."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    network = ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False)
    return str(network.network_address)


def _named(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if re.search(rf"\b{mark}\b", user_agent)), "")
