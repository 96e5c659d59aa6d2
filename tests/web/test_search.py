from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest

from tests.web.conftest import going_on
from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Condition, Excerpt, Quoted, Source
from timeline.projections.queries.asking import respelled
from web.search.page import snippet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.paper import Paper


def test_the_search_page_groups_actors_topics_and_entries(paper: Paper) -> None:
    text = paper.read("/search?q=aland")
    assert "Actors 1 Aland state" in text
    assert "Topics 1 Should Aland join the union?" in text
    assert "Dora Example for Aland opposes Rejects it." in text


def test_as_you_type_results_are_a_fragment_for_the_list_under_the_field(paper: Paper) -> None:
    part = paper.part("/search?q=deal", "hits")
    assert "<html" not in part
    assert 'href="/t/deal"' in part
    assert 'href="/search?q=deal"' in part
    assert 'id="live"' in part


def test_the_list_under_the_field_is_empty_where_nothing_is_typed(paper: Paper) -> None:
    assert paper.part("/search?q=", "hits") == ""


def test_the_page_itself_swaps_its_whole_view(paper: Paper) -> None:
    part = paper.part("/search?q=capital", "view")
    assert "Talks in the <b>capital</b> end without a text" in part
    assert "<html" not in part


def test_what_is_found_is_narrowed_by_boxes_that_say_how_much_each_leaves(paper: Paper) -> None:
    paper.say("old", "cland", "opposes", "2019-05-01", paraphrase="Joins no union.")
    whole = paper.read("/search?q=union")
    assert re.search(r"Year all .*2025 \d+ .*2019 1", whole)
    narrowed = paper.read("/search?q=union&year=2019")
    assert "Statements and developments 1 " in narrowed
    assert "Cland opposes Joins no" in narrowed
    assert "Year 2019" in narrowed
    assert "Topics 1" not in narrowed
    assert "/search?q=union" in paper.page("/search?q=union&year=2019").links()


def test_filters_are_not_blamed_where_nothing_holds_the_words(paper: Paper) -> None:
    left_out = "Nothing of this is left with these filters."
    assert left_out in paper.read("/search?q=union&year=1999")
    unknown = paper.read("/search?q=xyzzy&year=1999")
    assert left_out not in unknown
    assert "Nothing on record matches “xyzzy”." in unknown


def test_nothing_found_says_so_and_names_the_way_on(paper: Paper) -> None:
    text = paper.read("/search?q=xyzzy")
    assert "Nothing on record matches “xyzzy”." in text
    assert "Nothing on record matches." in paper.part("/search?q=xyzzy", "hits")
    assert "Look for a person" in paper.read("/search")


def test_nothing_found_names_whom_the_reader_may_mean(paper: Paper) -> None:
    assert "Did you mean Bland ?" in paper.read("/search?q=Blinda")
    assert "Did you mean Dora Example ?" in paper.read("/search?q=Exempel")
    assert "Did you mean" not in paper.read("/search?q=xyzzy")
    paper.newsroom.actors.introduce(paper.dora(), "Susan M. Collins", "person", slug="collins")
    assert "Did you mean" not in paper.read("/search?q=qqqxyz")
    assert "/a/bland" in paper.page("/search?q=Blinda").links()


def test_a_name_that_is_found_suggests_no_other(paper: Paper) -> None:
    assert "Did you mean" not in paper.read("/search?q=Bland")


def test_the_words_looked_for_are_marked_and_a_quote_keeps_its_language(paper: Paper) -> None:
    page = paper.open("/search?q=opposons").text
    assert re.search(r'lang="fr" dir="ltr">“nous ne nous <b>opposons</b> pas”', page) or re.search(
        r'lang="fr" dir="ltr">« nous ne nous <b>opposons</b> pas »', page
    )


def test_a_hit_in_a_condition_says_that_it_is_one_and_leads_to_its_statement(paper: Paper) -> None:
    said = paper.say(
        "if", "bland", "supports", "2025-12-09", condition=Condition("if herons come back first")
    )
    page = paper.page("/search?q=herons")
    assert "Condition: if herons come back first" in page.words(class_="results-entries")
    assert f"/s/{said}" in page.links()
    assert "Condition: if" in plain(paper.part("/search?q=herons", "hits"))


