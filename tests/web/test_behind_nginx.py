"""The site behind nginx, as Debian ships it and docs/proxies/nginx.conf sets it up."""

from __future__ import annotations

import os
import re
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.front_door import (
    Reader,
    believes_no_other_way,
    lets_nobody_edit,
    sent_file,
    site_behind,
)
from tests.support.nginx import NAME, find, free_port, in_front_of, running, wait_for
from tests.support.waiting import wait_until
from timeline.desk.accounts.roles import Role
from web import create_app
from web.shell import page_cache
from web.shell.identity import Identity, everybody_is, everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.web_server import Serve
    from tests.web.paper import Paper

pytestmark = pytest.mark.thorough


EDITOR = Identity("editor", Role.EDITOR)
PAGE = "/t/union"
NEWS = "Says that it has changed."

LONG_FOR_A_SECOND = 30.0
"""Seconds in which a page that is kept for one is gone, however busy the machine is."""


@pytest.fixture
def reader(paper: Paper, tmp_path: Path) -> Iterator[Reader]:
    yield from site_behind(in_front_of, paper, tmp_path, everybody_reads)


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


def test_programs_that_speak_in_the_clear_are_told_so(reader: Reader) -> None:
    answer, text = reader.ask("GET", "/api/v1/topics", https=False)
    assert (answer.status, text) == (403, "Ask by https.\n")


def test_a_body_that_is_too_large_ends_at_nginx(reader: Reader) -> None:
    answer, text = reader.ask("POST", "/prefs", "x" * 1_100_000)
    assert answer.status == 413
    assert "nginx" in text


def test_a_file_to_be_coded_comes_through_from_who_may_code(paper: Paper, tmp_path: Path) -> None:
    for editor in site_behind(in_front_of, paper, tmp_path, lambda _: EDITOR):
        assert "nginx" in sent_file(editor, "/record")[1]
        status, told = sent_file(editor)
        assert status == 200
        assert "The minister said so again." in told


def test_a_file_of_who_only_reads_is_refused_by_the_site(reader: Reader) -> None:
    status, told = sent_file(reader)
    assert (status, "nginx" in told) == (403, False)


def test_who_claims_to_come_by_another_way_is_not_believed(reader: Reader) -> None:
    believes_no_other_way(reader)


