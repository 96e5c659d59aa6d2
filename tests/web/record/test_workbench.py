"""The workbench: a text is opened, coded passage by passage, and never loaded again."""

from __future__ import annotations

import io
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from sqlalchemy import Engine, event
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.capture.test_files import PAGE, SAID
from tests.web.record.desk import Desk, hidden
from tests.web.site import plain
from timeline.application.commands import Source
from timeline.bootstrap import open_store
from timeline.capture.nearby import persons_before
from timeline.desk.accounts.roles import Role
from timeline.desk.texts import Decision
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import DocumentFiled, DocumentSnapshotTaken
from timeline.domain.statement import StatementRecorded
from web import create_app
from web.record.fields.languages import read_language
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}
WANTS = "Dora Example sagte, Aland wolle der Union beitreten."
NOTHING = "Nichts geschah."
REFUSES = "Pjotr Petrow sagte am Montag, er lehne das ab, sofern kein Geld komme."
QUOTES = "Bland kündigte an, „morgen“ zu bauen."
TEXT = f"{WANTS} {NOTHING} {REFUSES}\n\n{QUOTES}"
SOURCE = {
    "source.url": "https://example.org/union",
    "source.outlet": "Invented Post",
    "source.title": "A day of talks",
    "source.published_at": "16 Dec 2025",
    "source.lang": "de",
}


def at(words: str) -> str:
    """Return how an address names a passage."""
    start = TEXT.index(words)
    return f"{start}-{start + len(words)}"


def opened(desk: Desk, text: str = TEXT, **changes: str) -> str:
    """Lay a text on the desk and return where it is coded."""
    fields = {name.replace("__", "."): value for name, value in changes.items()}
    answer = desk.post("/record/text", {"text": text, **SOURCE, **fields})
    assert answer.status_code == 303
    return str(answer.location)


def filled(page: str, **changes: str) -> dict[str, Any]:
    """Return the form of a page with what it brings along, and what a person adds."""
    form = hidden(page) | {"topic": "a-union", "stance": "supports", "paraphrase": "Wants to join."}
    for name in ("actor", "said_at", "paraphrase"):
        match = re.search(rf'value="([^"]*)" id="f-{name}"', page)
        form |= {name: match[1]} if match else {}
    for name in ("attribution", "precision"):
        match = re.search(rf'name="{name}" value="(\w+)" checked', page)
        form |= {name: match[1]} if match else {}
    behalf = re.search(r'<option value="([^"]+)" selected>[^<]*, as ', page)
    form["on_behalf_of"] = behalf[1] if behalf else "self"
    return form | {name.replace("__", "."): value for name, value in changes.items()}


def code(desk: Desk, address: str, **changes: str) -> TestResponse:
    """Record what the workbench shows at an address."""
    place = address.partition("?")[0]
    return desk.post(place, filled(desk.get(address).text, **changes))


def test_a_text_is_pasted_once_and_the_first_suggestion_is_open(desk: Desk) -> None:
    head = desk.head()
    page = desk.get(opened(desk)).text
    assert desk.head() == head
    assert hidden(page)["passage"] == at(WANTS)
    assert "Reported speech, by “sagte”" in plain(page)
    assert filled(page)["actor"] == "Dora Example"
    assert filled(page)["on_behalf_of"] == "aland"
    assert (filled(page)["said_at"], filled(page)["precision"]) == ("2025-12-16", "before")
    assert "0 of about 3" in plain(page)


@pytest.mark.parametrize(
    ("given", "tag"), [("deutsch", "de"), ("German", "de"), ("DE", "de"), ("pt_BR", "pt-BR")]
)
def test_a_language_is_given_by_its_tag_or_its_name(given: str, tag: str) -> None:
    assert read_language(given, "source.lang") == tag


def test_what_is_no_language_and_a_day_to_come_are_refused_in_a_line(desk: Desk) -> None:
    for name, value, told in (
        ("source.lang", "klar", "“klar” is no language"),
        ("source.published_at", "25.11.2099", "is still to come"),
    ):
        answer = desk.post("/record/text", SOURCE | {"text": TEXT, name: value})
        assert (answer.status_code, told in plain(answer.text)) == (422, True)


def test_neither_topic_nor_stance_is_ever_chosen_for_the_coder(desk: Desk) -> None:
    page = desk.get(opened(desk)).text
    assert '<option value="a-union">' in page
    assert 'name="stance"' not in page


AGAIN = "Example sagte, Aland wolle der Union beitreten."


def test_somebody_whom_the_text_names_by_their_last_name_is_found(desk: Desk) -> None:
    page = desk.get(opened(desk, AGAIN)).text
    assert filled(page)["actor"] == "Dora Example"
    assert "The text names “Example”; Dora Example is on record." in plain(page)


TALK = "Dora Example (ABC):\n\nWe should join the union.\n\nHost:\n\nWhy?\n\n"


def test_in_a_transcript_every_passage_has_its_speaker_and_their_own_words(desk: Desk) -> None:
    place = opened(desk, TALK, source__lang="en")
    words = "We should join the union."
    start = TALK.index(words)
    page = desk.get(f"{place}?at={start}-{start + len(words)}").text
    assert "Words of Dora Example, whose name stands above them" in plain(page)
    form = filled(page)
    assert (form["actor"], form["attribution"]) == ("Dora Example", "quoted")
    assert (form["said_at"], form["precision"]) == ("2025-12-16", "day")
    assert 'value="topic=a-union"' in page
    assert "of 100" not in page


