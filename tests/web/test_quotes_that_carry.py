"""A quote that does not answer the question alone: our summary stands first, and alone on cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.web.paper import Paper

WORDS = "we shall see what the spring brings"
SUMMARY = "Wants Cland to join."
ANSWER = re.compile(r'<li class="answer.*?</li>', re.DOTALL)


def said(paper: Paper, words: str = WORDS, *carries: bool) -> int:
    """Record that Cland was quoted, and how each of some readers found that the quote carries."""
    quote = Quoted(words, lang="en", wording="original")
    number = paper.say(words, "cland", "supports", "2025-12-11", quote=quote, paraphrase=SUMMARY)
    for reader, carry in zip(("zoe", "emil"), carries, strict=False):
        by = paper.newsroom.byline(reader)
        paper.newsroom.statements.read_quote(by, number, "supports", carries=carry)
    return number


def head(paper: Paper, number: int, known: str = "") -> str:
    """Return the words at the head of the page of a statement."""
    page = paper.open(f"/s/{number}{known}").text
    return page[page.index('<h1 class="statement-quote') : page.index("</h1>")]


@pytest.mark.parametrize("carries", [(), (True,), (False,), (True, True)])
def test_a_quote_stands_first_until_two_readers_do_not_both_find_that_it_carries(
    paper: Paper, carries: tuple[bool, ...]
) -> None:
    number = said(paper, WORDS, *carries)
    assert WORDS in head(paper, number)
    (answer,) = [one for one in ANSWER.findall(paper.open("/t/union").text) if "Cland" in one]
    assert WORDS in answer


@pytest.mark.parametrize("carries", [(False, False), (True, False)])
def test_the_summary_stands_before_a_quote_that_does_not_carry_and_alone_on_cards(
    paper: Paper, carries: tuple[bool, ...]
) -> None:
    number = said(paper, WORDS, *carries)
    known = f"@{number}"
    page = paper.read(f"/s/{number}")
    assert SUMMARY in head(paper, number)
    assert page.index(SUMMARY) < page.index(WORDS)
    # As it was known before anybody read it, the quote stood first.
    assert WORDS in head(paper, number, known)
    topic = paper.open("/t/union").text
    (answer,) = [one for one in ANSWER.findall(topic) if "Cland" in one]
    assert SUMMARY in answer
    assert WORDS not in answer
    entries = topic[topic.rindex(answer) + len(answer) :]
    assert entries.index(SUMMARY) < entries.index(WORDS)


def test_a_quote_of_under_five_words_never_stands_first(paper: Paper) -> None:
    assert SUMMARY in head(paper, said(paper, "we shall see"))


def test_a_quote_that_does_not_carry_is_no_example(paper: Paper) -> None:
    example = "We want to join the union as soon as it is possible."
    quote = Quoted(example, lang="en", wording="original")
    number = paper.say("example", "cland", "supports", "2025-12-11", quote=quote, paraphrase="Yes.")
    assert example in paper.read("/how-to-read")
    for reader in ("zoe", "emil"):
        by = paper.newsroom.byline(reader)
        paper.newsroom.statements.read_quote(by, number, "supports", carries=False)
    assert example not in paper.read("/how-to-read")
