"""The site behind nginx, as Debian ships it and docs/proxies/nginx.conf sets it up."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.compiled_templates import COMPILED
from tests.support.nginx import NAME, Front, in_front_of
from tests.support.web_server import served
from timeline.cli.site_server import trusting
from web import create_app
from web.shell.identity import everybody_is, everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.paper import Paper
    from web.shell.identity import Identify


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
        """Return an answer with its text; headers are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self._open(https=https)) as connection:
            connection.request(method, path, body or None, {"Host": NAME} | named)
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def _open(self, *, https: bool) -> HTTPConnection:
        if not https:
            return HTTPConnection("127.0.0.1", self._front.http, timeout=60)
        connection = HTTPSConnection(NAME, self._front.https, timeout=60, context=self._trusts)
        plain = socket.create_connection(("127.0.0.1", self._front.https), timeout=60)
        connection.sock = self._trusts.wrap_socket(plain, server_hostname=NAME)
        return connection


def site_behind_nginx(paper: Paper, folder: Path, identify: Identify) -> Iterator[Reader]:
    app = create_app(paper.services, identify=identify, hosts=[NAME], compiled=COMPILED)
    with served(app, **trusting("127.0.0.1")) as address, in_front_of(address, folder) as front:
        yield Reader(front)


@pytest.fixture
def reader(paper: Paper, tmp_path: Path) -> Iterator[Reader]:
    yield from site_behind_nginx(paper, tmp_path, everybody_reads)


def test_a_page_comes_by_https_with_all_that_binds_it_there(reader: Reader) -> None:
    answer, text = reader.ask("GET", "/t/union")
    assert answer.status == 200
    assert "Should Aland join the union?" in text
    assert f"https://{NAME}/" in text
    assert f"http://{NAME}" not in text
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    for cookie in cookies:
        assert re.match(r"__Host-\w+=[^;]*; ", cookie)
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert part in cookie
        assert "Domain" not in cookie
    assert answer.headers["Server"] == "nginx"


def test_what_was_chosen_by_https_is_kept(reader: Reader) -> None:
    _, text = reader.ask("GET", "/", Cookie="__Host-lang=de")
    assert '<html lang="de"' in text
    _, text = reader.ask("GET", "/", Cookie="lang=de")
    assert '<html lang="en"' in text


def test_http_leads_to_https(reader: Reader) -> None:
    answer, _ = reader.ask("GET", "/t/union?s=1", https=False)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/t/union?s=1"


def test_a_body_that_is_too_large_ends_at_nginx(reader: Reader) -> None:
    answer, text = reader.ask("POST", "/prefs", "x" * 1_100_000)
    assert answer.status == 413
    assert "nginx" in text


def test_who_claims_to_come_by_another_way_is_not_believed(reader: Reader) -> None:
    lies: dict[str, Any] = {
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "x",
    }
    answer, text = reader.ask("GET", "/t/union", **lies)
    assert answer.headers["Strict-Transport-Security"]
    assert "evil.example" not in text


def test_through_nginx_nobody_is_the_editor_of_this_machine(paper: Paper, tmp_path: Path) -> None:
    for visitor in site_behind_nginx(paper, tmp_path, everybody_is("editor")):
        head = paper.services.log.head()
        form = f"reason=Why&version=1&key={'0' * 8}-0000-7000-8000-{'0' * 12}"
        kind = "application/x-www-form-urlencoded"
        for path in (f"/record/{paper.numbers['wants']}/retract", "/record", "/log/rebuild"):
            answer, _ = visitor.ask("POST", path, form, Content_Type=kind)
            assert answer.status == 403
        assert paper.services.log.head() == head
