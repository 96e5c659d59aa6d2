"""A quote in a translation: wherever it stands, it is said that nobody spoke these words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.web.paper import Paper

WORDS = "It is and remains an option for all of us"
HOW = "in the source’s translation"


@pytest.fixture
def said(paper: Paper) -> str:
    """Return the number of a statement that its source quotes in English translation."""
    quote = Quoted(text=WORDS, lang="en", wording="translated")
    return str(paper.say("translated", "cland", "accepts", "2025-12-16", quote=quote))


def test_every_page_that_shows_it_says_so_beside_it(paper: Paper, said: str) -> None:
    for path in (
        "/s/{n}",
        "/embed/s/{n}",
        "/t/union?s={n}",
        "/t/union?open=cland",
        "/t/union",
        "/a/cland",
        "/search?q=remains+an+option",
        "/compare?actor=cland&actor=aland&topic=union",
    ):
        text = paper.read(path.format(n=said))
        assert WORDS in text, path
        assert HOW in text.partition(WORDS)[2][:120], path
        assert "quoted ·" not in text, path


def test_its_attribution_and_its_sentence_say_so(paper: Paper, said: str) -> None:
    text = paper.read(f"/s/{said}")
    assert "quoted in translation" in text
    assert f"“{WORDS}” ({HOW})" in text


def test_tables_say_so(paper: Paper, said: str) -> None:
    assert said
    compared = paper.open("/compare.csv?actor=cland&topic=union").text.splitlines()
    place = compared[0].split(",").index("quote_wording")
    assert "translated" in compared[1].split(",")[place:]
    assert ",translated," in paper.open("/t/union.csv").text


def test_words_that_were_spoken_so_are_said_to_be_quoted_and_nothing_else(paper: Paper) -> None:
    quote = Quoted(text=WORDS, lang="en", wording="original")
    number = paper.say("spoken", "cland", "accepts", "2025-12-16", quote=quote)
    text = paper.read(f"/s/{number}")
    assert HOW not in text
    assert "quoted in translation" not in text
