"""The site behind Caddy, as docs/proxies/Caddyfile sets it up."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT
from tests.faults.beside.conftest import PROGRAMS
from tests.live.behind import live_site_behind
from tests.support.front_door import (
    Reader,
    believes_no_other_way,
    lets_nobody_edit,
    sent_file,
    site_behind,
)
from tests.support.nginx import NAME, Front, certified, free_port
from timeline.desk.accounts.roles import Role
from web.shell.identity import Identity, everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.paper import Paper

CADDY = PROGRAMS / "caddy"
CADDYFILE = ROOT / "docs" / "proxies" / "Caddyfile"
AROUND = """\
{{
	admin off
	auto_https disable_certs
	http_port {http}
	https_port {https}
	storage file_system {folder}/caddy
}}
"""


@contextmanager
def in_front_of(address: str, folder: Path) -> Iterator[Front]:
    """Run Caddy before a site, with a certificate of its own in place of a public one."""
    front = Front(free_port(), free_port(), certified(folder))
    text = CADDYFILE.read_text("utf-8")
    changed = {
        "127.0.0.1:8000": address.removeprefix("http://"),
        f"{NAME} {{": f"{NAME} {{\n\tbind 127.0.0.1\n\ttls {folder}/fullchain.pem"
        f" {folder}/privkey.pem",
    }
    for documented, here in changed.items():
        assert text.count(documented) == 1, documented
        text = text.replace(documented, here)
    around = AROUND.format(http=front.http, https=front.https, folder=folder)
    (folder / "Caddyfile").write_text(around + text)
    command = [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as server:
        try:
            wait_for(front.https, server, folder / "log")
            yield front
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise RuntimeError(log.read_text())


@pytest.fixture
def reader(paper: Paper, tmp_path: Path) -> Iterator[Reader]:
    yield from site_behind(in_front_of, paper, tmp_path, everybody_reads)


def test_a_page_comes_by_https_with_all_that_binds_it_there(reader: Reader) -> None:
    answer, text = reader.ask("GET", "/t/union")
    assert answer.status == 200
    assert "Should Aland join the union?" in text
    assert f"https://{NAME}/" in text
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    for cookie in cookies:
        assert re.match(r"__Host-\w+=[^;]*; ", cookie)
        assert "Secure" in cookie
    assert answer.headers["Server"] is None


def test_http_leads_to_https(reader: Reader) -> None:
    answer, _ = reader.ask("GET", "/t/union?s=1", https=False)
    assert answer.status == 308
    assert answer.headers["Location"].startswith(f"https://{NAME}")


# Of a body that ends half way, waitress leaves the file that it lay in to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_that_is_too_large_is_refused(reader: Reader, paper: Paper) -> None:
    head = paper.services.log.head()
    answer, _ = reader.ask("POST", "/prefs", "x" * 1_100_000)
    assert answer.status == 413
    assert paper.services.log.head() == head


def test_a_file_to_be_coded_comes_through_from_who_may_code(paper: Paper, tmp_path: Path) -> None:
    editor = Identity("editor", Role.EDITOR)
    for coder in site_behind(in_front_of, paper, tmp_path, lambda _: editor):
        status, told = sent_file(coder)
        assert status == 200
        assert "The minister said so again." in told


def test_who_claims_to_come_by_another_way_is_not_believed(reader: Reader) -> None:
    believes_no_other_way(reader)


def test_through_caddy_nobody_is_the_editor_of_this_machine(paper: Paper, tmp_path: Path) -> None:
    lets_nobody_edit(in_front_of, paper, tmp_path)


def test_news_come_through_caddy_as_they_are_recorded(paper: Paper, tmp_path: Path) -> None:
    with live_site_behind(in_front_of, paper.services, tmp_path) as listen:
        reader = listen(f"/live/t/union?since={paper.services.log.head()}")
        assert reader.status == 200
        assert reader.news() == []
        for day in (1, 2):
            before = time.monotonic()
            number = paper.say(f"no {day}", "aland", "opposes", f"2025-09-0{day}", paraphrase="No.")
            assert reader.next().data == str(number)
            assert time.monotonic() - before < 1
