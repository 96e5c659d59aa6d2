"""nchan, a module of nginx, told of news in place of each reader: it keeps their connections."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message
from timeline.live.recent import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.live.recent import ByPlace, News

NOT_AN_NCHAN_ADDRESS = Message(
    "not_an_nchan_address",
    "%(address)s is not where nchan can be told",
    fix="write it like http://127.0.0.1:8001/tell/",
)
NCHAN_AWAY = Message(
    "nchan_away",
    "nchan at %(address)s cannot be told of news: %(why)s",
    fix="see whether nginx runs, and whether it takes in what is sent there",
)

PATIENCE = 5.0
"""Seconds for nchan to take a message in."""

TAKEN = range(200, 300)


class Publisher:
    """Tells nchan what concerns which page; what it did not take in waits for the next time."""

    def __init__(self, address: str) -> None:
        """Read the address; raises `Refused` for one that is not of plain http."""
        try:
            parts = urlsplit(address)
            self._host, self._port = parts.hostname or "", parts.port or 80
        except ValueError:
            raise _no_address(address) from None
        if parts.scheme != "http" or not self._host:
            raise _no_address(address)
        self._address = address
        self._path = f"{parts.path.rstrip('/')}/"
        self._waiting: dict[str, list[News]] = {}

    @property
    def is_behind(self) -> bool:
        """Whether there is something that nchan was not told of yet."""
        return bool(self._waiting)

    def keep(self, fresh: ByPlace) -> None:
        """Keep what came in until it is published."""
        for place, news in fresh.items():
            self._waiting[place] = [*self._waiting.get(place, ()), *news][-KEPT:]

    def publish(self) -> None:
        """Tell of all that waits; raises `StandlineError` where nchan is away."""
        if not self._waiting:
            return
        try:
            with closing(HTTPConnection(self._host, self._port, timeout=PATIENCE)) as connection:
                for place in list(self._waiting):
                    for name, data in _messages(self._waiting[place]):
                        self._post(connection, place, name, data)
                    del self._waiting[place]
        except (OSError, HTTPException) as error:
            raise StandlineError(NCHAN_AWAY, address=self._address, why=error) from error

    def _post(self, connection: HTTPConnection, place: str, name: str, data: str) -> None:
        headers = {"X-EventSource-Event": name} if name else {}
        connection.request("POST", f"{self._path}{quote(place)}", data, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in TAKEN:
            raise StandlineError(NCHAN_AWAY, address=self._address, why=f"HTTP {answer.status}")


def _no_address(address: str) -> Refused:
    return Refused(NOT_AN_NCHAN_ADDRESS, field="--tell-nchan", address=InQuotes(address))


def _messages(news: list[News]) -> Iterator[tuple[str, str]]:
    """Yield names of events and their positions, as a reader gets them from us."""
    for name, is_amendment in (("", False), ("amended", True)):
        positions = [str(one.position) for one in news if one.is_amendment == is_amendment]
        if positions:
            yield name, " ".join(positions)
