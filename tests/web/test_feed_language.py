"""A feed speaks one language, which its address says, and keeps the actors chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from timeline.application.commands import Quoted
from timeline.domain.verdict import SignedIn

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


def test_a_feed_says_in_a_title_what_changed_and_below_it_who_said_what_where(paper: Paper) -> None:
    quote = Quoted(text="Non, after all", lang="en", wording="translated")
    paper.sign()
    paper.say("back", "bland", "opposes", "2025-12-10", quote=quote, paraphrase="Says no.")
    paper.sign()
    items = paper.data("/t/union.jsonfeed")["items"]
    titles = [item["title"] for item in items]
    assert titles[0] == "Bland: supports → opposes (10 Dec 2025)"
    assert "Aland: opposes → accepts (2 Sep 2025)" in titles
    assert "Bland, first position: supports (15 Aug 2025)" in titles
    assert len(titles) == len(set(titles))
    change, signed, ours, said, source, before, question = items[0]["content_text"].split("\n")
    assert change == "Bland turned from supporting to opposing."
    assert signed == "Signed by an editor on 16 Dec 2025."
    assert said == "“Non, after all” (in the source’s translation (English))"
    assert ours == "Bland: Says no."
    assert source.startswith("Source: Invented Times, 16 Dec 2025")
    assert source.endswith("(quoted in translation)")
    assert (before, question) == (
        "Before: supports, 1 Dec 2025",
        "Question: Should Aland join the union?",
    )
    assert "<p>Bland: Says no.</p><p>“Non, after all”" in items[0]["content_html"]


def test_a_feed_of_several_questions_names_them_in_its_titles(paper: Paper) -> None:
    paper.sign()
    for path in ("/a/aland.jsonfeed", "/index.jsonfeed", "/story/talks.jsonfeed"):
        titles = [one["title"] for one in paper.data(path)["items"]]
        assert any(one.startswith("Aland on Union: opposes → accepts") for one in titles), (
            path,
            titles,
        )


def test_a_feed_in_german_names_a_question_as_its_topic(paper: Paper) -> None:
    paper.sign()
    titles = [item["title"] for item in paper.data("/a/aland.jsonfeed?lang=de")["items"]]
    assert titles[0] == "Aland zum Thema „Union“: lehnt ab → akzeptiert (2. Sept. 2025)"


def test_a_feed_leaves_out_our_words_where_they_are_not_in_its_language(paper: Paper) -> None:
    paper.sign()
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Rejects it now.")
    paper.sign()
    english, german = (
        paper.data(f"/t/union.jsonfeed?lang={lang}")["items"][0]["content_text"]
        for lang in ("en", "de")
    )
    assert "Bland: Rejects it now." in english
    assert "Rejects" not in german
    assert german.startswith("Bland wechselte von Befürwortung zu Ablehnung.")
    assert "Bland: lehnt ab" in german


def test_a_change_is_told_as_it_was_signed_in_the_readers_language(paper: Paper) -> None:
    german = SignedIn("de", "Åland nimmt den Beitritt jetzt hin.", "Nur in einer Rede.")
    paper.sign("Aland now accepts it.", "In one speech.", [german])
    page = paper.page("/story/talks", Accept_Language="de")
    words = page.words()
    assert german.sentence in words
    assert german.caveat in words
    assert "Aland now accepts it." not in words
    shown = [text for text in page.texts if german.sentence in text.text]
    assert all(text.around[-1].has(lang="de") for text in shown)
    feed = paper.data("/t/union.jsonfeed?lang=de")["items"][0]["content_text"]
    assert feed.startswith(f"{german.sentence}\n{german.caveat}\n")
    assert "Aland now accepts it." in paper.page("/story/talks").words()


CARRYING = (
    *("/", "/story/talks", "/t/union", "/a/aland", "/t/union.atom", "/index.jsonfeed"),
    *("/a/aland.atom", "/story/talks.jsonfeed"),
)
"""Pages and feeds with the sentence of a change."""


@pytest.mark.parametrize("path", CARRYING)
def test_what_an_editor_signed_of_a_change_stands_wherever_its_sentence_does(
    paper: Paper, path: str
) -> None:
    german = SignedIn("de", "Åland nimmt den Beitritt jetzt hin.", "Nur in einer Rede.")
    paper.put_into_german()
    paper.sign("Aland now accepts it.", "In one speech.", [german])
    told = {
        "en": ("Aland now accepts it.", "In one speech."),
        "de": (german.sentence, german.caveat),
    }
    for lang, words in told.items():
        text = paper.read(f"{path}?lang={lang}")
        assert all(part in text for part in words), lang


def test_the_example_of_the_front_page_has_the_caveat_that_an_editor_signed(paper: Paper) -> None:
    paper.sign("Aland now accepts it.", "In one speech.")
    example = (
        paper.read("/").partition("One change, followed to its proof")[2].partition("Stories")[0]
    )
    assert "In one speech. Signed by an editor on 16 Dec 2025." in example


@pytest.mark.parametrize("path", ["/story/talks", "/a/aland"])
def test_who_spoke_stands_out_in_the_sentence_of_a_change(paper: Paper, path: str) -> None:
    paper.sign("In a speech for Aland, Dora Example accepted it.")
    assert "In a speech for Aland, <b>Dora Example</b> accepted it." in paper.open(path).text


def test_a_change_that_was_not_signed_in_the_readers_language_says_in_which(paper: Paper) -> None:
    paper.sign("Aland now accepts it.", "In one speech.")
    page = paper.page("/story/talks", Accept_Language="de")
    shown = [text for text in page.texts if "Aland now accepts it." in text.text]
    assert shown
    assert all(text.around[-1].has(lang="en") for text in shown)