def test_who_has_no_text_at_hand_tries_the_workbench_with_a_made_up_one(desk: Desk) -> None:
    page = desk.get("/record/text").text
    assert "Try it with a made-up text" in page
    filled_in = desk.post("/record/text", opening_form(page) | {"made_up": "1"}).text
    assert "Nobody said any of this." in filled_in
    form = opening_form(filled_in)
    assert form["source.outlet"] == "Made up"
    bench = plain(desk.get(desk.post("/record/text", form).location).text)
    assert "Dora Example" in bench
    assert "passages done" in bench
    assert "Try it with a made-up text" not in desk.get("/record/text").text


SITTING = """<?xml version="1.0"?><dbtplenarprotokoll wahlperiode="99" sitzung-nr="7"
 sitzung-datum="16.12.2025"><sitzungsverlauf>
<sitzungsbeginn><name>Präsidentin Jo Vorn:</name><p>Guten Morgen.</p></sitzungsbeginn>
<tagesordnungspunkt top-id="Tagesordnungspunkt 1"><p klasse="T_fett">Eine Brücke</p>
<rede><p klasse="redner"><redner/>Max Amt (ABC):</p><p>Eine Brücke ist teuer.</p></rede>
</tagesordnungspunkt><tagesordnungspunkt top-id="Zusatzpunkt 2"><p klasse="T_fett">Die Union</p>
<rede><p klasse="redner"><redner/>Dora Example (DEF):</p><p>Meine Damen und Herren!</p>
<p>Ich sage, sie sei gut für uns.</p></rede>
<rede><p klasse="redner"><redner/>Max Amt (ABC):</p><p>Nein.</p></rede>
</tagesordnungspunkt></sitzungsverlauf></dbtplenarprotokoll>"""


def test_of_a_whole_sitting_one_item_is_opened_as_a_text_of_its_own(desk: Desk) -> None:
    page = read_sitting(desk)
    assert page.count('name="part" value="item:') == 3
    assert "Eine Brücke 1 speaker" in plain(page)
    taken = desk.post("/record/text", opening_form(page) | {"part": "item:2"}).text
    form = opening_form(taken)
    assert form["source.title"] == "Plenarprotokoll 99/7, Zusatzpunkt 2: Die Union"
    assert "teuer" not in form["text"]
    place = desk.post("/record/text", form).location
    words = "Ich sage, sie sei gut für uns."
    start = form["text"].replace("\r\n", "\n").index(words)
    passage = filled(desk.get(f"{place}?at={start}-{start + len(words)}").text)
    assert (passage["actor"], passage["attribution"]) == ("Dora Example", "quoted")
    assert (passage["said_at"], passage["precision"]) == ("2025-12-16", "day")


def test_of_a_whole_sitting_all_that_one_person_says_is_opened_with_them_as_its_author(
    desk: Desk,
) -> None:
    sent = opening_form(read_sitting(desk)) | {"part": "speaker:Max Amt"}
    form = opening_form(desk.post("/record/text", sent).text)
    assert form["source.title"] == "Plenarprotokoll 99/7, Max Amt"
    assert form["source.author"] == "Max Amt"
    assert "teuer" in form["text"]
    assert "Nein." in form["text"]
    assert "Die Union" not in form["text"]


def test_a_part_that_the_text_does_not_have_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    sent = opening_form(read_sitting(desk))
    for part in ("item:9", "item:x", "speaker:Nobody", "all"):
        answer = desk.post("/record/text", sent | {"part": part})
        assert answer.status_code == 422
        assert "teuer" in answer.text


def opening_form(page: str) -> dict[str, Any]:
    form = html.fromstring(page).get_element_by_id("open").forms[0]
    return {name: value or "" for name, value in form.form_values()}


def read_sitting(desk: Desk) -> str:
    form = {"file": (io.BytesIO(SITTING.encode()), "99007.xml")}
    return desk.post("/record/text", form).text


def test_of_two_with_one_last_name_none_is_taken(desk: Desk) -> None:
    desk.services.newsroom.actors.introduce(desk.byline(), "Max Example", "person", slug="max")
    page = desk.get(opened(desk, AGAIN)).text
    assert filled(page)["actor"] == "Example"
    assert "several on record bear that name. Choose one." in plain(page)


def test_the_end_of_a_state_s_name_is_nobody_s_last_name(desk: Desk) -> None:
    desk.services.newsroom.actors.introduce(desk.byline(), "New Cland", "state", slug="new-cland")
    page = desk.get(opened(desk, "Cland sagte, Aland wolle der Union beitreten.")).text
    assert "nobody on record bears that name" in plain(page)


def test_what_was_said_on_a_question_tells_what_the_next_words_may_answer(desk: Desk) -> None:
    text = "Dora Example sagte, der Fährverkehr werde eingestellt."
    assert 'value="topic=' not in desk.get(opened(desk, text)).text
    desk.say(topic="deal", stance="expects", paraphrase="Sees Fährverkehr eingestellt by it.")
    page = desk.get(opened(desk, text, source__url="https://example.org/ferry")).text
    assert re.findall(r'value="topic=([^"]+)"', page) == ["deal"]


ENGLISH = "Dora Example said that Aland would join the union."


