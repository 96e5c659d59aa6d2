"""One rule of counting: what was retracted does not count, and is told apart where it is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.site import plain
from tests.web.topic.test_filters import boxes
from timeline.application.commands import Source

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_a_retracted_statement_is_in_no_count_and_is_told_apart_where_it_is_open(
    paper: Paper,
) -> None:
    n = paper.numbers
    paper.newsroom.statements.retract(paper.dora(), n["wants"], "Another Bland.")
    page = paper.open(f"/t/union?s={n['still']}").text
    told = plain(page)
    assert "5 statements" in plain(page.partition('class="facts topic-facts"')[2][:900])
    assert "1 of 1 in this lane" in told
    assert "Bland: 1 statement; at the moment shown: supports" in page
    in_words = page.partition('id="in-words"')[2].partition("</section>")[0]
    assert re.findall(r"Wants it still\..*?(\d+) statement", plain(in_words)) == ["1"]
    assert "1 statement of this side" in plain(paper.open(f"/s/{n['still']}").text)
    assert boxes(page, "kind")["statement"][1] == 5
    assert boxes(page, "actor")["bland"][1] == 1
    open_one = plain(paper.open(f"/t/union?s={n['wants']}").text)
    assert "retracted, beside 1 statement in this lane" in open_one


def test_sources_and_the_outlets_that_they_are_of_are_told_apart(paper: Paper) -> None:
    other = Source(outlet="Invented Post", title="Elsewhere", url="https://example.org/else")
    again = Source(outlet="Invented Post", title="Again", url="https://example.org/again")
    paper.say("a", "cland", "supports", "2025-12-02", paraphrase="Yes.", source=other)
    paper.say("b", "cland", "supports", "2025-12-03", paraphrase="Yes.", source=again)
    page = paper.open("/t/union").text
    assert "3 sources from 2 outlets" in plain(page)
    assert "Sources 3 from 2 outlets" in plain(page)


def test_an_empty_topic_says_what_is_missing_and_to_do_and_offers_nothing_to_filter(
    paper: Paper,
) -> None:
    paper.newsroom.topics.open(paper.dora(), "Will it rain?", "expectation", slug="rain")
    page = paper.open("/t/rain").text
    assert "No one is on record here yet." in plain(page)
    needs = "Add the first statement. You need the words, who said them, and where."
    assert needs in plain(page)
    assert 'href="/record?topic=rain"' in page
    assert "Record a statement" in plain(page.partition('id="view"')[2])
    for around in ('class="filters', 'id="days"', "How to read the chart"):
        assert around not in page
        assert around in paper.open("/t/union").text


def test_every_page_leads_to_the_comparison(paper: Paper) -> None:
    for path in ("/", "/log", "/compare", f"/s/{paper.numbers['still']}"):
        page = paper.open(path).text
        assert 'href="/compare"' in page.partition("<footer")[2]
        assert 'href="/compare"' in page.partition("<header")[2].partition("</nav>")[0]
