"""Addresses are asked politely, in bounds, and lead nobody into a network."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.nginx import NAME, certified
from tests.support.press import leading_to, running_press
from timeline.capture.files.fetching import Bounds, FetchedAnswer, fetch
from timeline.domain.errors import Refused
from timeline.domain.text import is_public

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.support.press import Press


LOOPBACK = (
    "http://127.0.0.1:{port}/secret",
    "http://127.1:{port}/secret",
    "http://127.0.1:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://0x7f000001:{port}/secret",
    "http://0x7f.0.0.1:{port}/secret",
    "http://0X7F.1:{port}/secret",
    "http://017700000001:{port}/secret",
    "http://0177.0.0.01:{port}/secret",
    "http://0177.0x0.1:{port}/secret",
    "http://0:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://0x0:{port}/secret",
    "http://localhost:{port}/secret",
    "http://LOCALHOST:{port}/secret",
    "http://example.org@127.0.0.1:{port}/secret",
    "http://example.org:80@127.0.0.1:{port}/secret",
    "http://example.org%2F@127.0.0.1:{port}/secret",
    "http://a@b@127.0.0.1:{port}/secret",
    "http://\uff11\uff12\uff17.0.0.1:{port}/secret",
    "http://127\u30020\u30020\u30021:{port}/secret",
    "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[::ffff:7f00:1]:{port}/secret",
    "http://[0:0:0:0:0:ffff:7f00:0001]:{port}/secret",
)
"""Ways to write this machine that reach it."""

HOSTLESS = (
    "http://:{port}/secret",
    "//:{port}/secret",
    "http://@:{port}/secret",
    "http://user:pw@:{port}/secret",
    "http://user@:{port}/secret",
    "http://.:{port}/secret",
    "http://\u3002:{port}/secret",
    "http:///secret",
)

INSIDE = (
    *LOOPBACK,
    *(one for one in HOSTLESS if one != "http:///secret"),  # where it leads on, a path
    "http://127.0.0.1.:{port}/secret",
    "http://localhost.:{port}/secret",
    "http://127.255.255.254:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::]:{port}/secret",
    "http://[::127.0.0.1]:{port}/secret",
    "http://[::ffff:0:127.0.0.1]:{port}/secret",
    "http://[::ffff:0.0.0.0]:{port}/secret",
    "http://[::1%25lo]:{port}/secret",
    "http://[64:ff9b::7f00:1]:{port}/secret",
    "http://[64:ff9b:1::7f00:1]:{port}/secret",
    "http://[2002:7f00:1::]:{port}/secret",
    "http://[2002:a9fe:a9fe::1]/secret",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/secret",
    "http://169.254.169.254/latest/meta-data",
    "http://2852039166/latest/meta-data",
    "http://0xa9fea9fe/latest/meta-data",
    "http://0251.0376.0251.0376/latest/meta-data",
    "http://169.254.43518/latest/meta-data",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://[64:ff9b::a9fe:a9fe]/latest/meta-data",
    "http://[fd00:ec2::254]/latest/meta-data",
    "http://168.63.129.16/machine",
    "http://100.100.100.200/latest/meta-data",
    "http://192.0.0.192/opc/v2",
    "http://10.0.0.1/secret",
    "http://172.31.255.1/secret",
    "http://192.168.0.1/secret",
    "http://192.88.99.1/secret",
    "http://198.18.0.1/secret",
    "http://203.0.113.7/secret",
    "http://224.0.0.251/secret",
    "http://240.0.0.1/secret",
    "http://255.255.255.255/secret",
    "http://[fd00::1]/secret",
    "http://[fe80::1]/secret",
    "http://[fe80::1%25eth0]/secret",
    "http://[fec0::1]/secret",
    "http://[ff02::1]/secret",
    "http://[2001:db8::1]/secret",
    "file:///etc/passwd",
    "ftp://127.0.0.1/secret",
    "gopher://127.0.0.1:{port}/secret",
)
"""Addresses that lead inside a network, or nowhere."""


def fetch_named(address: str, **more: Any) -> FetchedAnswer:  # noqa: ANN401 - what `fetch` takes
    """Ask an address that the operator named."""
    return fetch(address, own_address=address, **more)


def test_an_answer_comes_with_what_is_told_the_next_time(press: Press) -> None:
    press.answers["/feed?q=1"] = "<feed/>"
    answer = fetch_named(press.at("/feed?q=1"))
    assert (answer.status, answer.body, answer.etag) == (200, b"<feed/>", '"one"')
    fetch_named(press.at("/feed?q=1"), etag=answer.etag, modified=answer.modified)
    first, second = (headers for _, headers in press.asked)
    assert "If-None-Match" not in first
    assert second["If-None-Match"] == '"one"'
    assert second["If-Modified-Since"] == "Mon, 15 Dec 2025 09:00:00 GMT"
    assert second["Host"] == press.address.removeprefix("http://")
    assert "Standline" in second["User-Agent"]


def test_a_status_is_told_with_the_pause_that_it_asks_for(press: Press) -> None:
    def busy(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", "120")
        handler.end_headers()

    press.answers["/busy"] = busy
    answer = fetch_named(press.at("/busy"))
    assert (answer.status, answer.pause, answer.body) == (503, 120, b"")
    assert fetch_named(press.at("/nothing")).status == 404


def test_an_address_leads_on_upon_its_own_host_and_not_for_ever(press: Press) -> None:
    press.answers |= {"/old": leading_to("/new"), "/new": "here", "/round": leading_to("/round")}
    assert fetch_named(press.at("/old")).body == b"here"
    with pytest.raises(Refused, match="leads on too often"):
        fetch_named(press.at("/round"))


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_leads_into_a_network(press: Press, address: str) -> None:
    port = press.address.rpartition(":")[2]
    inside = address.format(port=port)
    press.answers |= {"/out": leading_to(inside), "/secret": "secret"}
    with pytest.raises(Refused, match=r"leads on to a host inside a network|nothing answers"):
        fetch(inside, bounds=Bounds(seconds=2))
    assert press.asked == []
    with pytest.raises(Refused, match=r"leads on to a host inside a network|nothing answers"):
        fetch_named(f"http://0177.1:{port}/out", bounds=Bounds(seconds=2))
    assert [path for path, _ in press.asked] == ["/out"]


@pytest.mark.parametrize("address", LOOPBACK)
def test_an_odd_address_of_this_machine_is_one_that_the_operator_may_name(
    press: Press, address: str
) -> None:
    press.answers["/secret"] = "secret"
    named = address.format(port=press.address.rpartition(":")[2])
    assert fetch_named(named, bounds=Bounds(seconds=2)).body == b"secret"


@pytest.mark.parametrize("named", ["", "http://:80/feed", "nobody", "//", "http://user@/"])
@pytest.mark.parametrize("address", HOSTLESS)
def test_what_names_no_host_is_not_asked_whoever_names_it(
    press: Press, address: str, named: str
) -> None:
    press.answers["/secret"] = "secret"
    with pytest.raises(Refused, match=r"inside a network|nothing answers"):
        fetch(address.format(port=press.address.rpartition(":")[2]), own_address=named)
    assert press.asked == []


def test_a_resolver_that_leads_a_public_number_inside_is_seen_through(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(press.address.rpartition(":")[2])

    def misled(*_: object, **__: object) -> object:
        found = next(numbers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(socket, "getaddrinfo", misled)
    press.answers["/secret"] = "secret"
    numbers = iter(["1.1.1.1", "127.0.0.1"])
    with pytest.raises(Refused, match="inside a network"):
        fetch(f"http://misled.example:{port}/secret", bounds=Bounds(seconds=2))
    assert press.asked == []


def test_a_name_is_asked_at_the_number_that_was_looked_at(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(press.address.rpartition(":")[2])
    given = iter([[("203.0.113.7", 80)], [("127.0.0.1", port)]])
    looked_up = socket.getaddrinfo

    def changing(host: str, *others: object, **more: object) -> object:
        if host != "changing.example":
            return looked_up(host, *others, **more)  # type: ignore[arg-type]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in next(given)]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    press.answers |= {
        "/out": leading_to(f"http://changing.example:{port}/secret"),
        "/secret": "secret",
    }
    with pytest.raises(Refused, match=r"inside a network|nothing answers|takes longer"):
        fetch_named(press.at("/out"), bounds=Bounds(seconds=1))
    assert [path for path, _ in press.asked] == ["/out"]
    with pytest.raises(Refused, match="inside a network"):
        fetch_named(press.at("/out"), bounds=Bounds(seconds=1))


def test_what_is_public_is_told_by_the_number_and_what_it_carries() -> None:
    assert all(map(is_public, ("1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1")))
    for one in ("127.0.0.1", "::1", "10.1.2.3", "fe80::1%eth0", "::ffff:10.0.0.1", "224.0.0.1"):
        assert not is_public(one)


def test_what_is_too_large_or_never_ends_is_given_up(press: Press) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"x" * 100)

    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(gzip.compress(b"\0" * 50_000_000))

    press.answers |= {"/endless": endless, "/bomb": bomb}
    for path in press.answers:
        with pytest.raises(Refused, match="more than 1 megabytes"):
            fetch_named(press.at(path), bounds=Bounds(most=1_000_000))
    with pytest.raises(Refused, match=r"longer than 0\.2 seconds"):
        fetch_named(press.at("/endless"), bounds=Bounds(seconds=0.2, most=10**15))


def test_who_does_not_answer_is_silent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        with pytest.raises(Refused, match="nothing answers there"):
            fetch_named(address)
    with pytest.raises(Refused, match="nothing answers there"):
        fetch_named("http://no-such-host.invalid/feed")


@pytest.mark.parametrize("end", [b"", b"padding\r\n\r\n"])
def test_who_answers_letter_by_letter_is_given_up_in_time(end: bytes) -> None:
    is_over = threading.Event()

    def trickle() -> None:
        caller, _ = listening.accept()
        with caller, suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\nX-Long: " + end)
            while not is_over.wait(0.1):
                caller.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        talking = threading.Thread(target=trickle)
        talking.start()
        began = time.monotonic()
        stops = threading.Timer(5, is_over.set)
        stops.start()
        try:
            with pytest.raises(Refused, match=r"longer than 0\.5 seconds"):
                fetch_named(
                    f"http://127.0.0.1:{listening.getsockname()[1]}/feed",
                    bounds=Bounds(seconds=0.5),
                )
            assert time.monotonic() - began < 4  # and not the five for which there is more
        finally:
            is_over.set()
            stops.cancel()
            talking.join()


def test_what_is_sent_under_another_name_or_by_a_stranger_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "privkey.pem")
    looked_up = socket.getaddrinfo

    def here(_: str, port: int, *others: object, **more: object) -> object:
        return looked_up("127.0.0.1", port, *others, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with running_press(context) as safe:
        safe.answers["/feed"] = "safe"
        port = safe.address.rpartition(":")[2]
        with pytest.raises(Refused, match="certificate"):
            fetch_named(f"https://{NAME}:{port}/feed")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch_named(f"https://{NAME}:{port}/feed").body == b"safe"
        with pytest.raises(Refused, match="certificate"):
            fetch_named(f"https://other.example.org:{port}/feed")