def of_the_talks(desk: Desk, slug: str) -> None:
    """Put a topic into the story of the talks."""
    desk.services.newsroom.topics.file_under(desk.byline(), slug, "talks")


def test_one_word_in_common_is_too_little_for_a_question_and_another_stands_first(
    desk: Desk,
) -> None:
    page = desk.get(opened(desk, "Dora Example said that the union is old.")).text
    assert offered_topics(page) == set()
    assert "Another question" in plain(page)
    assert "No question on record is near these words." in plain(page)
    near = desk.get(opened(desk, ENGLISH, source__url="https://example.org/near")).text
    assert offered_topics(near) == {"a-union"}
    assert "No question on record is near these words." not in plain(near)


def test_the_questions_beside_a_text_are_those_of_the_story_that_it_is_tied_to(desk: Desk) -> None:
    desk.services.newsroom.stories.open(desk.byline(), "Invented ferries", slug="ferries")
    of_the_talks(desk, "a-union")
    place = opened(desk, ENGLISH)
    page = desk.get(place).text
    assert '<option value="talks" selected>' in page
    assert offered_topics(page) == {"a-union"}
    assert desk.post(f"{place}/story", {"story": "ferries"}).status_code == 303
    tied = desk.get(place).text
    assert "Story: Invented ferries" in plain(tied)
    assert offered_topics(tied) == set()
    assert "No question of this story is near these words." in plain(tied)
    desk.post(f"{place}/story", {"story": "talks"})
    assert offered_topics(desk.get(place).text) == {"a-union"}
    desk.post(f"{place}/story", {"story": ""})
    assert '<option value="talks" selected>' in desk.get(place).text


def test_of_a_text_that_is_tied_one_word_is_enough_and_its_story_s_questions_come_first(
    desk: Desk,
) -> None:
    of_the_talks(desk, "deal")
    place = opened(desk, "Dora Example said that a deal is old.")
    assert offered_topics(desk.get(place).text) == set()
    desk.post(f"{place}/story", {"story": "talks"})
    page = desk.get(place).text
    assert offered_topics(page) == {"deal"}
    assert page.index('<option value="deal">') < page.index('<option value="a-union">')


def test_a_text_stays_tied_when_something_of_it_is_on_record(desk: Desk) -> None:
    place = opened(desk)
    desk.post(f"{place}/story", {"story": "talks"})
    code(desk, place)
    assert "Story: Invented talks" in plain(desk.get(place).text)


def test_a_form_stays_as_it_is_while_its_text_is_tied(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, paraphrase="Half of it.") | {"story": "talks"}
    tied = desk.post(f"{place}/story", form, **HTMX).text
    assert filled(tied)["passage"] == form["passage"]
    assert "Half of it." in tied
    assert "Story: Invented talks" in plain(tied)


def test_a_story_that_nobody_opened_is_refused_in_a_line(desk: Desk) -> None:
    answer = desk.post(f"{opened(desk)}/story", {"story": "tolks"})
    assert answer.status_code == 404
    assert "talks" in plain(answer.text)


def test_what_may_be_chosen_stands_in_the_reader_s_language(desk: Desk) -> None:
    german, newsroom = {"Accept-Language": "de"}, desk.services.newsroom
    newsroom.topics.translate(desk.byline(), "deal", "de", {"topic_question": "Gibt es Gebiete?"})
    desk.say(topic="deal", stance="expects", paraphrase="Sees Fährverkehr eingestellt by it.")
    place = opened(desk, "Dora Example sagte, der Fährverkehr werde eingestellt.")
    statement = desk.get(place, **german).text
    assert re.search(r'value="topic=deal"[^>]*>Gibt es Gebiete\?<', statement)
    development = desk.get(f"{place}?kind=development&at=0-54", **german).text
    asked = [desk.get(f"/record/topics?words={one}", **german).text for one in ("gebiete", "deal")]
    for page in (statement, development, *asked):
        assert "Gibt es Gebiete?" in page
        assert "Will there be a deal?" not in page
    assert "Will there be a deal?" in desk.get("/record/topics?words=gebiete").text
    edited = desk.get("/record/topic/deal", **german).text
    assert "Will there be a deal?</textarea>" in edited


def test_what_is_recorded_is_underlined_and_the_next_passage_is_open(desk: Desk) -> None:
    place = opened(desk)
    answer = code(desk, place)
    number = next(n for n, one in desk.services.log.stream(0) if isinstance(one, StatementRecorded))
    assert answer.location == f"{place}?at={at(REFUSES)}&recorded={number}#here"
    assert desk.types()[-3:] == [
        "document.filed",
        "statement.recorded",
        "document.snapshot_taken",
    ]
    page = desk.get(answer.location.partition("#")[0]).text
    assert f">{number}</a>" in page
    assert f"Recorded as {number}" in plain(page)
    assert hidden(page)["passage"] == at(REFUSES)
    assert "1 of about 3" in plain(page)
    assert "It may be conditional: “sofern kein Geld komme”" in plain(page)


def test_a_statement_keeps_its_passage_where_it_stands_in_the_text(desk: Desk) -> None:
    code(desk, opened(desk))
    said = [one for one in desk.events() if isinstance(one, StatementRecorded)][-1].content
    assert said is not None
    assert said.passage is not None
    assert TEXT[said.passage.start : said.passage.end] == WANTS == said.passage.exact


