"""The page at an address is read where the operator lets it be, and nothing inside a network."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.support.press import leading_to, running_press
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.support.press import Press
    from tests.web.record.desk import Desk

NAMED, OTHER = "press.example.org", "other.example.org"
WORDS = "Dora Example called it a good day for everybody who had come to the talks."
ARTICLE = f"""<html lang="en"><head><title>Talks go on</title>
<meta property="og:site_name" content="Invented Post">
<meta property="article:published_time" content="2025-12-15"></head>
<body><article><h1>Talks go on</h1><p>{WORDS}</p><p>The talks went on without them.</p></article>"""
NUMBERS = {
    NAMED: "127.0.0.1",
    OTHER: "127.0.0.1",
    "metadata.example.org": "169.254.169.254",
    "six.example.org": "::1",
    "mapped.example.org": "::ffff:127.0.0.1",
    "private.example.org": "10.0.0.1",
}


@pytest.fixture(scope="module")
def _press() -> Iterator[Press]:
    with running_press() as running:
        yield running


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let invented names stand for numbers, as a name server of somebody else may."""
    look_up = socket.getaddrinfo

    def invented(host: str, *others: object, **more: object) -> object:
        return look_up(NUMBERS.get(host, host), *others, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", invented)


def client(desk: Desk, *hosts: str) -> FlaskClient:
    anna = everybody_is("anna")
    app = create_app(desk.services, identify=anna, read_from=hosts)
    app.testing = True
    return app.test_client()


def ask(client: FlaskClient, address: str) -> TestResponse:
    return client.post("/record/text", data={"source.url": address})


def port(press: Press) -> str:
    return press.address.rpartition(":")[2]


def test_a_page_is_read_with_what_it_says_of_itself_to_be_looked_at(
    desk: Desk, press: Press
) -> None:
    press.answers["/talks"] = ARTICLE
    answer = ask(client(desk, NAMED), f"http://{NAMED}:{port(press)}/talks")
    assert answer.status_code == 200
    for found in (WORDS, "Talks go on", "Invented Post", "2025-12-15", f"{NAMED}:{port(press)}"):
        assert found in answer.text
    assert desk.services.desk.texts.waiting() == []


def test_where_the_operator_does_not_let_it_nothing_is_asked(desk: Desk, press: Press) -> None:
    address = f"http://{NAMED}:{port(press)}/talks"
    assert "Paste the text of the source." in ask(client(desk), address).text
    refused = ask(client(desk, OTHER), address)
    assert "does not read pages of" in refused.text
    assert press.asked == []


@pytest.mark.parametrize("host", [OTHER, *list(NUMBERS)[2:]])
def test_nothing_inside_a_network_is_asked_that_is_not_named(
    desk: Desk, press: Press, host: str
) -> None:
    press.answers["/"] = ARTICLE
    answer = ask(client(desk, "public", NAMED), f"http://{host}:{port(press)}/")
    assert answer.status_code == 422
    assert "inside a network" in answer.text
    assert press.asked == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "file:///etc/passwd"]
)
def test_what_is_no_address_of_the_web_is_not_asked(desk: Desk, address: str) -> None:
    answer = ask(client(desk, "public", "127.0.0.1", "::1", "localhost"), address)
    assert answer.status_code == 422
    assert desk.services.desk.texts.waiting() == []


def test_a_page_leads_nowhere_inside(desk: Desk, press: Press) -> None:
    press.answers["/in"] = leading_to(f"http://{OTHER}:{port(press)}/secret")
    press.answers["/on"] = leading_to("/talks")
    press.answers |= {"/talks": ARTICLE, "/secret": ARTICLE}
    reader = client(desk, NAMED)
    assert "inside a network" in ask(reader, f"http://{NAMED}:{port(press)}/in").text
    assert [path for path, _ in press.asked] == ["/in"]
    assert WORDS in ask(reader, f"http://{NAMED}:{port(press)}/on").text


def test_a_page_that_is_not_there_is_told_at_its_address(desk: Desk, press: Press) -> None:
    answer = ask(client(desk, NAMED), f"http://{NAMED}:{port(press)}/none")
    assert answer.status_code == 422
    assert "This page cannot be read: it answers with status 404" in answer.text


def test_a_text_that_is_kept_is_not_asked_for_again(desk: Desk, press: Press) -> None:
    address = f"http://{NAMED}:{port(press)}/talks"
    press.answers["/talks"] = ARTICLE
    reader = client(desk, NAMED)
    reader.post("/record/text", data={"source.url": address, "text": "What was pasted."})
    press.asked.clear()
    assert ask(reader, address).status_code == 303
    assert press.asked == []
