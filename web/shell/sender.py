"""Who sent a request, as far as a person needs it to know a session again, and no further."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

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
    told = request.headers.get("User-Agent", "")
    return ", ".join(one for one in (_named(told, BROWSERS), _named(told, SYSTEMS)) if one)


def sender_of(request: Request) -> str:
    """Return the network that a request came from: its address without the last part."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    network = ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False)
    return str(network.network_address)


def _named(told: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if re.search(rf"\b{mark}\b", told)), "")