def test_a_text_that_is_on_record_leaves_the_desk_and_is_offered_there(desk: Desk) -> None:
    place = opened(desk)
    assert desk.services.desk.texts.waiting()
    assert "nothing recorded yet" in desk.get("/record/text").text
    code(desk, place)
    assert desk.services.desk.texts.waiting() == []
    page = desk.get("/record/text").text
    assert "nothing recorded yet" not in page
    assert f'href="{place}"' in page
    assert desk.post("/record/text", {"source.url": SOURCE["source.url"]}).location == place


def test_any_sentence_can_be_coded_and_two_of_them_as_one_passage(desk: Desk) -> None:
    place = opened(desk)
    page = desk.get(f"{place}?at={at(NOTHING)}").text
    assert filled(page).get("actor") == ""
    form = filled(page, actor="Bland", other_passage=at(f"{NOTHING} {REFUSES}"))
    form.pop("topic")
    longer = desk.post(f"{place}/check", form, **HTMX).text
    assert hidden(longer)["passage"] == at(f"{NOTHING} {REFUSES}")
    assert "2 sentences" in plain(longer)
    assert filled(longer)["actor"] == "Bland"


def test_words_in_quotation_marks_are_taken_as_the_quote(desk: Desk) -> None:
    page = desk.get(f"{opened(desk)}?at={at(QUOTES)}").text
    assert filled(page)["attribution"] == "quoted"
    assert ">\nmorgen</textarea>" in page


def test_a_condition_that_the_text_names_is_taken_by_a_button(desk: Desk) -> None:
    place = opened(desk)
    page = desk.get(f"{place}?at={at(REFUSES)}").text
    offered = re.findall(r'name="use" value="condition\.text=([^"]+)"', page)
    assert offered == ["sofern kein Geld komme"]
    form = filled(page, stance="conditional") | {"use": f"condition.text={offered[0]}"}
    taken = desk.press(place, form).text
    assert re.search(r'name="condition\.text"[^>]*>\s*sofern kein Geld komme</textarea>', taken)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [(NOTHING, "", ""), (WANTS, "claimed", "Dora Example"), (QUOTES, "announced", "Bland")],
)
def test_how_certain_a_development_is_is_asked_unless_the_text_names_who_tells_of_it(
    desk: Desk, words: str, status: str, says: str
) -> None:
    place = opened(desk)
    page = desk.get(f"{place}?kind=development&at={at(words)}").text
    assert re.findall(r'name="status" value="(\w+)" checked', page) == ([status] if status else [])
    assert f'value="{says}" id="f-according_to"' in page
    response = desk.post(f"{place}/development", hidden(page) | {"title": "T", "topics": "a-union"})
    assert "Choose how certain it is." in response.text


def test_two_places_of_a_text_are_not_the_same_words_and_a_second_look_is_enough(
    desk: Desk,
) -> None:
    again = f"{WANTS} {NOTHING} {WANTS}"
    place = opened(desk, text=again)
    first = filled(desk.get(f"{place}?at=0-52").text)
    assert desk.post(place, first).status_code == 303
    begins = again.rindex(WANTS)
    second = filled(desk.get(f"{place}?at={begins}-{begins + len(WANTS)}").text)
    response = desk.post(place, second)
    assert (response.status_code, "in other words" in response.text) == (409, True)
    assert (
        desk.post(place, second | {"seen_twin": hidden(response.text)["seen_twin"]}).status_code
        == 303
    )


def test_a_text_becomes_the_further_source_of_what_stands_already(desk: Desk) -> None:
    stands = {"actor": "dora", "on_behalf_of": "aland", "stance": "supports"}
    number = desk.say(said_at="2025-12-16", **stands)
    told = {"title": "Nothing happened", "topics": "a-union", "status": "confirmed"}
    told |= {"source.title": "T", "happened_at": "2025-12-16"}
    desk.post("/record/development", told)
    happened = desk.head()
    place = opened(desk)
    statement = desk.post(place, filled(desk.get(f"{place}?at={at(WANTS)}").text)).text
    page = desk.get(f"{place}?kind=development&at={at(NOTHING)}").text
    form = hidden(page) | {"title": "Nothing happened.", "topics": "a-union"}
    development = desk.post(f"{place}/development", form | {"status": "confirmed"}).text
    for asked, entry in ((statement, number), (development, happened)):
        assert f'formaction="/record/{entry}/second"' in asked
        second = desk.post(f"/record/{entry}/second", hidden(asked) | {"open": "1"}).text
        assert 'value="Invented Post" id="f-source-outlet"' in second
        assert 'value="https://example.org/union" id="f-source-url"' in second


def test_a_development_is_recorded_from_the_same_text(desk: Desk) -> None:
    place = opened(desk)
    page = desk.get(f"{place}?kind=development&at={at(NOTHING)}").text
    assert 'name="title"' in page
    assert 'name="stance"' not in page
    form = hidden(page) | {"title": "Nothing happened.", "topics": "a-union", "status": "confirmed"}
    answer = desk.post(f"{place}/development", form)
    number = next(
        n for n, one in desk.services.log.stream(0) if isinstance(one, DevelopmentRecorded)
    )
    assert f"recorded={number}" in answer.location
    again = desk.get(answer.location.partition("#")[0]).text
    assert f'href="/s/{number}"' in again or f">{number}</a>" in again
    assert desk.types()[-1] == "document.snapshot_taken"
    assert desk.services.desk.texts.decided(place.rpartition("/")[2]) == [
        Decision(TEXT.index(NOTHING), TEXT.index(NOTHING) + len(NOTHING), NOTHING, number, "anna")
    ]
    desk.services.newsroom.developments.retract(desk.services.newsroom.byline("ben"), number, "no")
    desk.services.models.catch_up()
    assert f">{number}</a>" not in desk.get(place).text