@pytest.fixture
def lazy(paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader of a site whose pages nginx keeps for an hour, and the site itself for no second."""
    monkeypatch.setattr(page_cache, "FOR_EVERYBODY", "public, max-age=0, s-maxage=3600")
    monkeypatch.setattr(page_cache, "FRESH_FOR", 0)
    yield from site_behind(in_front_of, paper, tmp_path, everybody_reads)


def news(paper: Paper) -> None:
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase=NEWS)
    paper.services.models.catch_up()


def test_who_has_no_cookie_gets_the_page_that_another_got(paper: Paper, lazy: Reader) -> None:
    first, text = lazy.ask("GET", PAGE)
    news(paper)
    answer, again = lazy.ask("GET", PAGE)
    assert again == text
    assert answer.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert lazy.ask("GET", PAGE, If_None_Match=first.headers["ETag"])[0].status == 304
    assert NEWS in lazy.ask("GET", f"{PAGE}?s=1")[1]


@pytest.mark.parametrize(
    "asked",
    [{"If_None_Match": "*"}, {"If_None_Match": 'W/"0"'}, {"Range": "bytes=0-2"}],
    ids=str,
)
def test_what_nothing_came_of_or_a_part_is_kept_for_nobody_else(
    lazy: Reader, asked: dict[str, Any]
) -> None:
    _, text = lazy.ask("GET", PAGE, Cookie="__Host-theme=dark")
    script = re.search(r"/static/[^\"]+\.js[^\"]*", text)
    assert script
    for path in (PAGE, script[0]):
        lazy.ask("GET", path, **asked)
        whole, body = lazy.ask("GET", path)
        assert whole.status == 200
        assert len(body) > 1_000


@pytest.mark.parametrize(
    "known",
    [
        {"Cookie": "__Host-theme=dark"},
        {"Authorization": "Bearer nobody"},
        {"Cache_Control": "no-cache"},
        {"HX_Request": "true"},
        {"Accept_Language": "de"},
    ],
    ids=str,
)
def test_who_is_known_or_asks_for_another_page_gets_none_that_is_kept(
    paper: Paper, lazy: Reader, known: dict[str, Any]
) -> None:
    lazy.ask("GET", PAGE)
    news(paper)
    assert NEWS in lazy.ask("GET", PAGE, **known)[1]
    assert NEWS not in lazy.ask("GET", PAGE)[1]


def test_a_page_is_kept_in_each_way_to_pack_it_that_somebody_asked_for(
    paper: Paper, lazy: Reader
) -> None:
    ways = {"gzip, deflate, br, zstd": "br", "gzip": "gzip", "identity": None}
    first = {taken: lazy.ask("GET", PAGE, Accept_Encoding=taken) for taken in ways}
    news(paper)
    for taken, coding in ways.items():
        answer, text = lazy.ask("GET", PAGE, Accept_Encoding=taken)
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["Content-Length"] == first[taken][0].headers["Content-Length"]
        assert text == first["identity"][1]
        tag = answer.headers["ETag"]
        again, _ = lazy.ask("GET", PAGE, Accept_Encoding=taken, If_None_Match=tag)
        assert again.status == 304
    assert len({answer.headers["Content-Length"] for answer, _ in first.values()}) == len(ways)
    assert NEWS in lazy.ask("GET", PAGE, Accept_Encoding="br")[1]


def test_what_the_site_does_not_keep_is_kept_by_nobody(paper: Paper, lazy: Reader) -> None:
    before = lazy.ask("GET", "/readyz")[1]
    news(paper)
    assert lazy.ask("GET", "/readyz")[1] != before


def test_a_page_is_kept_for_a_second(paper: Paper, reader: Reader) -> None:
    reader.ask("GET", PAGE)
    news(paper)
    begun = time.monotonic()
    wait_until(lambda: NEWS in reader.ask("GET", PAGE)[1])
    assert time.monotonic() - begun < LONG_FOR_A_SECOND


def test_who_comes_while_nginx_asks_for_a_newer_page_waits_for_nothing(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = "public, max-age=0, s-maxage=1, stale-while-revalidate=3600"
    monkeypatch.setattr(page_cache, "FOR_EVERYBODY", stays)
    monkeypatch.setattr(page_cache, "FRESH_FOR", 0)
    for reader in site_behind(in_front_of, paper, tmp_path, everybody_reads):
        _, text = reader.ask("GET", PAGE)
        news(paper)
        time.sleep(1.2)
        assert reader.ask("GET", PAGE)[1] == text
        wait_until(lambda: NEWS in reader.ask("GET", PAGE)[1])  # noqa: B023 - asked within


BARE = """
proxy_http_version 1.1;
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {address};
        proxy_set_header Connection "";
    }}
}}
"""
"""What nginx does of itself from version 1.30 on: it keeps connections open and adds nothing."""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs nginx as another user")
def test_nobody_is_the_editor_through_another_user_s_nginx_that_adds_nothing(
    paper: Paper, serve: Serve, tmp_path: Path
) -> None:
    address = serve(create_app(paper.services, identify=everybody_is("editor")))
    program, port = find(), free_port()
    assert program
    site = BARE.format(port=port, address=address)
    with running(program, tmp_path, site, user="") as server:
        wait_for(port, server)
        for door, status in ((int(address.rpartition(":")[2]), 200), (port, 403)):
            connection = HTTPConnection("127.0.0.1", door, timeout=60)
            connection.request("GET", "/record")
            assert connection.getresponse().status == status
            connection.close()


def test_through_nginx_nobody_is_the_editor_of_this_machine(paper: Paper, tmp_path: Path) -> None:
    lets_nobody_edit(in_front_of, paper, tmp_path)
