"""The ground that the tests stand on holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from werkzeug.test import Client

from tests.support.access import THEMES, check_access
from tests.support.made_once import CompiledTemplates
from tests.support.planted_faults import ROOT, Outcome, chosen, figure
from tests.support.postgres import fresh_database, running_postgres
from tests.support.store_copies import copied
from tests.support.waiting import wait_until
from tests.support.web_server import LATENCY, in_pieces, slowed
from tests.support.weight import lines_of_code, types_of_a_statement
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from playwright.sync_api import Page

    from tests.support.contexts import Contexts
    from tests.support.postgres import PostgresServer
    from tests.support.web_server import Serve

HOLD_A_SERVER = """
from tests.support.postgres import PostgresServer
server = PostgresServer()
print(server.home, server.pid, flush=True)
input()
"""

KEYS = "<script>onkeydown = (event) => { window.heard = event.key; }</script>"


def answer(status: str, body: str) -> WSGIApplication:
    def application(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/html; charset=utf-8")])
        return [body.encode()]

    return application


def test_a_store_of_each_kind_is_empty(store_url: str) -> None:
    with closing(open_store(store_url, create=False, prepare=False)) as services:
        assert services.models.is_current()
        assert services.log.head() == 0


def test_at_an_address_of_each_kind_no_store_is_yet(new_store_url: str) -> None:
    if new_store_url.startswith("sqlite:///"):
        assert not Path(new_store_url.removeprefix("sqlite:///")).exists()
    else:
        with psycopg.connect(new_store_url) as connection:
            tables = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
        assert tables == (0,)


def test_a_database_server_of_the_tests_is_durable_and_unreachable_from_outside(
    own_postgres: PostgresServer,
) -> None:
    with psycopg.connect(own_postgres.url) as connection:
        for setting, value in (("fsync", "on"), ("synchronous_commit", "on")):
            assert connection.execute(f"SHOW {setting}").fetchone() == (value,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert psutil.Process(own_postgres.pid).net_connections("inet") == []


def test_a_killed_database_server_starts_again_with_what_was_committed(
    own_postgres: PostgresServer,
) -> None:
    with psycopg.connect(own_postgres.url) as connection:
        connection.execute("CREATE TABLE said (word text)")
        connection.execute("INSERT INTO said VALUES ('supports')")
    killed = own_postgres.pid
    own_postgres.kill()
    own_postgres.start()
    assert own_postgres.pid != killed
    with psycopg.connect(own_postgres.url) as connection:
        assert connection.execute("SELECT word FROM said").fetchone() == ("supports",)


@pytest.mark.thorough
def test_a_database_server_leaves_nothing_behind() -> None:
    with running_postgres() as server:
        home, pid = server.home, server.pid
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)
    assert not home.exists()


@pytest.mark.thorough
def test_a_database_server_ends_with_tests_that_are_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_SERVER],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        home, pid = holder.stdout.readline().split()
        os.kill(holder.pid, signal.SIGKILL)
    wait_until(lambda: not Path(home).exists() and not psutil.pid_exists(int(pid)))


def test_an_application_is_served_until_its_test_ends(serve: Serve) -> None:
    address = urlsplit(serve(answer("200 OK", "one")))
    kept_open = HTTPConnection(address.netloc)
    kept_open.request("GET", "/")
    assert kept_open.getresponse().read() == b"one"
    kept_open.close()


def test_a_page_is_shown_in_a_real_browser(serve: Serve, page: Page) -> None:
    page.goto(serve(answer("200 OK", "<title>Berlin talks</title>")))
    assert page.title() == "Berlin talks"


def test_nobody_looks_at_a_page_before_it_has_come(serve: Serve, page: Page) -> None:
    first, then = "<a href='/then'>Then</a>", "<p>words</p>" * 2 + KEYS

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        body = then if environ["PATH_INFO"] == "/then" else first
        return in_pieces(f"<!doctype html>{body}".encode(), 0.5)

    page.goto(serve(application))
    for look, found in (
        (lambda: page.locator("p").count(), 2),
        (lambda: page.evaluate("document.querySelectorAll('p').length"), 2),
        (lambda: heard(page, "k"), "k"),
    ):
        page.get_by_role("link").click()
        assert look() == found
        page.go_back()


def heard(page: Page, key: str) -> object:
    page.keyboard.press(key)
    return page.evaluate("window.heard")


def test_a_page_that_never_comes_whole_is_left_all_the_same(
    serve: Serve, contexts: Contexts
) -> None:
    over = Event()

    def half() -> Iterator[bytes]:
        yield b"<!doctype html><p>words"
        over.wait()

    def application(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return half()

    with contexts.lent_page(locale="fr-FR") as page:
        page.goto(serve(application), wait_until="commit")
    over.set()


def test_a_slow_line_brings_what_a_quick_one_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = answer("404 Not Found", "one")
    monkeypatch.delenv(LATENCY, raising=False)
    assert slowed(plain) is plain
    monkeypatch.setenv(LATENCY, "1")
    response = Client(slowed(plain)).get("/")
    assert (response.status_code, response.text) == (404, "one")


def test_a_page_reaches_no_other_host(serve: Serve, page: Page) -> None:
    page.goto(serve(answer("200 OK", "")))
    reached = page.evaluate("fetch('https://example.org/').then(() => true, () => false)")
    assert reached is False


def test_nobody_finds_what_somebody_before_them_left_in_a_browser(
    serve: Serve, contexts: Contexts
) -> None:
    address = serve(answer("200 OK", "one"))
    for _ in range(2):
        with contexts.lent(locale="en-GB") as context:
            page = context.new_page()
            page.goto(address)
            assert page.evaluate("[document.cookie, localStorage.length]") == ["", 0]
            state = "navigator.permissions.query({name: 'geolocation'}).then((it) => it.state)"
            assert page.evaluate(state) != "granted"
            page.evaluate("document.cookie = 'seen=1'; localStorage.seen = '1'")
            context.grant_permissions(["geolocation"])
            context.route("**/*", lambda route: route.abort())
            assert page.evaluate("document.cookie") == "seen=1"
            assert page.evaluate(state) == "granted"


def test_a_page_that_is_lent_again_is_as_good_as_new(serve: Serve, contexts: Contexts) -> None:
    address = serve(answer("200 OK", "one"))
    lent: list[Page] = []
    heard: list[str] = []
    for _ in range(2):
        with contexts.lent_page(locale="de-AT") as page:
            page.on("console", lambda message: heard.append(message.text))
            page.goto(address)
            assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
            assert page.evaluate("window.name + document.cookie") == ""
            assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is False
            assert page.viewport_size == {"width": 1280, "height": 720}
            page.evaluate("console.log('said')")
            page.evaluate("sessionStorage.seen = localStorage.seen = window.name = 'seen'")
            page.evaluate("document.cookie = 'seen=1'; onbeforeunload = () => 'stay'")
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size({"width": 390, "height": 900})
            page.route("**/*", lambda route: route.abort())
            lent.append(page)
    assert lent[0] is lent[1]
    assert heard == ["said", "said"]


def test_a_page_that_was_at_several_sites_or_has_a_clock_of_its_own_is_lent_to_nobody_else(
    serve: Serve, contexts: Contexts
) -> None:
    sites = [serve(answer("200 OK", "one")) for _ in range(2)]
    lent = []
    for clock in (False, True, False):
        with contexts.lent_page(locale="de-CH") as page:
            lent.append(page)
            if clock:
                page.clock.install()
            for site in sites[clock:]:
                page.goto(site)
            assert page.evaluate("'__pwClock' in window") is clock
    assert len({*lent}) == len(lent)


def test_a_copy_of_a_store_goes_its_own_way(
    talks_original: str, tmp_path: Path, postgres_server: str
) -> None:
    with fresh_database(postgres_server) as url:
        with closing(open_store(url)) as services:
            services.newsroom.stories.open(services.newsroom.byline("anna"), "One")
        for number, original in enumerate((talks_original, url)):
            heads = []
            for copy in range(2):
                with (
                    copied(original, tmp_path / f"{number}-{copy}") as address,
                    closing(open_store(address)) as services,
                ):
                    heads.append(services.log.head())
                    services.newsroom.stories.open(services.newsroom.byline("anna"), "Two")
                    assert services.log.head() > heads[-1]
            assert heads[0] == heads[1] > 0


ALIKE = "<!doctype html><html lang=en><title>Words</title><main><h1>Words</h1>{}</main>"
FAINT = "color: #ccc; background: #fff"


def test_a_site_keeps_an_address_of_its_own_to_itself() -> None:
    def site(*paths: str) -> Flask:
        made = Flask("site")
        for path in paths:
            made.add_url_rule(path, path, lambda path=path: path)
        assert len([*made.url_map.iter_rules()]) == len(paths) + 1
        return made

    flask, other, late = site("/a"), site("/a", "/b"), site("/a")
    late.add_url_rule("/b", "late", lambda: "late")
    readers = [each.test_client() for each in (flask, other, late)]
    assert [reader.get("/a").text for reader in readers] == ["/a"] * 3
    assert [reader.get("/b").status_code for reader in readers] == [404, 200, 200]
    assert [reader.get("/b").text for reader in readers[1:]] == ["/b", "late"]


def test_faint_words_are_found_among_words_that_look_alike(page: Page) -> None:
    plain = "<p class=a>words</p>" * 3
    page.set_content(ALIKE.format(plain))
    check_access(page)
    for faint in (f"<p class=a style='{FAINT}'>words</p>", f"<div style='{FAINT}'>{plain}</div>"):
        page.set_content(ALIKE.format(plain + faint + plain))
        for theme in THEMES:
            with pytest.raises(AssertionError, match="color-contrast"):
                check_access(page, theme)


def test_templates_that_one_process_has_compiled_are_compiled_by_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(source: str) -> str:
        compiled = CompiledTemplates()  # as in a process of its own
        compiled.share(tmp_path / "templates")
        templates = Environment(
            loader=DictLoader({"page.html": source}), bytecode_cache=compiled, autoescape=True
        )
        return templates.get_template("page.html").render(name="Åland")

    def refuse(*_: object, **__: object) -> None:
        msg = "compiled again"
        raise AssertionError(msg)

    assert written("Of {{ name }}") == "Of Åland"
    assert written("From {{ name }}") == "From Åland"
    monkeypatch.setattr(Environment, "_generate", refuse)
    assert written("From {{ name }}") == "From Åland"


@pytest.mark.thorough
def test_a_planted_fault_is_of_each_kind_in_turn_and_can_be_read() -> None:
    faults = chosen(20, seed=1)
    assert {fault.kind for fault in faults} == {"comparison", "constant", "line", "operator"}
    for fault in faults:
        planted = fault.planted()
        compile(planted, fault.path, "exec")
        assert planted != (ROOT / fault.path).read_bytes(), fault.told()


def test_a_fault_that_no_test_finds_is_not_counted_among_those_that_are_found() -> None:
    outcomes = [Outcome("", "", by) for by in ("first", "first", "first", "second", "neither")]
    assert figure(outcomes) == "of 5 faults all tests find 4, the first tier 3: 75.0 of 100"


def test_a_line_of_code_is_no_comment_no_docstring_and_no_import() -> None:
    source = b'''"""What it is."""

import os
from pathlib import (
    Path,
)

# Why.
HERE = Path(  # why here
    os.curdir
)
"""Where we are,
and why."""

WORDS = """
of several lines
"""
'''
    assert lines_of_code(source) == 6


def test_the_types_of_a_statement_exist() -> None:
    assert types_of_a_statement() > 0
