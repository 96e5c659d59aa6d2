"""Asking an address for what it has, bounded in time and size, and never led into a network."""

from __future__ import annotations

import socket
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec
import urllib3

from timeline.desk.feeds import (
    SOURCE_CERTIFICATE,
    SOURCE_LEADS_INSIDE,
    SOURCE_LEADS_ROUND,
    SOURCE_SILENT,
    SOURCE_SLOW,
    SOURCE_TOO_LARGE,
)
from timeline.domain.errors import Refused
from timeline.domain.text import is_public, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse

AGENT = "Standline (feed reader)"
FINE = 200
LEADS_ON = (301, 302, 303, 307, 308)
MOST_LEADS = 5
CHUNK = 65_536
_PORTS = {"http": 80, "https": 443}


class Bounds(msgspec.Struct, frozen=True):
    """What an answer may take: ``seconds`` in all, ``most`` bytes when unpacked."""

    seconds: float = 30.0
    most: int = 10_000_000


class Answer(msgspec.Struct, frozen=True):
    """What an address answers; ``pause`` are the seconds for which it wants to be left alone."""

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
    named: str = "",
    bounds: Bounds = USUAL,
) -> Answer:
    """Ask an address, and say what it told of itself the last time.

    ``named`` is the address that the operator named, where that is another: its host alone may be
    inside a network. Raises `Refused` for one that does not answer, takes too long, sends too much,
    or is on any other host inside one.
    """
    told = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **_given(told)}
    until, own = time.monotonic() + bounds.seconds, urlsplit(named or address).hostname
    try:
        for _ in range(MOST_LEADS + 1):
            here = urlsplit(address)
            with closing(_ask(here, headers, until, is_own=here.hostname == own)) as response:
                further = response.headers.get("Location")
                if response.status not in LEADS_ON or not further:
                    return _answer(response, until, bounds)
                address = urljoin(address, further)
    except (TimeoutError, urllib3.exceptions.TimeoutError):
        raise Refused(SOURCE_SLOW, seconds=f"{bounds.seconds:g}") from None
    except urllib3.exceptions.SSLError:
        raise Refused(SOURCE_CERTIFICATE) from None
    except (OSError, ValueError, urllib3.exceptions.HTTPError):
        raise Refused(SOURCE_SILENT) from None
    raise Refused(SOURCE_LEADS_ROUND)


def _ask(
    here: SplitResult, headers: Mapping[str, str], until: float, *, is_own: bool
) -> BaseHTTPResponse:
    """Ask the host at the very number that was looked at: its name may stand for another later."""
    if here.scheme not in _PORTS:
        raise Refused(SOURCE_LEADS_INSIDE)
    places = _numbers(here)
    if not is_own and not all(map(is_public, places)):
        raise Refused(SOURCE_LEADS_INSIDE)
    for at, place in enumerate(places):
        patience = urllib3.Timeout(connect=_left(until) / (len(places) - at), read=_left(until))
        with suppress(urllib3.exceptions.ConnectTimeoutError):
            return _pool(here, place).urlopen(
                "GET",
                here._replace(scheme="", netloc="", fragment="", path=here.path or "/").geturl(),
                headers={"Host": _host(here), **headers},
                redirect=False,
                preload_content=False,
                timeout=patience,
            )
    raise Refused(SOURCE_SILENT)


def _answer(response: BaseHTTPResponse, until: float, bounds: Bounds) -> Answer:
    body = bytearray()
    while response.status == FINE and (chunk := response.read1(CHUNK)):
        body += chunk
        _left(until)
        if len(body) > bounds.most:
            raise Refused(SOURCE_TOO_LARGE, most=bounds.most // 1_000_000)
    return Answer(
        response.status,
        bytes(body),
        response.headers.get("ETag", ""),
        response.headers.get("Last-Modified", ""),
        whole_number(response.headers.get("Retry-After", "")) or 0,
    )


def _left(until: float) -> float:
    """Return the seconds that are left; raises `TimeoutError` where none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _numbers(here: SplitResult) -> list[str]:
    """Return the addresses that a host's name stands for; raises `OSError` for none."""
    port = here.port or _PORTS[here.scheme]
    found = socket.getaddrinfo(here.hostname, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _pool(here: SplitResult, place: str) -> urllib3.HTTPConnectionPool:
    port = here.port or _PORTS[here.scheme]
    if here.scheme == "http":
        return urllib3.HTTPConnectionPool(place, port, retries=False)
    return urllib3.HTTPSConnectionPool(
        place, port, retries=False, server_hostname=_name(here), assert_hostname=_name(here)
    )


def _name(here: SplitResult) -> str:
    return (here.hostname or "").encode("idna").decode()


def _host(here: SplitResult) -> str:
    name = f"[{here.hostname}]" if ":" in (here.hostname or "") else _name(here)
    return f"{name}:{here.port}" if here.port else name


def _given(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}