def test_a_passage_that_holds_nothing_is_set_aside_and_can_be_taken_up_again(desk: Desk) -> None:
    place, head = opened(desk), desk.head()
    answer = desk.post(f"{place}/nothing", {"passage": at(WANTS)})
    assert answer.location == f"{place}?at={at(REFUSES)}#here"
    assert "1 of about 3" in plain(desk.get(place).text)
    page = desk.get(f"{place}?at={at(WANTS)}").text
    assert "there is nothing to record here" in page
    desk.post(f"{place}/nothing", {"passage": at(WANTS), "back": "1"})
    assert "0 of about 3" in plain(desk.get(place).text)
    assert desk.head() == head


def test_a_form_that_lacks_something_comes_back_as_it_was_typed(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, topic="", paraphrase="Half of it.")
    for headers in ({}, HTMX):
        answer = desk.post(place, form, **headers)
        assert answer.status_code == 422
        assert ">\nHalf of it.</textarea>" in answer.text
        assert "Choose the topic." in answer.text
        assert hidden(answer.text)["passage"] == at(WANTS)
    assert "statement.recorded" not in desk.types()


def test_a_draft_goes_on_at_its_text_and_keeps_no_copy_of_it(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, paraphrase="Half of it.")
    answer = desk.post(f"{place}/check", form, **HTMX)
    address = str(answer.headers["HX-Replace-Url"])
    assert address.startswith(f"{place}?kind=statement&draft=")
    page = desk.get(address).text
    assert ">\nHalf of it.</textarea>" in page
    draft = desk.services.desk.drafts.find("anna", hidden(page)["entry"])
    assert "text" not in draft.fields
    assert f'href="{address.replace("&", "&amp;")}"' in desk.get("/record").text
    code(desk, address)
    assert desk.services.desk.drafts.count() == 0


def test_looking_at_a_passage_leaves_no_draft(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, paraphrase="", topic="", stance="")
    desk.post(f"{place}/check", form, **HTMX)
    assert desk.services.desk.drafts.count() == 0


def test_another_version_of_a_text_takes_its_place_on_the_workbench(desk: Desk) -> None:
    place = opened(desk)
    code(desk, place)
    assert SOURCE["source.title"] in desk.get(f"/record/text?u={place.rpartition('/')[2]}").text
    assert opened(desk, f"New. {TEXT}") == place
    page = desk.get(place).text
    assert "1 of about 3" in plain(page)
    assert desk.services.desk.texts.waiting()


def test_a_source_without_a_text_asks_for_it(desk: Desk) -> None:
    desk.say()
    filed = next(one for one in desk.events() if isinstance(one, DocumentFiled)).originator_id
    assert desk.get(f"/record/text/{filed}").location == f"/record/text?u={filed}"


def test_a_language_that_no_rule_reads_is_coded_all_the_same(desk: Desk) -> None:
    page = desk.get(opened(desk, "Він прийшов. Вона пішла.", source__lang="uk")).text
    assert "No suggestions" in page
    assert page.count('class="sentence"') == 2


def test_a_long_text_without_paragraphs_is_kept_whole_and_shown_in_sections(desk: Desk) -> None:
    text = "Слова и слова. " * 13_000
    place = opened(desk, text, source__lang="ru")
    assert desk.get(place).text.count('class="sentence"') == 2_000
    kept = desk.services.desk.texts.find(place.rpartition("/")[2])
    assert kept is not None
    assert kept.text == text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ""}, "Paste the text of the source."),
        ({"text": " \n "}, "Paste the text of the source."),
        ({"source.url": "ftp://example.org"}, "neither https:// nor http://"),
        (dict.fromkeys(SOURCE, ""), "Name the source"),
    ],
)
def test_a_text_that_cannot_be_opened_says_why(
    desk: Desk, changes: dict[str, str], message: str
) -> None:
    answer = desk.post("/record/text", {"text": TEXT, **SOURCE, **changes})
    assert answer.status_code == 422
    assert message in answer.text
    assert desk.services.desk.texts.waiting() == []


def test_a_garbled_text_is_mended_by_a_button(desk: Desk) -> None:
    form = {"text": "Er sagte: â€žfÃ¼r alleâ€œ.", **SOURCE}
    mended = desk.post("/record/text", form | {"use": "tidy=1"}).text
    assert "„für alle“" in mended
    invisible = desk.post("/record/text", {"text": "One\u200f two.", **SOURCE})
    assert invisible.status_code == 422
    assert 'value="tidy=1"' in invisible.text


@pytest.mark.parametrize("value", ["", "x", "9-3", "0-99999", "-1-2", "0"])
def test_a_passage_that_lies_nowhere_opens_the_first_suggestion(desk: Desk, value: str) -> None:
    assert hidden(desk.get(f"{opened(desk)}?at={value}").text)["passage"] == at(WANTS)


def test_a_text_that_nobody_knows_is_not_found(desk: Desk) -> None:
    for way in ("", "/nothing", "/check", "/development"):
        address = f"/record/text/00000000-0000-7000-8000-000000000000{way}"
        answer = desk.post(address, {}) if way else desk.get(address)
        assert answer.status_code == 404


