"""What bears on safety, a line each for whoever runs the site: who gets in, and what is refused.

It names handles of people here and the network that a request came from, never a password, secret,
token or session, nor what somebody typed: who mistakes the field for the handle types a password.
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
"""Its lines are told each time, however often; `standline serve` writes them on the terminal."""

UNKNOWN = "unknown"


def note(what: str, handle: str = "", *, why: str = "") -> None:
    """Say what happened, to whom and why; ``handle`` is whose account it is about."""
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
    """Say that a request was refused because of who or what sent it."""
    note("refused", why=why)


def _known(handle: str) -> str:
    """Return a handle if somebody here has it, so that nothing else that was typed is written."""
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
"""What a browser calls itself, the most telling first: many call themselves Chrome and Safari."""

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
    """Return something like ``Firefox, Linux``; nothing for what names neither."""
    user_agent = request.headers.get("User-Agent", "")
    return ", ".join(
        name for name in (_named(user_agent, BROWSERS), _named(user_agent, SYSTEMS)) if name
    )


def sender_of(request: Request) -> str:
    """Return the network that a request came from: its address without the last part."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    network = ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False)
    return str(network.network_address)


def _named(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if re.search(rf"\b{mark}\b", user_agent)), "")
