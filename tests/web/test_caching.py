from __future__ import annotations

import gzip
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from flask import url_for
from flask_compress import flask_compress
from sqlalchemy import Engine, event

from tests.support.front_door import unpacked
from tests.web.site import HTMX, Site
from web.shell import bundles
from web.shell.identity import everybody_reads
from web.shell.page_cache import CachedAnswer, PageCache

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.web.paper import Paper
    from tests.web.still_clock import StillClock

pytestmark = pytest.mark.thorough

BROWSER = "gzip, deflate, br, zstd"
"""What browsers take, and send by `https`."""

KEPT = ["/", "/t/union", "/t/union?as_of=2025-10-01", "/t/union/why/aland", "/a/aland", "/log/diff"]
AS_DATA = ["/index.atom", "/t/union.json?as_of=2025-10-01", "/t/union.csv", "/a/aland.atom"]


def kept_pages(site: Site) -> list[CachedAnswer]:
    """Return what the cache of a site holds."""
    return [*site.app.extensions["pages"]._pages.values()]  # noqa: SLF001 - nobody else sees it


def etag(site: Site, path: str, **headers: str) -> str:
    """Return the tag of a page."""
    return site.open(path, **headers).headers["ETag"]


@pytest.mark.parametrize("path", KEPT + AS_DATA)
def test_who_has_the_page_is_not_sent_it_again(paper: Paper, path: str) -> None:
    first = paper.open(path)
    again = paper.open(path, If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Security-Policy"]
    assert "HX-Request" in again.vary
    assert "Cookie" in again.vary


@pytest.mark.parametrize("path", AS_DATA)
def test_who_has_data_is_sent_what_was_recorded_since(paper: Paper, path: str) -> None:
    first = paper.open(path)
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase="No.")
    paper.sign()
    again = paper.open(path, If_None_Match=first.headers["ETag"])
    assert again.status_code == 200
    assert again.data != first.data


def test_a_page_that_is_kept_asks_the_database_how_far_it_is_and_nothing_else(
    any_paper: Paper,
) -> None:
    paper = any_paper
    first = paper.open("/t/union")
    asked: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*given: object) -> None:
        if given[2] != "BEGIN":
            asked.append(str(given[2]))

    try:
        assert paper.open("/t/union").status_code == 200
        again = paper.open("/t/union", If_None_Match=first.headers["ETag"])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert again.status_code == 304
    assert len(asked) == 2
    assert all("progress" in one for one in asked)


