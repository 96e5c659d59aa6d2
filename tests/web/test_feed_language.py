"""A feed speaks one language, which its address says, and keeps the actors chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.markup import Page

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_a_feed_speaks_the_language_of_its_address_whatever_its_reader_sends(paper: Paper) -> None:
    german = paper.open("/t/union.atom?lang=de", Accept_Language="en").text
    assert 'xml:lang="de"' in german
    assert "Positionswechsel" in german
    english = paper.open("/t/union.atom?lang=en", Accept_Language="de").text
    assert 'xml:lang="en"' in english
    assert "changes of position" in english


def test_the_feed_of_a_topic_keeps_the_actors_that_are_chosen(paper: Paper) -> None:
    page = paper.open("/t/union?actor=aland", Accept_Language="de").text
    assert "/t/union.atom?actor=aland&lang=de" in Page(page).links()
