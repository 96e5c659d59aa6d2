"""Whether a request came straight from this machine, or was passed on by a proxy."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

MARKS = frozenset(
    (
        *("forwarded", "via", "client-ip", "true-client-ip", "x-client-ip", "x-real-ip"),
        *("x-cluster-client-ip", "x-original-forwarded-for", "x-original-host", "x-original-url"),
        *("x-rewrite-url", "x-proxyuser-ip", "x-remote-ip", "x-remote-addr", "x-host", "x-scheme"),
        *("x-url-scheme", "x-forwarded", "x-envoy-external-address", "x-azure-clientip"),
        *("x-appengine-user-ip", "fly-client-ip", "fastly-client-ip", "cdn-loop"),
        *("front-end-https", "proxy-client-ip", "wl-proxy-client-ip"),
    )
)
BEGINNINGS = ("x-forwarded-", "cf-", "x-amzn-", "x-arr-")
"""How other headers begin that only proxies send."""

OLD = "HTTP/1.0"
"""What nginx speaks to those behind it unless told otherwise, and no browser."""


def is_forwarded(request: Request) -> bool:
    """Tell whether anything says that a request began elsewhere than on this machine."""
    names = {name.lower() for name in request.headers.keys()}  # noqa: SIM118 - it yields pairs
    return (
        not names.isdisjoint(MARKS)
        or any(name.startswith(BEGINNINGS) for name in names)
        or request.environ.get("SERVER_PROTOCOL") == OLD
        or not is_loopback(request.remote_addr or "localhost")
        or not is_local(request.host)
    )


def is_local(host: str) -> bool:
    """Tell whether a host, with its port, is this machine to itself."""
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a host, without its port, is this machine to itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