def test_a_text_can_be_taken_from_the_desk(desk: Desk) -> None:
    place = opened(desk)
    assert desk.post(f"{place}/discard", {}).location == "/record/text"
    assert desk.get(place).status_code == 404


def test_readers_have_no_workbench(desk: Desk) -> None:
    place = opened(desk)
    readers = create_app(desk.services).test_client()
    assert readers.get(place).status_code == 403
    assert readers.post("/record/text", data={"text": TEXT, **SOURCE}).status_code == 403
    coders = create_app(desk.services, identify=everybody_is("cora", Role.CODER)).test_client()
    assert coders.get(place).status_code == 200


@pytest.mark.parametrize("role", [Role.CODER, Role.EDITOR])
def test_ways_on_are_shown_to_those_who_may_go_them(desk: Desk, role: Role) -> None:
    place = opened(desk)
    desk.client = create_app(desk.services, identify=everybody_is("cora", role)).test_client()
    page = desk.get(code(desk, place).location.partition("#")[0]).text
    assert "Recorded as" in plain(page)
    for way in ("/correct", "/retract", "/record/actor"):
        assert (f'{way}"' in page) == (role is Role.EDITOR)


@pytest.mark.parametrize("role", [Role.CODER, Role.EDITOR])
def test_where_there_is_no_question_those_who_may_are_led_to_open_one(
    sqlite_url: str, role: Role
) -> None:
    with closing(open_store(sqlite_url)) as services:
        desk = Desk(services)
        desk.client = create_app(services, identify=everybody_is("cora", role)).test_client()
        for page in (desk.get(opened(desk)), desk.get("/record")):
            assert ('href="/record/topic">Open a topic' in page.text) == (role is Role.EDITOR)


def test_a_text_is_read_once_for_each_passage_that_is_recorded(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text)
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        shown = desk.post(place, form, **HTMX).text
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert hidden(shown)["passage"] == at(REFUSES)
    assert sum("FROM decisions" in one for one in sent) == 1


def test_the_snapshot_of_a_text_is_taken_once(desk: Desk) -> None:
    place = opened(desk)
    code(desk, place)
    code(desk, f"{place}?at={at(REFUSES)}", actor="Pjotr Petrow", stance="opposes")
    taken = [one for one in desk.events() if isinstance(one, DocumentSnapshotTaken)]
    assert len(taken) == 1
    assert desk.types().count("statement.recorded") == 2


def test_a_file_fills_in_the_form_and_leaves_what_somebody_typed(desk: Desk) -> None:
    form = {"source.outlet": "Invented Post", "file": (io.BytesIO(PAGE.encode()), "page.html")}
    answer = desk.post("/record/text", form)
    assert answer.status_code == 200
    for said in ("Die Brücke", "2025-12-15", "https://example.org/bruecke", "Jo Neu", SAID):
        assert said in answer.text
    assert 'value="Invented Post"' in answer.text
    assert "Stadtblatt" not in answer.text.partition("<form")[2]
    assert desk.services.desk.texts.waiting() == []


def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_typed(desk: Desk) -> None:
    form = {"source.outlet": "Invented Post", "file": (io.BytesIO(b"%PDF-1.7 broken"), "a.pdf")}
    answer = desk.post("/record/text", form)
    assert answer.status_code == 422
    assert "a web page, PDF, Word document, transcript or plain text" in answer.text
    assert 'value="Invented Post"' in answer.text


def test_a_file_may_be_larger_than_a_form_and_not_without_bound(desk: Desk) -> None:
    words = ("Ein Satz. " * 200_000).encode()
    assert len(words) > 1_000_000
    assert send_file(desk, "/record/text", words) == 200
    assert send_file(desk, "/record/text", b"x" * 6_100_000) == 413
    assert send_file(desk, "/record", words) == 413