@pytest.mark.parametrize(
    ("taken", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        (BROWSER, "br"),
        ("gzip, br;q=0.5", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("zstd", None),
        ("identity", None),
    ],
)
@pytest.mark.parametrize("path", ["/t/union", "/static/app.css"])
def test_who_takes_it_packed_gets_it_so_and_is_known_again(
    paper: Paper, path: str, taken: str, coding: str | None
) -> None:
    first, plain = paper.open(path, Accept_Encoding=taken), paper.open(path)
    assert first.headers.get("Content-Encoding") == coding
    assert unpacked(first.data, coding) == plain.data
    assert "Accept-Encoding" in first.headers["Vary"]
    again = paper.open(path, Accept_Encoding=taken, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Encoding" in again.headers["Vary"]


def test_brotli_sends_less_than_gzip(paper: Paper) -> None:
    for path in ("/t/union", "/static/app.css", "/static/app.js", f"/static/{LIBRARY}"):
        packed, other = (paper.open(path, Accept_Encoding=one) for one in ("br", "gzip"))
        assert len(packed.data) < 0.95 * len(other.data), path


def test_a_page_is_the_same_whether_it_was_kept_or_not(paper: Paper) -> None:
    paper.reader.set_cookie("seen", "union.1~deal.1")
    for path in KEPT:
        assert paper.open(path).text == paper.open(path).text
        other = Site(paper.services)
        other.reader.set_cookie("seen", "union.1~deal.1")
        assert other.open(path).text == paper.open(path).text


def kept(paper: Paper, file: str) -> str:
    """Return for how long a browser keeps a file."""
    with paper.open(file) as answer:
        return answer.headers["Cache-Control"]


def test_what_a_page_is_drawn_with_is_kept_for_good(paper: Paper) -> None:
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', paper.open("/record").text)
    assert len(files) == 9
    for file in files:
        assert "immutable" in kept(paper, file), file
        assert "max-age=31536000" in kept(paper, file)
    assert "immutable" not in kept(paper, "/static/app.css")
    assert "immutable" not in kept(paper, "/static/nothing.css?v=1")


def test_a_style_sheet_that_has_changed_has_another_address(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "SOURCES", tmp_path)
    monkeypatch.setitem(bundles.STYLES, "app.css", ("one", "other"))
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "one.css").write_text("p{}")
    addresses = []
    for text in ("p{}", "p{}", "a{}"):
        (tmp_path / "styles" / "other.css").write_text(text)
        with paper.reader.application.test_request_context():
            addresses.append(url_for("static", filename="app.css"))
    first, same, other = addresses
    assert first == same != other


LIBRARY = "vendor/htmx-2.0.11.min.js"


@pytest.mark.parametrize("file", ["app.css", "app.js", LIBRARY])
def test_who_has_a_style_sheet_or_script_is_not_sent_it_again(paper: Paper, file: str) -> None:
    first = paper.open(f"/static/{file}", Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    assert "/* " not in gzip.decompress(first.data).decode()
    tag = first.headers["ETag"]
    again = paper.open(f"/static/{file}", Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("file", ["app.css", LIBRARY, "icon.svg"])
def test_a_file_is_compressed_once_in_each_way_and_sent_as_it_is_to_who_takes_none(
    paper: Paper, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = ("gzip", BROWSER, "identity")
    bundles.compressed.cache_clear()
    first = [paper.open(f"/static/{file}", Accept_Encoding=taken) for taken in ways]
    monkeypatch.setattr(bundles, "PACKERS", dict.fromkeys(bundles.PACKERS))
    again = [paper.open(f"/static/{file}", Accept_Encoding=taken) for taken in ways]
    assert [response.data for response in again] == [response.data for response in first]
    assert (
        len({response.data for response in again})
        == len({response.headers["ETag"] for response in again})
        == 3
    )


def test_no_file_is_compressed_before_somebody_asks_for_it(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundles.compressed.cache_clear()
    monkeypatch.setattr(bundles, "PACKERS", dict.fromkeys(bundles.PACKERS))
    assert "/static/app.css?v=" in paper.open("/t/union").text


@pytest.mark.parametrize("name", ["%00.js", "../shell/x.js", "..%2Fnothing.js", "vendor/no.js"])
def test_what_is_no_file_of_the_site_is_not_found(paper: Paper, name: str) -> None:
    with paper.open(f"/static/{name}") as answer:
        assert answer.status_code == 404


def test_what_was_recorded_since_is_on_the_next_page(paper: Paper) -> None:
    before = {path: paper.open(path) for path in KEPT}
    paper.say("new", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    for path, old in before.items():
        new = paper.open(path, If_None_Match=old.headers["ETag"])
        assert new.status_code == 200, path
        assert new.headers["ETag"] != old.headers["ETag"]
    assert "Never, after all." in paper.read("/t/union")


def test_two_processes_never_mistake_their_pages_for_each_other(paper: Paper) -> None:
    assert etag(paper, "/") != etag(Site(paper.services), "/")


@pytest.mark.parametrize(
    ("cookie", "value", "mark"),
    [
        ("theme", "dark", 'data-theme="dark"'),
        ("density", "compact", 'data-density="compact"'),
        ("quotes", "orig", 'data-ql="orig"'),
        ("keys", "off", 'data-keys="off"'),
        ("lang", "de", '<html lang="de"'),
    ],
)
def test_nobody_gets_the_page_of_a_reader_who_chose_otherwise(
    paper: Paper, cookie: str, value: str, mark: str
) -> None:
    plain = paper.open("/t/union")
    chosen = paper.app.test_client()
    chosen.set_cookie(cookie, value)
    other = chosen.get("/t/union", headers={"If-None-Match": plain.headers["ETag"]})
    assert other.status_code == 200
    assert mark in other.text
    assert mark not in paper.open("/t/union").text


def test_the_language_of_the_browser_tells_pages_apart(paper: Paper) -> None:
    english = paper.open("/", Accept_Language="en")
    german = paper.open(
        "/", Accept_Language="de-AT,de;q=0.9", If_None_Match=english.headers["ETag"]
    )
    assert (english.status_code, german.status_code) == (200, 200)
    assert '<html lang="de"' in german.text
    assert '<html lang="en"' in paper.open("/", Accept_Language="fr").text


def test_a_part_is_never_served_as_a_page_nor_a_page_as_a_part(paper: Paper) -> None:
    for _ in range(2):
        whole = paper.open("/t/union")
        part = paper.reader.get("/t/union", headers=HTMX)
        assert "<html" in whole.text
        assert "<html" not in part.text
        assert whole.headers["ETag"] != part.headers["ETag"]
    tag = part.headers["ETag"]
    assert paper.open("/t/union", If_None_Match=tag).status_code == 200


def test_what_is_new_to_one_reader_is_not_new_to_another(paper: Paper) -> None:
    stranger = paper.app.test_client()
    paper.open("/t/union")
    paper.say("new", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    assert "Since your last visit" in paper.read("/t/union")
    assert "Since your last visit" not in stranger.get("/t/union").text
    assert "Since your last visit" in paper.read("/t/union")


def test_pages_on_different_hosts_do_not_cite_each_other(paper: Paper) -> None:
    path = f"/s/{paper.numbers['no']}"
    here = paper.open(path, Host="localhost:8000").text
    there = paper.open(path, Host="127.0.0.1:9000").text
    assert "http://localhost:8000/s/" in here
    assert "http://127.0.0.1:9000/s/" in there
    assert "localhost:8000" not in there


def test_an_error_is_not_kept(paper: Paper) -> None:
    assert "ETag" not in paper.open("/t/nowhere").headers
    assert "ETag" not in paper.open("/t/union?as_of=soon").headers
    paper.newsroom.topics.open(paper.dora(), "Where?", "claim", slug="nowhere")
    assert paper.open("/t/nowhere").status_code == 200


def test_while_the_page_is_behind_it_is_not_kept(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.shell.record_access.PATIENCE", -1.0)
    paper.say("new", "cland", "opposes", "2025-12-10", paraphrase="Never.")
    behind = paper.open("/t/union")
    assert "ETag" not in behind.headers
    monkeypatch.undo()
    assert "not shown yet" not in paper.open("/t/union").text


def test_kept_pages_weigh_no_more_than_they_may(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.shell.page_cache.MOST_BYTES", 60_000)
    site = Site(paper.services)
    for day in range(1, 15):
        for taken in ("identity", "gzip", "gzip, br"):
            answer = site.open(f"/t/union?as_of=2025-11-{day:02d}", Accept_Encoding=taken)
            assert answer.status_code == 200
    assert 0 < sum(len(page.body) for page in kept_pages(site)) <= 60_000


def test_the_page_that_nobody_asked_for_longest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.shell.page_cache.MOST_BYTES", 250)
    pages = PageCache()
    old, new, newest = (pages.run + name for name in ("old", "new", "newest"))
    for name in (old, new):
        pages.put(name, CachedAnswer(b"12345"))
    assert pages.get(old)
    pages.put(newest, CachedAnswer(b"12345"))
    assert (pages.get(old), pages.get(new)) == (CachedAnswer(b"12345"), None)


def test_a_page_heavier_than_all_may_be_is_given_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.shell.page_cache.MOST_BYTES", 250)
    pages, heavy = PageCache(), CachedAnswer(bytes(251))
    name = f"{pages.run}heavy"
    pages.put(name, heavy)
    assert pages.page(name, lambda: heavy) == heavy
    assert pages.get(name) is None


def test_where_the_record_goes_on_pages_go_but_for_those_that_are_given(clock: StillClock) -> None:
    pages = PageCache()
    old, fresh = (f"{pages.run}{number:024}" for number in (1, 2))
    assert pages.keep_up(7)
    for name in (old, fresh, f"{fresh}br"):
        pages.put(name, CachedAnswer(b"123456"))
    pages.note("here", fresh, 7)
    assert not pages.keep_up(7)
    assert pages.get(old)
    assert pages.keep_up(8)
    assert pages.get(old) is None
    assert pages.get(fresh)
    assert pages.get(f"{fresh}br")
    clock.now += 5.1
    assert pages.keep_up(9)
    assert pages.get(fresh) is None


def test_what_was_erased_is_in_no_page_and_no_download_that_is_kept(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.shell.downloads.SMALL", 10)
    private = paper.say("private", "aland", "supports", "2025-12-11", paraphrase="Zq7vKp2mXw9r.")
    for path in ("/t/union", "/t/union.csv"):
        assert b"Zq7vKp2mXw9r" in paper.open(path).data
    kept = paper.app.extensions["downloads"]._kept  # noqa: SLF001 - what it holds
    assert kept
    paper.newsroom.statements.redact(paper.dora(), private, "Art. 17 GDPR")
    assert paper.open("/how-to-read").status_code == 200
    assert not any(b"Zq7vKp2mXw9r" in page.body for page in kept_pages(paper))
    assert not kept


@pytest.fixture
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codings by which pages are compressed during a test, one for each time."""
    found: list[str] = []

    def counting(app: Flask, data: bytes, algorithm: str) -> bytes:
        found.append(algorithm)
        return compress(app, data, algorithm)

    compress = flask_compress._compress_data  # noqa: SLF001 - what it is asked to do
    monkeypatch.setattr(flask_compress, "_compress_data", counting)
    return found


def test_a_kept_page_is_compressed_once_in_each_way_that_somebody_asked_for(
    paper: Paper, compressed: list[str]
) -> None:
    for taken in ("gzip", BROWSER) * 3:
        paper.open("/t/union", Accept_Encoding=taken)
    assert compressed == ["gzip", "br"]


def test_a_page_that_readers_may_be_given_stays_compressed_when_the_record_goes_on(
    paper: Paper,
    compressed: list[str],
    clock: StillClock,  # noqa: ARG001 - the second does not pass
) -> None:
    app = Site(paper.services, identify=everybody_reads, followed=True).app
    taken = {"Accept-Encoding": BROWSER}
    first = app.test_client().get("/t/union", headers=taken).data
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase="No.")
    paper.services.models.catch_up()
    app.test_client().get("/a/aland", headers=taken)
    assert app.test_client().get("/t/union", headers=taken).data == first
    assert compressed == ["br", "br"]


def test_what_is_not_kept_is_compressed_each_time(paper: Paper, compressed: list[str]) -> None:
    pages = [paper.open("/t/union", Accept_Encoding="gzip") for _ in range(3)]
    assert len({page.data for page in pages}) == len(compressed) == 1
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase="No.")
    assert b"No." in gzip.decompress(paper.open("/t/union", Accept_Encoding="gzip").data)
    # What is not kept is compressed each time, and never taken for another.
    forms = [paper.open(f"/record?actor={name}", Accept_Encoding="gzip") for name in ("Ab", "Yz")]
    for name, form in zip((b"Ab", b"Yz"), forms, strict=True):
        assert b'value="' + name in gzip.decompress(form.data)
    assert len(compressed) == 4


def test_of_many_who_ask_at_once_one_makes_the_page() -> None:
    pages, together = PageCache(), threading.Barrier(8)
    made: list[int] = []

    def make() -> CachedAnswer:
        made.append(1)
        time.sleep(0.05)
        return CachedAnswer(b"page")

    def ask() -> object:
        together.wait()
        return pages.page(f"{pages.run}page", make)

    with ThreadPoolExecutor(8) as readers:
        got = [reader.result() for reader in [readers.submit(ask) for _ in range(8)]]
    assert got == [CachedAnswer(b"page")] * 8
    assert len(made) == 1


def test_where_the_one_who_makes_a_page_fails_another_makes_it() -> None:
    pages, first = PageCache(), threading.Event()
    name = f"{pages.run}page"

    def fail() -> CachedAnswer:
        first.set()
        time.sleep(0.05)
        raise LookupError

    def ask() -> object:
        first.wait()
        return pages.page(name, lambda: CachedAnswer(b"page"))

    with ThreadPoolExecutor(4) as readers:
        failing = readers.submit(pages.page, name, fail)
        waiting = [readers.submit(ask) for _ in range(3)]
        assert isinstance(failing.exception(), LookupError)
        assert [future.result() for future in waiting] == [CachedAnswer(b"page")] * 3


def test_short_data_is_kept_as_it_was_given(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {path: paper.open(path) for path in ("/api/v1/topics", "/t/union.csv", "/index.atom")}

    def made_anew(*_: object, **__: object) -> None:
        raise AssertionError

    for module in (
        "web.api.lists.ListPart.as_json",
        "web.data.csv_lines",
        "web.data.feed.changes_feed",
    ):
        monkeypatch.setattr(module, made_anew)
    for path, before in first.items():
        again = paper.open(path)
        assert (again.data, [*again.headers]) == (before.data, [*before.headers]), path
