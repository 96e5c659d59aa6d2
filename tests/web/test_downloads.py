"""Long answers are made few at once, within limits, and sent without holding a thread."""

from __future__ import annotations

import gzip
import socket
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from flask import Blueprint

from tests.support.tiers import thorough
from tests.support.web_server import THREADS
from tests.web.site import Site
from web.shell.data_answer import data_answer
from web.shell.downloads import SMALL, Limits, Reader, Spool
from web.shell.page_cache import cached
from web.shell.policies import POLICIES, READING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from werkzeug.wrappers import Response

    from tests.support.web_server import Serve
    from tests.web.paper import Paper

LINE = b"0123456789abcdef" * 256
LINES = 4_000
"""As many as make a file that no socket takes in at once."""


class Press:
    """A site with a long table; ``go_on`` lets it be written, ``printed`` counts how often."""

    def __init__(self, paper: Paper, monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
        monkeypatch.setitem(POLICIES, "press", READING)
        self.begun, self.go_on, self.printed, self.goes_on = Event(), Event(), 0, False
        self.go_on.set()
        self.site = Site(paper.services, limits=limits)
        blueprint = Blueprint("press", __name__)
        blueprint.get("/press/<int:lines>")(cached(self._view))
        self.site.app.register_blueprint(blueprint)

    def _view(self, lines: int) -> Response:
        return data_answer(
            self._pieces(lines), "text/csv", file_name="press.csv", goes_on=self.goes_on
        )

    def _pieces(self, lines: int) -> Iterator[bytes]:
        self.printed += 1
        self.begun.set()
        assert self.go_on.wait(60)
        for _ in range(lines):
            yield LINE


@pytest.fixture
def press(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Press]:
    return lambda **limits: Press(paper, monkeypatch, Limits(**limits))


def fetched(host: str, port: str, path: str) -> bytes:
    """Return what a server answers."""
    with closing(HTTPConnection(host, int(port), timeout=60)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


@pytest.mark.parametrize("lines", [0, 1, SMALL // len(LINE), SMALL // len(LINE) + 1, LINES])
@pytest.mark.parametrize("taken", ["identity", "gzip", "gzip, deflate, br, zstd", *thorough("br")])
def test_an_answer_of_any_length_comes_whole(
    press: Callable[..., Press], lines: int, taken: str
) -> None:
    answer = press().site.open(f"/press/{lines}", Accept_Encoding=taken)
    data = gzip.decompress(answer.data) if "gzip" in taken else answer.data
    assert data == LINE * lines
    assert answer.headers.get("Content-Encoding") == ("gzip" if "gzip" in taken else None)
    assert answer.headers["Content-Disposition"] == "attachment; filename=press.csv"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_readers_who_do_not_read_hold_no_thread(press: Callable[..., Press], serve: Serve) -> None:
    printer = press()
    address = serve(printer.site.app)
    host, _, port = address.removeprefix("http://").partition(":")
    assert len(fetched(host, port, f"/press/{LINES}")) == LINES * len(LINE)
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            slow = stack.enter_context(socket.create_connection((host, int(port)), timeout=60))
            slow.sendall(f"GET /press/{LINES} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert slow.recv(12) == b"HTTP/1.1 200"
        assert b"</html>" in fetched(host, port, "/t/union")
    assert printer.printed == 1


def test_what_others_would_wait_for_is_refused_for_now(press: Callable[..., Press]) -> None:
    printer = press(at_once=1, in_line=0)
    printer.go_on.clear()
    first = Thread(target=printer.site.app.test_client().get, args=("/press/1",))
    first.start()
    assert printer.begun.wait(60)
    second = printer.site.open("/press/2")
    printer.go_on.set()
    first.join()
    assert second.status_code == 503
    assert second.headers["Retry-After"] == "5"
    assert "being made just now" in second.text
    assert printer.site.open("/press/2").status_code == 200


@pytest.mark.parametrize(
    ("limits", "status", "told"),
    [
        ({"largest": 1_000_000}, 422, "This file would have more than 1 megabytes"),
        ({"making": -1.0}, 503, "This file takes too long to make"),
        ({"together": -1}, 503, "being made just now"),
    ],
)
def test_an_answer_beyond_its_limits_is_refused_in_a_line(
    press: Callable[..., Press], limits: dict[str, float], status: int, told: str
) -> None:
    answer = press(**limits).site.open(f"/press/{LINES}")
    assert answer.status_code == status
    assert told in answer.text


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("limits", [{"waiting": -1.0}, {"largest": 1_000_000}])
def test_what_may_go_on_is_sent_while_it_is_made_beyond_these_limits(
    press: Callable[..., Press], limits: dict[str, float], encoding: str
) -> None:
    printer = press(**limits)
    printer.goes_on = True
    with printer.site.open(f"/press/{LINES}", Accept_Encoding=encoding) as answer:
        data = gzip.decompress(answer.data) if encoding == "gzip" else answer.data
    assert data == LINE * LINES
    assert "Content-Length" not in answer.headers
    assert answer.headers.get("Content-Encoding", "identity") == encoding


@pytest.mark.parametrize("path", ["/t/union.csv", "/t/union.json", "/t/union/statements.csv"])
def test_a_topic_that_is_sent_while_it_is_made_is_the_same(paper: Paper, path: str) -> None:
    hasty = Site(paper.services, limits=Limits(waiting=-1.0))
    with hasty.open(path) as answer:
        assert answer.data == paper.open(path).data
        assert "Content-Length" not in answer.headers


def test_few_are_sent_while_they_are_made_and_others_are_made_all_the_same(
    press: Callable[..., Press],
) -> None:
    printer = press(waiting=-1.0, going_on=1)
    printer.goes_on = True
    with printer.site.open(f"/press/{LINES}") as first:
        assert next(iter(first.response))
        assert printer.site.open(f"/press/{LINES}").status_code == 503
        printer.goes_on = False
        assert printer.site.open("/press/1").status_code == 200
    printer.goes_on = True
    with printer.site.open(f"/press/{LINES}") as second:
        assert second.status_code == 200


def test_who_takes_too_long_over_what_is_being_made_is_cut_off(press: Callable[..., Press]) -> None:
    printer = press(waiting=-1.0, sending=-1.0)
    printer.goes_on = True
    with pytest.raises(TimeoutError):
        printer.site.app.test_client().get(f"/press/{LINES}", buffered=True)


def test_a_disk_without_room_is_told_in_a_line(
    press: Callable[..., Press], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    printer = press()
    monkeypatch.setattr(printer.site.app.extensions["downloads"], "_write", full)
    answer = printer.site.open("/press/1")
    assert answer.status_code == 503
    assert "There is no room to make this file" in answer.text


def test_a_long_answer_is_kept_until_others_need_its_room(press: Callable[..., Press]) -> None:
    printer = press(kept=LINES * len(LINE))
    for lines in (LINES, LINES, LINES + 1, LINES + 1, LINES):
        assert len(printer.site.open(f"/press/{lines}").data) == lines * len(LINE)
    assert printer.printed == 3


def test_a_reader_is_cut_off_when_their_time_is_over(tmp_path: Path) -> None:
    with (tmp_path / "long").open("w+b") as file:
        file.write(b"abcdef")
        file.flush()
        reader = Reader(Spool(file, 6), 60)
        assert (reader.read(4), reader.read()) == (b"abcd", b"ef")
        reader.seek(0)
        assert reader.read(-1) == b"abcdef"
        late = Reader(Spool(file, 6), -1)
        with pytest.raises(TimeoutError):
            late.read(1)


def test_what_is_let_go_of_weighs_nothing_any_more(press: Callable[..., Press]) -> None:
    printer = press(kept=0)
    for _ in range(3):
        printer.site.open(f"/press/{LINES}").close()
    assert printer.site.app.extensions["downloads"].weight <= LINES * len(LINE)
