"""nchan is told of news once, and what it did not take in is sent again."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from timeline.domain.errors import Refused, StandlineError
from timeline.live.live import Live
from timeline.live.publishing import Publisher
from timeline.live.recent import KEPT, News

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.record.desk import Desk

Told = list[tuple[str, str | None, str]]


class Nchan(HTTPServer):
    """Something that takes messages in as nchan does; ``status`` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Inbox)
        self.told: Told = []
        self.status = 201

    @property
    def address(self) -> str:
        """Where it is told."""
        return f"http://127.0.0.1:{self.server_port}/tell"


class Inbox(BaseHTTPRequestHandler):
    """One connection to it."""

    protocol_version = "HTTP/1.1"
    server: Nchan

    def do_POST(self) -> None:
        """Take a message in."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.status < 300:
            self.server.told.append((self.path, self.headers["X-EventSource-Event"], body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Nchan]:
    with Nchan() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def of(*positions: int, amended: bool = False) -> deque[News]:
    return deque(News(position, amended) for position in positions)


def test_each_page_that_has_news_is_one_message_and_amendments_are_another() -> None:
    with running() as nchan:
        publisher = Publisher(nchan.address)
        publisher.keep({"home": of(7, 8) + of(9, amended=True), "t/größe": of(8)})
        publisher.publish()
    assert nchan.told == [
        ("/tell/home", None, "7 8"),
        ("/tell/home", "amended", "9"),
        ("/tell/t/gr%C3%B6%C3%9Fe", None, "8"),
    ]


def test_what_nchan_does_not_take_in_waits_for_the_next_time() -> None:
    with running() as nchan:
        publisher = Publisher(nchan.address)
        nchan.status = 403
        publisher.keep({"home": of(*range(1, KEPT + 3))})
        with pytest.raises(StandlineError, match="cannot be told of news: HTTP 403"):
            publisher.publish()
        assert publisher.is_behind
        nchan.status = 202
        publisher.keep({"home": of(KEPT + 3)})
        publisher.publish()
    assert not publisher.is_behind
    assert nchan.told == [("/tell/home", None, " ".join(map(str, range(4, KEPT + 4))))]


def test_an_nchan_that_is_away_is_told_of_in_one_line() -> None:
    with running() as nchan:
        publisher = Publisher(nchan.address)
    publisher.keep({"home": of(1)})
    with pytest.raises(StandlineError, match=r"cannot be told of news: .*refused"):
        publisher.publish()


@pytest.mark.parametrize(
    "address", ["https://example.org/", "127.0.0.1:8001", "http:///tell", "http://a:99999/"]
)
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="is not where nchan can be told"):
        Publisher(address)


def test_the_live_part_tells_it_and_says_that_it_is_behind_where_it_is_away(desk: Desk) -> None:
    with running() as nchan:
        live = Live(desk.services.models, publisher=Publisher(nchan.address))
        nchan.status = 500
        first = desk.say()
        desk.services.models.catch_up()
        with pytest.raises(StandlineError):
            live.tell()
        assert live.told < first
        number = desk.say(said_at="2025-12-02")
        desk.services.models.catch_up()
        with pytest.raises(StandlineError):
            live.tell()
        assert live.told == number - 1  # others were told of it
        nchan.status = 201
        live.tell()
        assert live.told == number
        live.close()
    assert ("/tell/t/a-union", None, f"{first} {number}") in nchan.told