def send_file(desk: Desk, path: str, data: bytes) -> int:
    """Send a file of any size, and return the status of the answer."""
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), "a.txt")})
    sent = desk.client.post(
        path, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return sent.status_code


def test_what_is_coded_from_a_source_is_listed_below_its_text(desk: Desk) -> None:
    place = opened(desk)
    code(desk, place)
    page = plain(desk.get(place).text)
    assert "On record from this source" in page
    assert "Dora Example: Wants to join." in page
    assert "No longer in this version" not in page


def test_the_form_for_another_version_says_of_which_text(desk: Desk) -> None:
    place = opened(desk)
    for is_filed in (False, True):
        if is_filed:
            code(desk, place)
        page = desk.get(f"/record/text?u={place.rpartition('/')[2]}").text
        assert f"Another version of {SOURCE['source.title']}" in plain(page)
        assert f'href="{place}"' in page.partition('id="older"')[2].partition("</p>")[0]
        assert f'value="{SOURCE["source.outlet"]}"' in page
    again = desk.post("/record/text", hidden(page) | SOURCE)
    assert f"Another version of {SOURCE['source.title']}" in plain(again.text)
    assert "Another version of" not in desk.get("/record/text").text


def test_words_that_a_later_version_lacks_are_told_and_stay_on_record(desk: Desk) -> None:
    place = opened(desk)
    code(desk, place)
    opened(desk, f"{NOTHING} {REFUSES}")
    text = desk.get(place).text
    assert "No longer in this version" in plain(text)
    assert re.search(rf"<s [^>]*>{WANTS}</s>", text)
    head = plain(text).partition("Source text")[0]
    assert "1 entry on record" in head
    opened(desk, NOTHING)
    assert "No suggestions choose any sentence · 1 entry on record" in plain(desk.get(place).text)
    opened(desk, f"{NOTHING} {REFUSES}")
    code(desk, f"{place}?at=0-15", actor="Bland")
    assert desk.types().count("document.snapshot_taken") == 2
    said = next(one for one in desk.events() if isinstance(one, StatementRecorded)).content
    assert said is not None
    assert said.passage is not None
    assert said.passage.exact == WANTS


def test_colleagues_leave_each_other_notes_that_no_log_holds(desk: Desk) -> None:
    place, head = opened(desk), desk.head()
    answer = desk.post(f"{place}/notes", {"note": "Ask Ben about <b>this</b>."})
    assert answer.location == f"{place}#notes"
    ben = create_app(desk.services, identify=everybody_is("ben")).test_client()
    page = ben.get(place).text
    assert "Ask Ben about &lt;b&gt;this&lt;/b&gt;." in page
    assert "/remove" not in page
    own = re.search(rf'action="({place}/notes/[^"]+/remove)"', desk.get(place).text)
    assert own
    ben.post(own[1])
    assert "Ask Ben" in desk.get(place).text
    desk.post(own[1], {})
    assert "Ask Ben" not in desk.get(place).text
    assert desk.head() == head
    assert desk.post(f"{place}/notes", {"note": " "}).status_code == 422


def test_what_was_said_off_the_record_is_refused_with_its_reason_and_kept_nowhere(
    desk: Desk,
) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text)
    desk.post(f"{place}/check", form, **HTMX)
    assert desk.services.desk.drafts.count() == 1
    form["attribution"] = "off_the_record"
    checked = plain(desk.post(f"{place}/check", form, **HTMX).text)
    assert "Off the record is not recorded here" in checked
    assert "a person familiar with the talks" in checked
    answer = desk.post(place, form)
    assert answer.status_code == 422
    assert "statement.recorded" not in desk.types()
    desk.post(place, form | {"save": "1"})
    assert desk.services.desk.drafts.count() == 0


def test_for_a_function_with_its_article_who_is_named_just_before_is_offered(desk: Desk) -> None:
    said = (
        "Dort hat sich auch Elsbeth Turmlinger zu Wort gemeldet. „Die Brücke gehört zum"
        " Stadtbild“, sagte die Vorsitzende des Heimatvereins."
    )
    page = desk.get(opened(desk, said)).text
    assert "Named just before:" in page
    assert 'value="actor=Elsbeth Turmlinger"' in page
    assert 'value="Elsbeth Turmlinger"' not in page  # offered, not chosen


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "Elsa Turner spoke. “It stays,” said the chairwoman.", ["Elsa Turner"]),
        ("de", "Elsa Turm sprach. Dann Uwe Bach. „So“, sagte die Chefin.", ["Uwe Bach"]),
        ("fr", "Elsa Turm parlait. « Non », dit la présidente.", []),
    ],
)
def test_persons_before_are_those_of_the_sentence_and_the_one_before(
    lang: str, text: str, names: list[str]
) -> None:
    at = min(text.index(mark) for mark in "“„«" if mark in text)
    assert persons_before(text, lang, at) == names


def test_words_quoted_in_another_language_than_the_text_are_of_that_language(desk: Desk) -> None:
    said = "“We will join the union of the states,” Dora Example said on the day of the talks."
    place = opened(desk, f"{TEXT}\n\n{said}")
    start = len(TEXT) + 2
    page = desk.get(f"{place}?at={start}-{start + len(said)}").text
    assert 'value="Dora Example"' in page
    assert 'value="en" id="f-quote-lang"' in page
    assert 'value="de" id="f-quote-lang"' in desk.get(f"{place}?at={at(QUOTES)}").text


def test_each_run_of_sentences_says_in_which_language_it_is(desk: Desk) -> None:
    english = "We will join the union of the states. They should be there when it is said."
    mixed = f"Das ist nicht das Ende und es war auch noch nie da. {english}"
    text = f"{TEXT}\n\n{english}\n\n{mixed}"
    place = opened(desk, text)
    pane = desk.get(place).text.partition('<div id="text"')[2].partition("</div>")[0]
    assert 'lang="de"' in pane.partition(">")[0]
    *others, whole, both = pane.split("<p")[1:]
    assert whole.startswith(' lang="en">')
    assert both.startswith(">")
    assert re.findall(r'<a class="sentence"( lang="\w+")?', both) == ["", *[' lang="en"'] * 2]
    assert not any("lang=" in other for other in others)
    spans = re.findall(r'data-at="(\d+)-(\d+)"', pane)
    assert " ".join(text.split()) == " ".join(text[int(a) : int(b)] for a, b in spans)


def test_a_text_whose_language_nobody_gave_says_that_in_which_it_plainly_is(desk: Desk) -> None:
    german = opened(desk, TEXT, source__lang="")
    assert re.search(r'<div id="text"[^>]* lang="de"', desk.get(german).text)
    french = opened(desk, "Nous voulons que les pays y soient.", source__lang="fr")
    pane = desk.get(french).text.partition('<div id="text"')[2].partition("</div>")[0]
    assert re.findall(r'lang="(\w+)"', pane) == ["fr"]


