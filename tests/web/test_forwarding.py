"""Who is forwarded by a proxy is a reader, whatever address the proxy has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from web.shell import forwarding
from web.shell.forwarding import is_forwarded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.paper import Paper


def request(**given: Any) -> Request:  # noqa: ANN401 - what a request is built from
    headers = {name.replace("_", "-"): value for name, value in given.pop("headers", {}).items()}
    base = given.pop("base_url", "http://127.0.0.1:8000")
    return Request(EnvironBuilder("/", base_url=base, headers=headers, **given).get_environ())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:80", "[::1]", "127.1.2.3"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.9.9.9"])
def test_what_comes_from_this_machine_is_not_forwarded(host: str, address: str) -> None:
    asked = request(base_url=f"http://{host}", environ_overrides={"REMOTE_ADDR": address})
    assert not is_forwarded(asked)


FIREFOX = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "de,en-US;q=0.7",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "DNT": "1",
    "Sec-GPC": "1",
    "Connection": "keep-alive",
    "Cookie": "theme=dark",
    "Referer": "http://127.0.0.1:8000/",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
    "If-None-Match": '"1"',
    "Priority": "u=0, i",
    "Pragma": "no-cache",
    "Cache-Control": "no-cache",
}
HTMX_POST = {
    "HX-Request": "true",
    "HX-Target": "view",
    "HX-Current-URL": "http://127.0.0.1:8000/",
    "HX-Trigger-Name": "q",
    "Origin": "http://127.0.0.1:8000",
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": "0",
    "sec-ch-ua": '"Chromium";v="140"',
    "sec-ch-ua-platform": '"Linux"',
    "Save-Data": "on",
}
CURL = {"User-Agent": "curl/8.14.1", "Accept": "*/*", "Authorization": "Bearer x"}
EVENT_SOURCE = {"Accept": "text/event-stream", "Last-Event-ID": "9", "Cache-Control": "no-cache"}


@pytest.mark.parametrize("headers", [FIREFOX, HTMX_POST, CURL, EVENT_SOURCE])
def test_what_browsers_and_programs_send_themselves_is_not_forwarded(
    headers: dict[str, str],
) -> None:
    assert not is_forwarded(request(headers=headers))


@pytest.mark.parametrize(
    "given",
    [
        {"headers": {"Forwarded": "for=192.0.2.1"}},
        {"headers": {"X_Forwarded_For": "127.0.0.1"}},
        {"headers": {"X_Forwarded_Proto": "https"}},
        {"headers": {"x_forwarded_something_new": ""}},
        {"headers": {"X_Real_IP": "127.0.0.1"}},
        {"headers": {"Via": "1.1 somewhere"}},
        {"headers": {"CF_Connecting_IP": "192.0.2.1"}},
        {"headers": {"X_Nginx_Proxy": "true"}},
        {"headers": {"Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}},
        {"headers": {"Tracestate": "a=b"}},
        {"headers": {"B3": "0"}},
        {"headers": {"X_Request_Id": "1"}},
        {"headers": {"X_Amzn_Trace_Id": "Root=1"}},
        {"headers": {"X_Cloud_Trace_Context": "1/1"}},
        {"headers": {"Uber_Trace_Id": "1:1:0:1"}},
        {"headers": {"X_Tunnel": ""}},
        {"headers": {"Proxy_Connection": "keep-alive"}},
        {"headers": {"Surrogate_Capability": "a=ESI/1.0"}},
        {"headers": {"Max_Forwards": "10"}},
        {"headers": {"Early_Data": "1"}},
        {"headers": {"Tailscale_User_Login": "ann@example.org"}},
        {"headers": {"Anything_New": "1"}},
        {"headers": {"Connection": "close"}},
        {"headers": {"Connection": "keep-alive, X-Other"}},
        {"base_url": "http://news.example"},
        {"base_url": "http://127.0.0.1.news.example"},
        {"base_url": "http://192.0.2.1:8000"},
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}},
        {"environ_overrides": {"REMOTE_ADDR": "::ffff:192.0.2.1"}},
        {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1.0"}},
    ],
)
def test_what_a_proxy_passes_on_is_forwarded(given: dict[str, Any]) -> None:
    assert is_forwarded(request(**given))


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "Via", "X_Nginx_Proxy", "Traceparent", "Anything_New"]
)
def test_a_forwarded_form_records_nothing(paper: Paper, header: str) -> None:
    number, head = paper.numbers["wants"], paper.services.log.head()
    answer = paper.post(f"/record/{number}/retract", {"reason": "No."}, **{header: "127.0.0.1"})
    assert answer.status_code == 403
    assert paper.open("/record", **{header: "127.0.0.1"}).status_code == 403
    assert paper.services.log.head() == head
    assert "/record" not in paper.open(f"/s/{number}", **{header: "127.0.0.1"}).text


ENDS = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1 1 0
   1: 0100007F:C350 0100007F:1F40 {state} 00000000:00000000 00:00000000 00000000  {user}        0 2 1 0
"""  # noqa: E501 - as the system writes it


@pytest.mark.parametrize(
    ("user", "state", "forwarded"),
    [(1000, "01", False), (0, "01", True), (33, "01", True), (0, "06", True), (1000, "05", True)],
)
def test_an_open_connection_of_another_user_s_program_is_forwarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, state: str, *, forwarded: bool
) -> None:
    table = tmp_path / "tcp"
    table.write_text(ENDS.format(user=user, state=state))
    monkeypatch.setattr(forwarding, "SOCKETS", (table, tmp_path / "none"))
    monkeypatch.setattr("os.getuid", lambda: 1000)
    asked = request(environ_overrides={"REMOTE_PORT": "50000", "SERVER_PORT": "8000"})
    assert is_forwarded(asked) is forwarded
    assert not is_forwarded(asked, trusts_machine=True)


def test_root_brings_a_browser_s_connection_into_a_subsystem_of_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "tcp"
    table.write_text(ENDS.format(user=0, state="01"))
    monkeypatch.setattr(forwarding, "SOCKETS", (table, tmp_path / "none"))
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setattr("platform.release", lambda: "6.6.87-microsoft-standard-WSL2")
    assert not is_forwarded(
        request(environ_overrides={"REMOTE_PORT": "50000", "SERVER_PORT": "8000"})
    )


def test_where_the_system_does_not_say_whose_program_asks_everybody_is_forwarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "SOCKETS", (tmp_path / "none", tmp_path / "none"))
    assert not forwarding.system_tells_users()
    asked = request(environ_overrides={"REMOTE_PORT": "50000", "SERVER_PORT": "8000"})
    assert is_forwarded(asked)
    assert not is_forwarded(asked, trusts_machine=True)
    assert is_forwarded(request(headers={"Via": "1.1 x"}), trusts_machine=True)


def test_feeds_say_that_they_are_in_the_readers_language(paper: Paper) -> None:
    for feed in ("/t/union.atom", "/corrections.atom", "/story/talks.atom", "/index.atom"):
        assert {"Accept-Language", "Cookie"} <= {*paper.open(feed).vary}


def test_every_answer_says_what_pages_may_not_do(paper: Paper) -> None:
    for path in ("/", "/t/union.json", "/embed/t/union", "/static/app.css", "/nowhere"):
        headers = paper.open(path).headers
        assert "camera=()" in headers["Permissions-Policy"]
        # Chromium knows it on some systems only, and complains on the others.
        assert "web-share" not in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers
