"""What search engines and previews show of a page is what that page says, not what the site is."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.paper import Paper

SITE = "Who said what, when, and when it changed."
ABOUT = {
    "/t/union": "Should Aland join the union? When last heard, Bland",
    "/story/talks": "Invented talks. ",
    "/a/aland": "Aland: ",
    "/t/union/why/aland": "On the question “Should Aland join the union?”, Aland accepted",
    "/compare?actor=aland&actor=bland": "Aland and Bland, question by question. Both",
    "/how-to-read": "Standline draws what people said",
    "/": "Standline records what people",
}


def description(page: str) -> str:
    """Return the summary in the head of a page."""
    found = re.search(r'<meta name="description" content="([^"]*)">', page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("path", ABOUT)
def test_the_description_of_a_page_is_its_summary(paper: Paper, path: str) -> None:
    told = description(paper.open(path).text)
    assert told.startswith(ABOUT[path])
    assert told != SITE


def test_the_description_of_a_statement_is_its_sentence_in_the_readers_language(
    paper: Paper,
) -> None:
    path = f"/s/{paper.numbers['still']}"
    english = description(paper.open(path).text)
    german = description(paper.open(path, Accept_Language="de").text)
    assert "Bland" in english
    assert english != german
    assert SITE not in (english, german)


def test_the_description_shows_no_words_that_are_withheld(paper: Paper) -> None:
    number = paper.numbers["still"]
    paper.newsroom.statements.retract(paper.dora(), number, "Asked for.", withhold=True)
    assert "Wants it still" not in description(paper.open(f"/s/{number}").text)
