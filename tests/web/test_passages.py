"""The passage that carries a statement is the source's wording, on every page that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import Site, plain
from timeline.application.commands import Excerpt, Quoted, Source
from timeline.desk.accounts.roles import Role
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from tests.web.paper import Paper

POST = Source(
    outlet="Erfundene Post",
    title="Gespräche in der Hauptstadt",
    author="Ada Erfunden",
    url="https://example.org/post",
    published_at="2025-12-15",
    lang="de",
)
SAID = "Aland werde den Beitritt „niemals“ zulassen, hieß es in Kreisen der Regierung."


def said(paper: Paper, **more: object) -> int:
    how = {"paraphrase": "Will not have it.", "source": POST} | more
    return paper.say("passage", "aland", "opposes", "2025-12-15", **how)


@pytest.mark.few(3)
@pytest.mark.parametrize("attribution", ["reported", "ascribed"])
@pytest.mark.parametrize("path", ["/s/{}", "/t/union", "/t/union?s={}", "/t/union/why/aland"])
def test_a_passage_is_shown_as_the_wording_of_its_source_and_in_its_language(
    paper: Paper, path: str, attribution: str
) -> None:
    number = said(paper, attribution=attribution, passage=Excerpt(SAID))
    page = paper.page(path.format(number))
    (shown, *_) = [text for text in page.texts if SAID in text.text]
    around = shown.around
    assert any(element.has(lang="de", dir="ltr") for element in around)
    assert not any("quoted-words" in element.attributes.get("class", "") for element in around)
    assert not any(
        element.tag == "q" or "quote" in element.attributes.get("class", "") for element in around
    )
    assert "Erfundene Post words it" in page.words() or "words of Erfundene Post:" in page.words()


def test_only_what_the_source_quotes_is_yellow_in_a_passage(paper: Paper) -> None:
    quote = Quoted(text="niemals", lang="de", wording="original")
    excerpt = Excerpt(SAID, prefix="Das steht fest. ", suffix=" Mehr nicht.")
    number = said(paper, quote=quote, passage=excerpt)
    page = paper.page(f"/s/{number}")
    assert page.words(class_="context passage-text") == (
        f"… Das steht fest. {SAID} Mehr nicht. …".replace("„niemals“", "„ niemals “")
    )
    (marked,) = [text for text in page.texts if text.around and text.around[-1].tag == "mark"]
    assert marked.text == "niemals"
    assert "the yellow words stand in quotation marks there" in page.words()


def test_a_passage_that_is_the_quote_is_shown_once(paper: Paper) -> None:
    quote = Quoted(text=SAID, lang="de", wording="original")
    page = paper.open(f"/s/{said(paper, quote=quote, passage=Excerpt(SAID))}").text
    # As the heading, in the row of what stands around it, and in the sentence to paste.
    assert plain(page).count(SAID) == 3
    assert 'id="passage"' not in page


def test_lists_show_the_quote_in_place_of_the_passage_around_it(paper: Paper) -> None:
    said(paper, quote=Quoted(text="niemals", lang="de"), passage=Excerpt(SAID))
    assert SAID not in paper.read("/t/union")


def test_a_withheld_passage_is_on_no_page(paper: Paper) -> None:
    number = said(paper, passage=Excerpt(SAID))
    paper.newsroom.statements.retract(paper.dora(), number, "private", withhold=True)
    for path in (f"/s/{number}", f"/s/{number}@{number}", "/t/union", f"/t/union.json?s={number}"):
        assert "niemals" not in paper.open(path).text


def test_where_no_passage_is_kept_the_page_says_so_and_leads_to_the_source(paper: Paper) -> None:
    number = said(paper)
    page = paper.open(f"/s/{number}").text
    assert "No passage is stored for this entry. The words are at the source:" in plain(page)
    assert f"/record/{number}/passage" in Page(page).links()
    readers = Site(paper.services, identify=everybody_is("reader", Role.READER))
    assert f"/record/{number}/passage" not in readers.open(f"/s/{number}").text


@pytest.mark.parametrize("attribution", ["quoted", "voted", "joint"])
def test_no_passage_is_missed_of_words_that_are_quoted_voted_or_signed(
    paper: Paper, attribution: str
) -> None:
    quote = Quoted(text="niemals", lang="de") if attribution == "quoted" else None
    page = paper.read(f"/s/{said(paper, attribution=attribution, quote=quote)}")
    assert "No passage is stored" not in page


def test_a_passage_that_is_added_later_is_told_in_the_history_of_the_entry(paper: Paper) -> None:
    number = said(paper)
    added = paper.newsroom.statements.add_passage(paper.dora(), number, Excerpt(SAID))
    assert "Passage added by dora" in paper.read(f"/s/{number}")
    assert SAID in paper.read(f"/s/{number}@{added.position}")
    assert SAID not in paper.read(f"/s/{number}@{added.position - 1}")
    assert "Nothing has been corrected yet." in paper.read("/corrections")


# Own documents


@pytest.mark.parametrize("author", ["Dora Example", "D. Example", "Aland"])
def test_words_from_the_speakers_own_document_are_said_to_be_so(paper: Paper, author: str) -> None:
    paper.newsroom.actors.add_alias(paper.dora(), "dora", "D. Example")
    speech = Source(outlet="Chancery", author=author, url="https://example.org/speech", lang="en")
    quote = Quoted(text="We shall never join", lang="en", wording="original")
    number = paper.say(
        "own", "dora", "opposes", "2025-12-15", on_behalf_of="aland", quote=quote, source=speech
    )
    for path in (f"/s/{number}", "/t/union", f"/t/union?s={number}"):
        page = paper.page(path)
        assert "from their own text" in page.words()
        assert "We shall never join" in page.words(class_="quoted-words")


@pytest.mark.parametrize("author", ["", "Bland", "Dora Examples", "dora"])
def test_a_document_by_anybody_else_is_not_their_own(paper: Paper, author: str) -> None:
    article = Source(outlet="Gazette", author=author, url="https://example.org/article")
    quote = Quoted(text="We shall never join", lang="en")
    number = paper.say("own", "dora", "opposes", "2025-12-15", quote=quote, source=article)
    assert "from their own text" not in paper.read(f"/s/{number}")


def test_what_an_own_document_says_of_others_is_not_their_own_text(paper: Paper) -> None:
    release = Source(outlet="Chancery", author="Bland", url="https://example.org/release")
    number = paper.say("of", "cland", "opposes", "2025-12-15", attribution="voted", source=release)
    assert "from their own text" not in paper.read(f"/s/{number}")


# Sources


def test_the_page_of_a_statement_has_all_that_is_known_of_its_source(paper: Paper) -> None:
    number = said(paper)
    (document,) = [
        event.originator_id
        for _, event in paper.services.log.stream()
        if event.TOPIC == "document.filed" and event.content and event.content.url == POST.url  # type: ignore[attr-defined]
    ]
    paper.newsroom.documents.take_snapshot(paper.dora(), document, SAID)
    page = paper.page(f"/s/{number}")
    (link,) = [
        element
        for element in page.find("a", href="https://example.org/post")
        if any(at.has(id="source") for at in element.around)
    ]
    assert link["rel"] == "noopener noreferrer"
    assert "target" not in link.attributes
    row = page.words(id="source")
    for told in (
        "Erfundene Post",
        "Title Gespräche in der Hauptstadt",
        "Author Ada Erfunden",
        "Published 15 Dec 2025",
        "Language German",
        "Gives the words reported, not quoted",
        "Our copy sha256 ",
    ):
        assert told in row
    (title,) = [
        text for text in page.texts if "Gespräche in der" in text.text and _in(text, "source")
    ]
    assert title.around[-1]["lang"] == "de"


def _in(text: object, ident: str) -> bool:
    return any(one.has(id=ident) for one in text.around)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/s/{}", "/t/union?s={}"])
def test_a_source_without_an_address_is_said_to_have_none(paper: Paper, path: str) -> None:
    number = said(paper, source=Source(outlet="Erfundene Post"))
    assert "no address on record" in paper.read(path.format(number))
    assert "not recorded" in paper.read(f"/s/{number}")


def test_a_development_has_its_source_too(paper: Paper) -> None:
    row = paper.page(f"/s/{paper.numbers['end']}").words(id="source")
    assert "Invented Times Title Talks in the capital Published 16 Dec 2025" in row
    assert "Gives the words" not in row


# Before and after


def test_a_statement_stands_between_what_its_side_said_before_and_after(paper: Paper) -> None:
    paper.sign()
    page = paper.page(f"/s/{paper.numbers['yes']}")
    row = page.words(id="around")
    assert row.startswith("Aland before and after Before 62 days earlier opposes 2 Jul 2025")
    assert "This statement accepts 2 Sep 2025 Aland: changed from opposes to accepts" in row
    assert "After supports second-hand, via government circles about Dec 2025" in row
    no, circles = paper.numbers["no"], paper.numbers["circles"]
    links = [
        element["href"]
        for element in page.find("a")
        if any(at.has(id="around") for at in element.around)
    ]
    for way in (f"/s/{no}", f"/s/{circles}", f"/s/{no}..{paper.numbers['yes']}"):
        assert way in links
    assert "/t/union?actor=aland" in links


def test_no_distance_is_told_from_a_day_that_is_not_known(paper: Paper) -> None:
    assert "later" not in paper.page(f"/s/{paper.numbers['yes']}").words(id="around")


def test_the_first_and_the_last_words_say_that_nothing_stands_beside_them(paper: Paper) -> None:
    row = paper.page(f"/s/{paper.numbers['if']}").words(id="around")
    assert "Before Nothing earlier is on record." in row
    assert "After Nothing later is on record." in row


def test_a_fixed_version_leads_to_what_was_known_then(paper: Paper) -> None:
    number, no = paper.numbers["yes"], paper.numbers["no"]
    links = paper.page(f"/s/{number}@{number}").links()
    assert f"/s/{no}@{number}" in links
    assert f"/s/{no}..{number}?known_at=@{number}" in links


def test_what_answered_another_wording_of_the_question_says_so(paper: Paper) -> None:
    question = "Should Aland become a member?"
    paper.newsroom.topics.reword(paper.dora(), "union", question, "Plainer.", same_meaning=True)
    number = paper.say("new", "bland", "opposes", "2025-12-15", paraphrase="No.")
    paper.sign()
    row = paper.page(f"/s/{number}").words(id="around")
    assert "answered the wording: Should Aland join the union?" in row
    assert "asked in other words" in row


def test_a_retracted_statement_stands_where_it_would(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    row = paper.page(f"/s/{paper.numbers['yes']}").words(id="around")
    assert "opposes 2 Jul 2025" in row
    assert "After supports second-hand" in row
