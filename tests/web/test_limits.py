"""Numbers and addresses beyond all measure are answered like any other that lead nowhere."""

from __future__ import annotations

import socket
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from web.shell.security import MAX_PATH, MAX_VALUE

if TYPE_CHECKING:
    from tests.support.web_server import Serve
    from tests.web.paper import Paper

HUGE = ("9" * 19, str(2**63), str(2**64), "9" * 900)


ADDRESSES = (
    "/s/{}",
    "/s/{}@{}",
    "/s/1@{}",
    "/s/{}..{}",
    "/record/{}/correct",
    "/embed/s/{}",
    "/log?at={}",
    "/log?before={}",
    "/log?open={}",
    "/log/said?after={},{}",
    "/t/union?s={}",
    "/t/union?known_at=@{}",
    "/t/union?place={}&clock=known&go=",
    "/t/union?spot={}",
    "/t/union?after={},{}",
    "/t/union?since=@{}",
    "/a/bland?known_at=@{}",
    "/corrections?before={}",
    "/compare?actor=bland&actor=aland&from={}",
    "/search?q=union&after={}",
    "/record?again={}",
    "/record?from={}&to={}",
    "/s/words?then={}&later={}",
)
FIELDS = ("version", "passage", "up", "target", "sibling", "entry", "n")
PAGES, SENT = ([*zip(names, cycle(HUGE), strict=False)] for names in (ADDRESSES, FIELDS))


@pytest.mark.few(6)
@pytest.mark.parametrize("asked", PAGES)
def test_a_number_beyond_64_bits_is_no_fault_of_ours(paper: Paper, asked: tuple[str, str]) -> None:
    address, number = asked
    assert paper.open(address.replace("{}", number)).status_code < 500


@pytest.mark.few(3)
@pytest.mark.parametrize("sent", SENT)
def test_a_number_beyond_64_bits_in_a_form_is_no_fault_of_ours(
    paper: Paper, sent: tuple[str, str]
) -> None:
    field, number = sent
    entry = paper.numbers["wants"]
    form = {
        field: f"{number}-{number}" if field == "passage" else number,
        "use": f"{field}={number}",
        "reason": "Why.",
        "together": "1",
    }
    for path in (
        "/record",
        "/record/check",
        f"/record/{entry}/correct",
        f"/record/{entry}/retract",
        f"/record/{entry}/link",
        "/record/story/talks",
        "/record/actor/bland/rename",
        "/record/topic/union/reword",
    ):
        assert paper.post(path, form).status_code < 500, path


def test_a_number_beyond_64_bits_in_a_cookie_is_forgotten(paper: Paper) -> None:
    paper.reader.set_cookie("seen", "union." + "9" * 3_000)
    assert paper.open("/t/union").status_code == 200


@pytest.mark.parametrize(
    "address", ["/actors?q={}", "/search?q={}", "/t/{}", "/record/actors?a={}"]
)
@pytest.mark.parametrize("length", [200, 3_000, 30_000])
def test_a_long_address_is_answered_or_refused_in_a_line(
    paper: Paper, address: str, length: int
) -> None:
    answer = paper.open(address.replace("{}", "x" * length))
    is_long = length > (MAX_PATH if address == "/t/{}" else MAX_VALUE)
    assert answer.status_code in ((414,) if is_long else (200, 404))
    assert not is_long or "This address is too long" in answer.text


@pytest.mark.parametrize("sign", ["%0a", "%0d%0aX-Evil:%201", "%00", "%1b", "%e2%80%ae"])
@pytest.mark.parametrize("path", ["/record/topic/{}/file", "/record/story/{}", "/t/{}", "/s/{}"])
def test_a_path_that_cannot_be_seen_leads_nowhere(paper: Paper, path: str, sign: str) -> None:
    address = path.replace("{}", f"union{sign}")
    answers = paper.open(address), paper.post(address)
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert not any("X-Evil" in answer.headers for answer in answers)


def test_a_body_of_any_length_is_refused_before_it_is_kept(paper: Paper, serve: Serve) -> None:
    host, _, port = serve(paper.app).removeprefix("http://").partition(":")
    head = f"POST /prefs HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10**9}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(12) == b"HTTP/1.1 413"
