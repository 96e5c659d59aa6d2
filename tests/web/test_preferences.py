from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.paper import Paper

LOCAL = [
    "/",
    "/t/union",
    "/t/union?actor=bland&as_of=2025-12-14",
    "/s/9@12",
    "/search?q=a%2F%2Fb",
]
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/ok\r\nSet-Cookie: x=1",
    "http://[",
    "",
]


@pytest.mark.parametrize("page", LOCAL)
def test_after_a_choice_one_is_back_on_the_page(paper: Paper, page: str) -> None:
    answer = paper.post("/prefs", {"theme": "dark", "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


@pytest.mark.parametrize("page", ELSEWHERE)
def test_a_choice_never_leads_to_another_site(paper: Paper, page: str) -> None:
    answer = paper.post("/prefs", {"theme": "dark", "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers.getlist("Set-Cookie")[0].startswith("theme=dark")
    assert len(answer.headers.getlist("Set-Cookie")) == 1


def test_the_page_as_last_seen_counts_more_than_the_one_first_loaded(paper: Paper) -> None:
    form = {"theme": "dark", "next": "/t/union"}
    seen = "http://localhost/t/union?as_of=2025-09-02"
    answer = paper.post("/prefs", form, Referer=seen)
    assert answer.headers["Location"] == "/t/union?as_of=2025-09-02"
    for other in ("http://[", "about:blank", "http://localhost.evil.example/x"):
        own = {"Sec_Fetch_Site": "same-origin"}
        answer = paper.post("/prefs", form, Referer=other, **own)
        assert answer.headers["Location"] == "/t/union"


def test_every_choice_shows_on_every_page(paper: Paper) -> None:
    choices = {
        "theme": "dark",
        "density": "compact",
        "quotes": "orig",
        "keys": "off",
        "lang": "de",
    }
    paper.post("/prefs", choices)
    for path in ("/", "/t/union", "/log", "/nowhere"):
        root = paper.page(path).one("html")
        assert root.has(
            lang="de", data_theme="dark", data_density="compact", data_ql="orig", data_keys="off"
        )
    page = paper.page("/")
    for name, value in choices.items():
        assert page.one("input", name=name, value=value).has(checked="")


def test_what_is_no_choice_changes_nothing(paper: Paper) -> None:
    answer = paper.post("/prefs", {"theme": "pink", "lang": "xx", "colour": "red"})
    assert answer.headers.getlist("Set-Cookie") == []
    paper.reader.set_cookie("theme", "pink")
    paper.reader.set_cookie("lang", "../../etc")
    root = paper.page("/").one("html")
    assert root.has(lang="en", data_theme="auto")


def test_the_browser_chooses_the_language_until_the_reader_does(paper: Paper) -> None:
    german = {"Accept_Language": "de-CH,fr;q=0.8"}
    assert '<html lang="de"' in paper.open("/", **german).text
    paper.post("/prefs", {"lang": "en"})
    assert '<html lang="en"' in paper.open("/", **german).text


def test_a_choice_is_kept_for_a_year(paper: Paper) -> None:
    cookie = paper.post("/prefs", {"density": "compact"}).headers["Set-Cookie"]
    assert "Max-Age=31536000" in cookie


@pytest.mark.parametrize("path", ["/t/union", "/a/aland"])
def test_compact_lanes_are_lower(paper: Paper, path: str) -> None:
    assert plots(paper.open(path).text) == {"64"}
    paper.post("/prefs", {"density": "compact"})
    assert plots(paper.open(path).text) == {"46"}


def plots(page: str) -> set[str]:
    """Return the heights of the lanes that have a place of their own."""
    lanes = page.partition("data-lanes")[2]
    plot = r'class="lane-plot" role="group"(?![^>]* data-stop)[^>]* height="(\d+)"'
    return set(re.findall(plot, lanes))


def test_prefs_are_only_sent_never_read(paper: Paper) -> None:
    assert paper.open("/prefs").status_code == 405
