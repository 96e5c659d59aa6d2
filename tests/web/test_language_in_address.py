"""A language in the address: it holds for that page and those that it leads to.

Nothing changes for its reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import HTMX

if TYPE_CHECKING:
    from tests.web.paper import Paper

pytestmark = pytest.mark.thorough

PAGES = ["/", "/t/union", "/story/talks", "/a/aland", "/s/13", "/log"]


def speaks(paper: Paper, path: str, **headers: str) -> str:
    """Return the language of a page."""
    return paper.page(path, **headers).one("html")["lang"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_the_language_of_its_address(paper: Paper, path: str) -> None:
    answer = paper.open(f"{path}?lang=de", Accept_Language="en")
    assert not any(one.startswith("lang=") for one in answer.headers.getlist("Set-Cookie"))
    assert Page(answer.text).one("html")["lang"] == "de"
    assert speaks(paper, path) == "en"
    paper.post("/prefs", {"lang": "de"})
    assert speaks(paper, f"{path}?lang=en") == "en"
    assert speaks(paper, f"{path}?lang=xx") == "de"


def test_what_is_kept_in_one_language_is_not_shown_in_another(paper: Paper) -> None:
    told = [paper.open(f"/t/union{query}").data for query in ("", "?lang=de", "", "?lang=de")]
    assert told[0] == told[2] != told[1] == told[3]


def test_where_an_address_leads_on_its_language_goes_along(paper: Paper) -> None:
    paper.newsroom.actors.merge(paper.dora(), "cland", "bland", "the same")
    for path, there in {
        "/t/union?lang=de&as_of=": "/t/union?lang=de",
        "/t/union?as_of=2025-09-02&go=first&lang=de": "/t/union?as_of=2025-07-02&lang=de",
        "/story/talks?lang=de&part=": "/story/talks?lang=de",
        "/compare?lang=de&actor=aland&as_of=": "/compare?actor=aland&lang=de",
        "/a/cland?lang=de": "/a/bland?lang=de",
    }.items():
        assert paper.open(path).headers["Location"] == there
        assert speaks(paper, there) == "de"


def test_a_part_is_in_the_language_of_its_address(paper: Paper) -> None:
    part = paper.open("/t/union?as_of=2025-09-02&lang=de", **HTMX).text
    assert "Vergangenheit" in part


def ours(page: str) -> list[str]:
    """Return the links of a page that lead to pages of the site."""
    return [link for link in Page(page).links() if link.startswith("/")]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_links_of_a_page_ask_for_the_language_of_its_address(
    paper: Paper, headers: dict[str, str]
) -> None:
    number = paper.numbers["no"]
    for path in (
        "/",
        "/t/union",
        "/story/talks",
        "/a/aland",
        "/s/13",
        "/log",
        "/actors",
        "/nowhere",
    ):
        german = ours(paper.open(f"{path}?lang=de", **headers).text)
        assert all(one.partition("#")[0].count("lang=de") == 1 for one in german), path
        plain = ours(paper.open(path, **headers).text)
        assert len(plain) == len(german) > 0
        assert not [
            one for one in plain if "lang=" in one and ".atom" not in one and "feed" not in one
        ]
    links = ours(
        paper.open(f"/t/union?as_of=2025-09-02&known_at=@{number}&lang=de", **headers).text
    )
    assert f"/compare?topic=union&as_of=2025-09-02&known_at=@{number}&lang=de" in links
    assert {speaks(paper, link) for link in links if link.startswith(("/compare", "/a/"))} <= {"de"}


def test_searches_and_filters_of_a_page_ask_for_the_language_of_its_address(paper: Paper) -> None:
    for path in ("/", "/t/union", "/search", "/compare"):
        german, plain = (paper.page(f"{path}{end}") for end in ("?lang=de", ""))
        forms = german.find("form", method="get")
        kept = [element.around[-1] for element in german.find("input", name="lang", type="hidden")]
        assert forms == kept != []
        assert plain.find("input", name="lang", type="hidden") == []


def test_a_replay_without_script_goes_on_in_the_language_of_its_address(paper: Paper) -> None:
    page = paper.open("/t/union?as_of=2025-09-02&play=1&lang=de").text
    to = Page(page).one("meta", **{"http-equiv": "refresh"})["content"].partition("url=")[2]
    assert speaks(paper, paper.open(to).headers["Location"]) == "de"


def test_the_words_of_others_are_no_links(paper: Paper) -> None:
    words = 'Look at href="/t/union" and at 2; url=/t/union.'
    paper.say("odd", "aland", "opposes", "2025-10-02", paraphrase=words)
    assert words in paper.read(f"/s/{paper.numbers['odd']}?lang=de")


def test_a_frame_leads_to_pages_in_the_language_of_their_reader(paper: Paper) -> None:
    assert "/t/union" in paper.page("/embed/t/union?lang=de").links()


def test_who_chooses_a_language_is_led_back_to_a_page_that_asks_for_none(paper: Paper) -> None:
    answer = paper.post("/prefs", {"lang": "en", "next": "/t/union?as_of=2025-09-02&lang=de"})
    assert answer.headers["Location"] == "/t/union?as_of=2025-09-02"


def test_a_page_names_its_address_in_each_language(paper: Paper) -> None:
    for path in ("/t/union", "/t/union?lang=de"):
        named = paper.page(path).find("link", rel="alternate")
        assert {
            element["hreflang"]: element["href"]
            for element in named
            if "hreflang" in element.attributes
        } == {
            "en": "http://localhost/t/union?lang=en",
            "de": "http://localhost/t/union?lang=de",
            "x-default": "http://localhost/t/union",
        }
    for path in ("/t/union?as_of=2025-09-02", "/search?q=x", "/nowhere"):
        assert "hreflang" not in paper.open(path).text
