"""Fetch an address, with limits on time and size, and never from inside a network."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec
import urllib3

from timeline.connections import Deadline, Pool, SafePool
from timeline.desk.feeds import (
    SOURCE_CERTIFICATE,
    SOURCE_LEADS_INSIDE,
    SOURCE_LEADS_ROUND,
    SOURCE_SILENT,
    SOURCE_SLOW,
    SOURCE_TOO_LARGE,
)
from timeline.domain.errors import Refused
from timeline.domain.text import host_of, is_public, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3 import BaseHTTPResponse

AGENT = "Standline (feed reader)"
FINE = 200
LEADS_ON = (301, 302, 303, 307, 308)
MOST_LEADS = 5
CHUNK = 65_536
_PORTS = {"http": 80, "https": 443}


class Bounds(msgspec.Struct, frozen=True):
    """Limits of an answer: ``seconds`` in all, ``most`` unpacked bytes."""

    seconds: float = 30.0
    most: int = 10_000_000


class FetchedAnswer(msgspec.Struct, frozen=True):
    """The answer of an address; ``pause`` is the number of seconds until it may be asked again."""

    status: int
    body: bytes = b""
    etag: str = ""
    modified: str = ""
    pause: int = 0


USUAL = Bounds()


def fetch(
    address: str,
    *,
    etag: str = "",
    modified: str = "",
    own_address: str = "",
    bounds: Bounds = USUAL,
) -> FetchedAnswer:
    """Fetch an address, with the validators (``etag``, ``modified``) of its last answer.

    ``own_address`` is the operator's configured address, if any: only its host may be inside a
    network. Raises `Refused` for an address that has no host, does not answer, takes too long,
    sends too much, or is on any other host inside a network.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **_non_empty(conditions)}
    own = host_of(urlsplit(own_address))
    with Deadline(bounds.seconds) as deadline:
        try:
            for _ in range(MOST_LEADS + 1):
                here = urlsplit(address)
                is_own = bool(own) and host_of(here) == own
                response = _ask(here, headers, deadline, is_own=is_own)
                with closing(response):
                    further = response.headers.get("Location")
                    if response.status not in LEADS_ON or not further:
                        return _answer(response, deadline, bounds)
                    address = urljoin(address, further)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            raise _trouble(error, deadline) from None
    raise Refused(SOURCE_LEADS_ROUND)


def _trouble(error: Exception, deadline: Deadline) -> Refused:
    is_late = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
    if is_late or deadline.is_over:
        return Refused(SOURCE_SLOW, seconds=f"{deadline.seconds:g}")
    is_unsafe = isinstance(error, urllib3.exceptions.SSLError)
    return Refused(SOURCE_CERTIFICATE if is_unsafe else SOURCE_SILENT)


def _ask(
    here: SplitResult, headers: Mapping[str, str], deadline: Deadline, *, is_own: bool
) -> BaseHTTPResponse:
    """Ask the host at the checked IP address: its name may resolve to another one later."""
    # To the resolver, a missing host is this machine.
    if here.scheme not in _PORTS or not host_of(here):
        raise Refused(SOURCE_LEADS_INSIDE)
    places = _numbers(here)
    check = _accept_any if is_own else _check_public
    for place in places:
        check(place)
    for at, place in enumerate(places):
        left = deadline.left()
        patience = urllib3.Timeout(connect=left / (len(places) - at), read=left)
        with suppress(urllib3.exceptions.ConnectTimeoutError):
            return _pool(here, place, deadline, check).urlopen(
                "GET",
                here._replace(scheme="", netloc="", fragment="", path=here.path or "/").geturl(),
                headers={"Host": _host(here), **headers},
                redirect=False,
                preload_content=False,
                timeout=patience,
            )
    raise Refused(SOURCE_SILENT)


def _accept_any(_number: str) -> None:
    """Accept every IP address: the operator configured its host."""


def _check_public(number: str) -> None:
    """Raise `Refused` for an IP address that is not on the public internet."""
    if not is_public(number):
        raise Refused(SOURCE_LEADS_INSIDE)


def _answer(response: BaseHTTPResponse, deadline: Deadline, bounds: Bounds) -> FetchedAnswer:
    body = bytearray()
    while response.status == FINE and (chunk := response.read1(CHUNK)):
        body += chunk
        if len(body) > bounds.most:
            raise Refused(SOURCE_TOO_LARGE, most=bounds.most // 1_000_000)
        deadline.left()
    # An answer that was cut off looks complete.
    deadline.left()
    return FetchedAnswer(
        response.status,
        bytes(body),
        response.headers.get("ETag", ""),
        response.headers.get("Last-Modified", ""),
        whole_number(response.headers.get("Retry-After", "")) or 0,
    )


def _numbers(here: SplitResult) -> list[str]:
    """Return the IP addresses of a host; raises `OSError` if there are none."""
    port = here.port or _PORTS[here.scheme]
    infos = socket.getaddrinfo(here.hostname, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def _pool(
    here: SplitResult, place: str, deadline: Deadline, check: Callable[[str], None]
) -> urllib3.HTTPConnectionPool:
    port = here.port or _PORTS[here.scheme]
    if here.scheme == "http":
        return Pool(place, port, retries=False, deadline=deadline, check_peer=check)
    return SafePool(
        place,
        port,
        retries=False,
        server_hostname=_name(here),
        assert_hostname=_name(here),
        deadline=deadline,
        check_peer=check,
    )


def _name(here: SplitResult) -> str:
    return (here.hostname or "").encode("idna").decode()


def _host(here: SplitResult) -> str:
    name = f"[{here.hostname}]" if ":" in (here.hostname or "") else _name(here)
    return f"{name}:{here.port}" if here.port else name


def _non_empty(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}