def test_a_page_that_is_pasted_as_markup_is_read_as_a_page(desk: Desk) -> None:
    story = "<p>Dora Example kam am Montag in die Hauptstadt und sprach über Brücken.</p>" * 3
    page = (
        '<html lang="de"><head><meta property="og:site_name" content="Stadtblatt"></head><body>'
        f"<nav><a href='/abo'>Abo</a></nav><article>{story}<blockquote><p>Wir bauen.</p>"
        "</blockquote></article><script>never()</script></body></html>"
    )
    for pasted in (page, f"<div>{story}<blockquote><p>Wir bauen.</p></blockquote></div>"):
        answer = desk.post("/record/text", {"text": pasted, **SOURCE, "source.outlet": ""})
        assert answer.status_code == 200
        assert "&gt; Wir bauen." in answer.text
        assert "über Brücken" in answer.text
        assert not any(word in answer.text for word in ("&lt;p&gt;", "never()", ">Abo<"))


QUOTING = (
    "Dora Example kam am Montag. Sie sprach über die Union.\n\n"
    "„Wir wollen ihr beitreten.\n\nWir wollen das bald.\n\nDas ist alles“, sagte sie.\n\n"
    "> Wir bauen Brücken.\n\nDann ging sie nach Hause."
)


@pytest.mark.parametrize(
    ("words", "is_quoted"),
    [
        ("Sie sprach über die Union.", False),
        ("Dann ging sie nach Hause.", False),
        ("Wir wollen ihr beitreten.", True),
        ("Wir wollen das bald.", True),
        ("Das ist alles“, sagte sie.", True),
        ("Wir bauen Brücken.", True),
    ],
)
def test_what_a_text_tells_in_its_own_words_is_quoted_by_nobody(
    desk: Desk, words: str, *, is_quoted: bool
) -> None:
    bench = opened(desk, QUOTING)
    start = QUOTING.index(words)
    page = desk.get(f"{bench}?at={start}-{start + len(words)}").text
    quote = words.removesuffix("“, sagte sie.")
    form = filled(page, attribution="quoted", quote__text=quote, paraphrase="Says it.")
    form |= {"actor": "Dora Example", "said_at": "2025-12-15", "precision": "day"}
    answer = desk.post(bench, form)
    assert ("The source tells this in its own words" in plain(answer.text)) is not is_quoted


SPEAKS_ON = (
    "Bo Lind war auch da. Dora Example sagte, man wolle beitreten. Zudem müsse man sparen.\n"
    "Es müsse auch gebaut werden."
)


def coded_first(desk: Desk, actor: str) -> str:
    """Code what the first says to whom a person chooses, and return where the text is coded."""
    bench = opened(desk, SPEAKS_ON)
    start = SPEAKS_ON.index("man wolle")
    page = desk.get(f"{bench}?at={start}-{SPEAKS_ON.index(' Zudem')}").text
    form = filled(page) | {"actor": actor, "on_behalf_of": "self", "said_at": "15 Dec 2025"}
    assert desk.post(bench, form | {"precision": "day"}).status_code == 303
    return bench


def filled_in_at(desk: Desk, bench: str, words: str) -> tuple[str, list[str]]:
    """Return the speaker that a form on some words has filled in, and those that are offered."""
    start = SPEAKS_ON.index(words)
    page = desk.get(f"{bench}?at={start}-{start + len(words)}").text
    speaker = re.search(r'value="([^"]*)" id="f-actor"', page)
    asked = page.partition("Who says it?")[2].partition("</p>")[0]
    assert speaker
    return speaker[1], re.findall(r'value="actor=([^"]*)"', asked)


def test_what_a_coder_said_of_the_sentence_before_counts(desk: Desk) -> None:
    bench = opened(desk, SPEAKS_ON)
    assert filled_in_at(desk, bench, "Zudem müsse man sparen.") == ("Dora Example", [])
    bench = coded_first(desk, "Bland")
    assert filled_in_at(desk, bench, "Zudem müsse man sparen.") == ("Bland", [])


def test_who_spoke_in_another_paragraph_is_asked_and_not_filled_in(desk: Desk) -> None:
    bench = opened(desk, SPEAKS_ON)
    words = "Es müsse auch gebaut werden."
    assert filled_in_at(desk, bench, words) == ("", ["Dora Example", "Bo Lind"])


def test_questions_are_offered_of_the_stories_on_which_the_text_is_coded(desk: Desk) -> None:
    rooms = desk.services.newsroom
    for story in ("one", "two"):
        rooms.stories.open(desk.byline(), f"Story {story}", slug=story)
        asked = f"Müsse man zudem wegen {story} sparen?"
        rooms.topics.open(desk.byline(), asked, "position", slug=f"sparen-{story}", story=story)
    bench = opened(desk, SPEAKS_ON)
    place = f"?at={SPEAKS_ON.index('Zudem')}-{SPEAKS_ON.index(chr(10))}"
    before = desk.get(bench + place).text
    assert offered_topics(before) == {"sparen-one", "sparen-two"}
    url = SOURCE["source.url"]
    desk.say(topic="sparen-one", source=Source(url=url, outlet="Invented Post"))
    assert offered_topics(desk.get(bench + place).text) == {"sparen-one"}


def offered_topics(page: str) -> set[str]:
    return set(re.findall(r'value="topic=([^"]*)"', page))