def test_typed_text_is_shown_as_text(paper: Paper) -> None:
    page = paper.open("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page


HITS = {"actors": r'class="result-name" href="/a/(moor-\d+)"', "topics": r'href="/t/(moor-\d+)"'}
HITS["entries"] = r'<a href="/s/(\d+)"><span'


@pytest.fixture(scope="module")
def moors(sqlite_printed: Paper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper with 130 actors, topics and statements that one word finds, to be read only."""
    with going_on(sqlite_printed, tmp_path_factory.mktemp("moors")) as paper:
        _print_moors(paper)
        yield paper


def _print_moors(paper: Paper) -> None:
    room = paper.newsroom
    for n in range(130):
        slug = f"moor-{n:03d}"
        room.actors.introduce(paper.dora(), f"Moor {n}", "state", slug=slug)
        room.topics.open(paper.dora(), f"Is moor {n} dry?", "claim", slug=slug)
        day = f"2025-{1 + n // 28:02d}-{1 + n % 28:02d}"
        paper.say(slug, slug, "asserts", day, topic=slug, paraphrase="The moor is dry.")
    paper.services.models.catch_up()


@pytest.mark.thorough
@pytest.mark.parametrize("group", ["actors", "topics", "entries"])
def test_every_hit_of_a_group_is_reached_by_links_alone(moors: Paper, group: str) -> None:
    found: list[str] = []
    sizes = []
    at = "/search?q=moor"
    while at:
        page = moors.open(at).text
        part = Page(page).words(aria_labelledby=f"sr-{group[0].replace('e', 's')}")
        sizes.append(len(re.findall(HITS[group], page)))
        assert f"{len(found) + 1} to {len(found) + sizes[-1]} of 130" in part
        found += re.findall(HITS[group], page)
        following = re.search(rf'rel="next" href="([^"]*in={group}[^"]*)"', page)
        at = unescape(following[1]) if following else ""
    assert sizes == [60, 60, 10]
    assert len(set(found)) == 130


@pytest.mark.thorough
def test_a_page_of_one_group_shows_no_other_and_leads_back(moors: Paper) -> None:
    page = moors.open("/search?q=moor&in=topics&from=120").text
    assert re.search(HITS["topics"], page)
    assert not re.search(HITS["actors"], page)
    assert not re.search(HITS["entries"], page)
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    assert unescape(back[1]) == "/search?q=moor&in=topics&from=60"
    assert 'rel="next"' not in page


@pytest.mark.few(2)
@pytest.mark.parametrize("beyond", ["999", "99999999", "x", "-1", "%C2%B2"])
def test_a_place_beyond_the_hits_shows_the_first_ones(moors: Paper, beyond: str) -> None:
    text = moors.read(f"/search?q=moor&in=actors&from={beyond}")
    assert "1 to 60 of 130" in text


def test_the_list_under_the_field_tells_how_many_there_are(moors: Paper) -> None:
    assert "130 actors, 130 topics, 130 entries" in moors.part("/search?q=moor", "hits")


def test_a_group_that_fits_on_one_page_has_no_way_on(paper: Paper) -> None:
    page = paper.open("/search?q=aland").text
    assert not re.search('rel="(prev|next)"', page.partition('id="view"')[2])
    assert paper.open("/search?q=aland&in=nothing&from=60").text.count("results-list") == 2


@pytest.mark.parametrize("typed", ["%22", "a%22%20OR%20(", "%2A", "%00", "%F0%9F%92%A5", "x" * 900])
def test_odd_queries_are_answered(paper: Paper, typed: str) -> None:
    assert paper.open(f"/search?q={typed}").status_code == 200


def test_a_withheld_statement_shows_no_words(paper: Paper) -> None:
    paper.newsroom.statements.retract(
        paper.dora(), paper.numbers["wants"], "private", withhold=True
    )
    text = paper.read("/search?q=bland")
    assert "Wants it." not in text
    assert "retracted" in text


def test_a_snippet_begins_near_the_first_word_that_was_looked_for() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    pieces = snippet(text, lambda word: word == "eight", 24)
    assert [piece.text for piece in pieces if piece.found] == ["eight"]
    assert pieces[0].text == pieces[-1].text == "…"
    assert len("".join(piece.text for piece in pieces)) <= 26
    assert snippet("short", lambda _: False, 24)[0].text == "short"
    assert snippet("", lambda _: True, 24) == ()


def test_every_hit_leads_to_its_source(paper: Paper) -> None:
    page = paper.page("/search?q=aland")
    links = page.find("a", href="https://example.org/talks")
    hits = [
        element for element in page.find("li") if element.around[-1].has(class_="results-entries")
    ]
    assert len(links) == len(hits) > 0
    assert all(element["rel"] == "noopener noreferrer" for element in links)
    assert "example.org" not in paper.part("/search?q=aland", "hits")


def test_a_passage_is_found_and_told_to_be_the_wording_of_its_source(paper: Paper) -> None:
    post = Source(outlet="Erfundene Post", url="https://example.org/post", lang="de")
    said = Excerpt("Ein Beitritt sei hinnehmbar, hieß es.")
    paper.say("p", "cland", "accepts", "2025-12-01", paraphrase="Fine.", passage=said, source=post)
    markup = paper.open("/search?q=hinnehmbar").text
    (text,) = [one for one in Page(markup).texts if one.text == "hinnehmbar"]
    assert any(element.has(lang="de") for element in text.around)
    assert "In the words of Erfundene Post: Ein Beitritt sei hinnehmbar" in plain(markup)
    assert "„Ein" not in plain(markup)


def test_the_number_of_an_entry_leads_to_it(paper: Paper) -> None:
    number = paper.numbers["yes"]
    assert paper.open(f"/search?q=%23{number}").location == f"/s/{number}"
    assert paper.open(f"/search?q={number}").location == f"/s/{number}"
    assert paper.open("/search?q=2025").status_code == 200
    assert paper.open("/search?q=%23999999").status_code == 200


def test_an_initial_is_not_meant_by_a_row_of_letters(paper: Paper) -> None:
    assert "Did you mean" not in paper.read("/search?q=" + "a" * 500)


def test_a_topic_is_found_whose_name_is_mistyped(paper: Paper) -> None:
    page = paper.open("/search?q=bland+uniion").text
    assert "Nothing on record matches “bland uniion”. Shown is what “bland Union” finds." in plain(
        page
    )
    assert "/t/union" in Page(page).links()
    assert 'value="bland uniion"' in page
    assert "Shown is what" not in paper.read("/search?q=bland+union")


def test_another_word_is_not_taken_for_a_mistyped_one(paper: Paper) -> None:
    question = "Should partners coordinate at their own rate?"
    paper.newsroom.topics.open(paper.dora(), question, "position", slug="pace")
    for word in ("correction", "retracted"):
        page = paper.open(f"/search?q={word}").text
        assert "Shown is what" not in page
        assert "Corrections" in Page(page).words(class_="empty")


def test_a_day_that_is_typed_leads_to_stories_and_topics_as_of_it(paper: Paper) -> None:
    for typed in (
        "Wo standen alle am 14. Dezember 2025?",
        "everybody on 14 Dec 2025",
        "14.12.2025",
    ):
        page = paper.open(f"/search?q={quote_plus(typed)}").text
        assert "Who stood where: 14 Dec 2025" in plain(page), typed
        links = Page(page).links()
        assert "/matrix?story=talks&at=2025-12-14" in links
        assert {"/t/union?as_of=2025-12-14", "/t/deal?as_of=2025-12-14"} <= set(links)
    assert "as of 31 Dec 2025" in paper.read("/search?q=Aland+union+in+December+2025")
    assert "Who stood where" not in paper.read("/search?q=31.02.2025")
    assert "Who stood where" not in paper.read("/search?q=aland")


def test_the_answer_of_a_search_shows_the_quote_that_it_is_tagged_to_be(paper: Paper) -> None:
    quote = Quoted(text="Yes to all of it", lang="en", wording="original")
    paper.say("yes to it", "cland", "supports", "2025-12-10", quote=quote, paraphrase="Agrees.")
    text = paper.read("/search?q=cland+union")
    assert "“Yes to all of it” Invented Times quoted" in text
    assert "Agrees." not in text.partition("Actors")[0]


def test_who_and_what_with_a_day_is_answered_as_of_it(paper: Paper) -> None:
    for typed in ("Aland union on 1 August 2025", "Wo stand Aland zu Union am 1. Aug. 2025?"):
        page = paper.page(f"/search?q={quote_plus(typed)}")
        assert "opposes this" in page.words(aria_labelledby="answered")
        assert "as of 1 Aug 2025" in page.words(aria_labelledby="answered")
        assert "/t/union?as_of=2025-08-01" in page.links()
        assert "/t/union/why/aland?as_of=2025-08-01" in page.links()
    for typed in ("Aland union", "Did Aland change her mind on the union?"):
        page = paper.page(f"/search?q={quote_plus(typed)}")
        answer = page.words(aria_labelledby="answered")
        assert "accepts this" in answer
        assert "as of" not in answer


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("typed", "lang", "told"),
    [
        ("aland uni", "en", "When last heard, on 2 Sep 2025, Aland accepted this."),
        ("aland uni", "de", "Zuletzt verzeichnet, am 2. Sept. 2025: Aland nahm es hin."),
        ("hland union", "en", "Hland has said nothing on record."),
        ("hland union", "de", "Hland hat sich, soweit verzeichnet, nicht dazu geäußert."),
        ("should aland join the union", "en", "When last heard, Bland supported this; Aland "),
        ("cland", "en", "When last heard, on 10 Dec 2025, Cland doubted this."),
    ],
)
def test_a_name_a_question_or_both_are_answered_in_a_sentence_while_somebody_types(
    paper: Paper, typed: str, lang: str, told: str
) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Hland", "state", slug="hland")
    paper.say("last", "cland", "doubts", "2025-12-10", paraphrase="Not so sure.")
    box = {"HX_Request": "true", "HX_Target": "hits", "Accept_Language": lang}
    answer = paper.open(f"/search?q={quote_plus(typed)}", **box).text
    first = re.search(r'class="hits-told".*?</a>', answer, re.DOTALL)
    assert first is not None
    assert told in plain(first.group())
    assert told in plain(paper.open(f"/search?q={quote_plus(typed)}", Accept_Language=lang).text)


def test_sources_without_a_name_are_found_behind_all_others(paper: Paper) -> None:
    room, dora = paper.newsroom, paper.dora()
    room.actors.introduce(dora, "Aland officials (unnamed)", "unnamed", slug="officials")
    links = paper.page("/search?q=aland").links()
    assert links.index("/a/aland") < links.index("/a/officials")


def test_a_word_that_is_mended_leaves_others_alone(paper: Paper) -> None:
    with paper.services.models.engine().connect() as conn:
        assert respelled(conn, "uniion inuniionside") == "Union inuniionside"


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Aland Union 31. Februar 2025", "Es gibt kein Datum „31. Februar 2025“."),
        ("31.2.2025", "Es gibt kein Datum „31.2.2025“."),
        ("Aland Union 1. Jan. 2126", "„1. Jan. 2126“ liegt noch in der Zukunft. Was kommt"),
        ("31. Februar", "Bei „31. Februar“ fehlt das Jahr."),
        ("Aland Union on March 1", "Bei „March 1“ fehlt das Jahr."),
    ],
)
def test_a_search_says_why_its_answer_is_not_as_of_the_day_that_is_typed(
    paper: Paper, typed: str, told: str
) -> None:
    page = plain(paper.open(f"/search?q={typed}", Accept_Language="de").text)
    assert told in page
    assert "Stand vom" not in page


def test_a_search_for_another_day_says_nothing_of_days(paper: Paper) -> None:
    for typed in ("Aland Union 1 Dec 2025", "Aland 2025", "Aland"):
        page = plain(paper.open(f"/search?q={typed}").text)
        assert "lacks its year" not in page
        assert "to come" not in page
