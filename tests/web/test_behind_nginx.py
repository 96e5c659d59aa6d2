"""The site behind nginx, as Debian ships it and docs/proxies/nginx.conf sets it up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.front_door import Reader, believes_no_other_way, lets_nobody_edit, site_behind
from tests.support.nginx import NAME, in_front_of
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.paper import Paper


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


def test_who_claims_to_come_by_another_way_is_not_believed(reader: Reader) -> None:
    believes_no_other_way(reader)


def test_through_nginx_nobody_is_the_editor_of_this_machine(paper: Paper, tmp_path: Path) -> None:
    lets_nobody_edit(in_front_of, paper, tmp_path)
