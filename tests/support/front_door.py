"""The site behind a proxy, whoever that is, and what is asked of every one."""

from __future__ import annotations

import gzip
import socket
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any

import brotli

from tests.support.nginx import NAME, Front
from tests.support.web_server import served
from timeline.cli.site_server import proxy_settings
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.web.paper import Paper
    from web.shell.identity import Identify

    InFrontOf = Callable[[str, Path], AbstractContextManager[Front]]


class Reader:
    """Somebody who comes by the front door."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._trusts = ssl.create_default_context(cafile=front.certificate)

    def ask(
        self,
        method: str,
        path: str,
        body: str = "",
        *,
        https: bool = True,
        **headers: Any,  # noqa: ANN401 - text
    ) -> tuple[HTTPResponse, str]:
        """Return an answer with its text, unpacked; headers are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self._open(https=https)) as connection:
            connection.request(method, path, body or None, {"Host": NAME} | named)
            answer = connection.getresponse()
            return answer, unpacked(answer.read(), answer.headers.get("Content-Encoding")).decode()

    def _open(self, *, https: bool) -> HTTPConnection:
        if not https:
            return HTTPConnection("127.0.0.1", self._front.http, timeout=60)
        connection = HTTPSConnection(NAME, self._front.https, timeout=60, context=self._trusts)
        plain = socket.create_connection(("127.0.0.1", self._front.https), timeout=60)
        connection.sock = self._trusts.wrap_socket(plain, server_hostname=NAME)
        return connection


def unpacked(body: bytes, coding: str | None) -> bytes:
    """Return a body as it was before it was packed."""
    found: bytes = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](body)
    return found


def site_behind(
    in_front_of: InFrontOf, paper: Paper, folder: Path, identify: Identify
) -> Iterator[Reader]:
    """Serve the site behind a proxy as it is served, and lend a reader who comes that way."""
    app = create_app(paper.services, identify=identify, hosts=[NAME], followed=True)
    with (
        served(app, **proxy_settings("127.0.0.1")) as address,
        in_front_of(address, folder) as front,
    ):
        yield Reader(front)


def sent_file(reader: Reader, path: str = "/record/text") -> tuple[int, str]:
    """Send a text of three megabytes as a browser sends a file."""
    text = "The minister said so again. " * 110_000
    kind = 'Content-Disposition: form-data; name="file"; filename="long.txt"'
    body = f"--x\r\n{kind}\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--x--\r\n"
    named: dict[str, Any] = {"Content_Type": "multipart/form-data; boundary=x"}
    answer, told = reader.ask("POST", path, body, **named)
    return answer.status, told


def believes_no_other_way(reader: Reader) -> None:
    """Claim to come by another way, and see that the site takes no notice."""
    lies: dict[str, Any] = {
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_For": "127.0.0.1",
        "Forwarded": "x",
    }
    answer, text = reader.ask("GET", "/t/union", **lies)
    assert answer.headers["Strict-Transport-Security"]
    assert "evil.example" not in text


def lets_nobody_edit(in_front_of: InFrontOf, paper: Paper, folder: Path) -> None:
    """See that a visitor is not the editor that everybody on the site's own machine is."""
    for visitor in site_behind(in_front_of, paper, folder, everybody_is("editor")):
        head = paper.services.log.head()
        form = f"reason=Why&version=1&key={'0' * 8}-0000-7000-8000-{'0' * 12}"
        kind = "application/x-www-form-urlencoded"
        for path in (f"/record/{paper.numbers['wants']}/retract", "/record", "/log/rebuild"):
            answer, _ = visitor.ask("POST", path, form, Content_Type=kind)
            assert answer.status == 403
        assert paper.services.log.head() == head
