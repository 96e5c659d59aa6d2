"""Four eyes: what one person codes is on record when a second one agrees, and both are named."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.stores.test_log_survives import room_for
from tests.support.access import THEMES, check_access
from tests.support.four_eyes import ask_for_four_eyes, four_eyes_lifted
from tests.web.record.desk import Desk, hidden, statement
from tests.web.record.test_passage import open_text
from tests.web.record.test_workbench import HTMX, NOTHING, TEXT, WANTS, at, filled, opened
from tests.web.site import plain
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.statement import StatementRecorded
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.web_server import Serve
    from timeline.domain.event import Byline


GERMAN = {"Accept-Language": "de"}


class Colleague(Desk):
    """Somebody at the forms of a newsroom where a second person has to agree."""

    def __init__(self, desk: Desk, handle: str) -> None:
        self.services = desk.services
        ask_for_four_eyes(desk.services)
        app = create_app(desk.services, identify=everybody_is(handle))
        app.testing = True
        self.client = app.test_client()

    def byline(self) -> Byline:
        """Return by whom something is recorded: two people, who agree."""
        return self.services.newsroom.byline("ben", "review:cora")

    def only_waiting(self) -> str:
        """Return where the one entry that waits is looked at."""
        (entry,) = self.services.desk.reviews.waiting()
        return f"/record/review/{entry.id}"

    def agree(self, seen: str = "") -> TestResponse:
        """Agree to the one entry that waits as a page shows it, that of now if none is given."""
        there = self.only_waiting()
        return self.post(f"{there}/agree", hidden(seen or self.get(there).text))

    def recorded(self) -> int:
        """Return how many entries are on record."""
        return sum(kind in ("statement.recorded", "development.recorded") for kind in self.types())


@pytest.fixture
def anna(desk: Desk) -> Colleague:
    return Colleague(desk, "anna")


@pytest.fixture
def ben(desk: Desk) -> Colleague:
    return Colleague(desk, "ben")


@pytest.fixture
def cora(desk: Desk) -> Colleague:
    return Colleague(desk, "cora")


def handed_over(anna: Colleague) -> TestResponse:
    """Code the first passage of a text and hand it over."""
    place = opened(anna)
    return anna.post(place, filled(anna.get(place).text))


def test_what_one_person_codes_waits_and_is_not_on_record(anna: Colleague) -> None:
    head = anna.head()
    answer = handed_over(anna)
    assert "handed=1" in answer.location
    assert anna.head() == head
    page = plain(anna.get(answer.location.partition("#")[0]).text)
    assert "Handed over It is not on record until somebody else agrees." in page
    assert "1 of about 3" in page
    assert "Hand over and next" in page
    assert anna.services.desk.drafts.count() == 0


@pytest.mark.parametrize("moment", ["", "28 Nov 2030 9:00"])
def test_where_the_room_of_reviews_is_out_nobody_records_alone(
    anna: Colleague, moment: str
) -> None:
    del anna.client.application.extensions["review"]
    head = anna.head()
    answer = anna.post("/record", statement(embargo_until=moment))
    assert answer.status_code == 422
    assert "Here a second person agrees to what is recorded" in plain(answer.text)
    assert anna.head() == head
    assert not anna.services.desk.embargoes.waiting()


def test_what_waits_for_a_second_person_is_asked_back_before_it_is_handed_over_again(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    (waits,) = anna.services.desk.reviews.waiting()
    again = statement(paraphrase="Says it in words of its own.")
    for colleague, who in ((ben, "One that anna handed over"), (anna, "One that you handed over")):
        response = colleague.post("/record", again)
        assert response.status_code == 409
        assert f"{who} may be the same. Nothing is recorded yet." in plain(response.text)
        assert f'href="/record/review/{waits.id}"' in response.text
    assert len(anna.services.desk.reviews.waiting()) == 1
    other = ben.press("/record", again | {"use": f"distinct={waits.id}"})
    assert f'name="distinct" value="{waits.id}"' in other.text
    assert ben.post("/record", again | {"distinct": waits.id}).status_code == 303
    differs = again | {"stance": "opposes"}
    assert ben.post("/record", differs).status_code == 303
    assert len(anna.services.desk.reviews.waiting()) == 3


def test_who_reads_a_field_differently_says_how_and_its_author_is_told_field_by_field(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    there = ben.only_waiting()
    page = ben.get(there).text
    assert 'name="differs" value="0.stance"' in page
    assert '<option value="doubts">' in page
    assert 'name="differs"' not in anna.get(there).text
    told = {"differs": ["0.stance", "0.said_at", "0.nothing"], "reading.0.stance": "doubts"}
    ben.post(f"{there}/back", told | {"reading.0.topic": "unticked", "note": "Look again."})
    (draft,) = anna.services.desk.drafts.of("anna")
    place = f"/record/text/{draft.gist.document}?draft={draft.id}"
    shown = plain(anna.get(place).text)
    assert "Sent back by ben Look again. Read differently: Stance: doubts Said on" in shown
    german = plain(anna.get(place, **GERMAN).text)
    assert "Look again. Anders gelesen: Haltung: hat Bedenken Gesagt am" in german


def test_a_reading_is_told_in_the_language_of_who_reads_it(anna: Colleague, ben: Colleague) -> None:
    further = {"2.topic": "deal", "2.stance": "expects", "2.paraphrase": "Is sure."}
    anna.post("/record", statement(also="2") | further)
    there = ben.only_waiting()
    assert '<option value="schließt aus">' in ben.get(there, **GERMAN).text
    told = {"differs": ["1.stance", "0.paraphrase"], "reading.1.stance": "schließt aus"}
    ben.post(f"{there}/back", told | {"reading.0.paraphrase": "Es eilt."}, **GERMAN)
    (draft,) = anna.services.desk.drafts.of("anna")
    shown = plain(anna.get(f"/record?draft={draft.id}").text)
    assert "Stance 1 of these words, What was said: Es eilt." in shown
    assert "Stance 2 of these words, Stance: rules out" in shown


def test_a_reading_that_an_older_version_kept_is_told_as_it_is(anna: Colleague) -> None:
    page = anna.post("/record", {"sent_back": ["ben", "", "Stance: doubts", '{"field": 1}']}).text
    assert 'Read differently: Stance: doubts {"field": 1}' in plain(page)


def test_a_development_that_waits_is_asked_back_too(anna: Colleague, ben: Colleague) -> None:
    form = {"title": "A bridge fell in.", "topics": "a-union", "status": "confirmed"}
    form |= {"source.title": "T", "happened_at": "2025-12-16"}
    anna.post("/record/development", form)
    (waits,) = anna.services.desk.reviews.waiting()
    again = form | {"title": "The bridge fell in", "source.title": "U"}
    response = ben.post("/record/development", again)
    assert (response.status_code, f'href="/record/review/{waits.id}"' in response.text) == (
        409,
        True,
    )
    assert ben.post("/record/development", again | {"distinct": waits.id}).status_code == 303
    later = form | {"happened_at": "2025-12-01"}
    assert ben.post("/record/development", later).status_code == 303


def test_a_statement_that_came_on_record_meanwhile_is_shown_to_who_agrees(
    desk: Desk, anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    seen = ben.get(ben.only_waiting()).text
    with four_eyes_lifted(desk.services):
        number = desk.say(stance="supports", said_at="2025-12-15")
    answer = ben.agree(seen)
    assert (answer.status_code, f'href="/s/{number}"' in answer.text) == (409, True)
    assert ben.recorded() == 1
    assert ben.agree(answer.text).status_code == 303


def test_with_a_second_person_it_is_recorded_and_the_event_names_both(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    assert WANTS.partition(" ")[0] in ben.get("/record/review").text
    page = plain(ben.get(anna.only_waiting()).text)
    for words in (WANTS, "Dora Example", "Should A join the union?", "supports", "Wants to join."):
        assert words in page
    answer = ben.agree()
    (said,) = [event for event in ben.events() if isinstance(event, StatementRecorded)]
    assert (said.recorded_by, said.via) == ("anna", "review:ben")
    assert answer.location == f"/s/{ben.types().index('statement.recorded') + 1}"
    assert ben.types()[-1] == "document.snapshot_taken"
    assert ben.services.desk.reviews.waiting() == []
    assert ben.services.desk.texts.waiting() == []


def test_nobody_agrees_to_what_is_their_own(anna: Colleague) -> None:
    handed_over(anna)
    assert "Agree and record" not in anna.get(anna.only_waiting()).text
    head = anna.head()
    assert anna.post(f"{anna.only_waiting()}/agree", {}).status_code == 422
    assert anna.head() == head
    assert len(anna.services.desk.reviews.waiting()) == 1


def test_what_is_sent_back_is_its_authors_draft_again_with_a_note(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    ben.post(f"{ben.only_waiting()}/back", {"note": "Is it not conditional?"})
    assert ben.services.desk.reviews.waiting() == []
    assert ben.services.desk.drafts.of("ben") == []
    (draft,) = anna.services.desk.drafts.of("anna")
    place = f"/record/text/{draft.gist.document}"
    page = anna.get(f"{place}?kind=statement&draft={draft.id}").text
    assert ">\nWants to join.</textarea>" in page
    assert "Is it not conditional?" in page
    anna.post(place, filled(page))
    assert anna.only_waiting().endswith(draft.id)


def test_two_who_agree_at_once_record_it_once(anna: Colleague, ben: Colleague) -> None:
    handed_over(anna)
    there = ben.only_waiting()
    ben.agree()
    assert Colleague(ben, "cora").post(f"{there}/agree", {}).status_code == 404
    assert ben.types().count("statement.recorded") == 1


def happened(anna: Colleague, **changes: str) -> TestResponse:
    """Code the second passage of a text as a development and hand it over."""
    place = opened(anna)
    page = anna.get(f"{place}?kind=development&at={at(NOTHING)}").text
    form = {"title": "Nothing happened.", "topics": "a-union", "status": "confirmed"}
    return anna.post(f"{place}/development", hidden(page) | form | changes)


def test_a_development_waits_too(anna: Colleague, ben: Colleague) -> None:
    happened(anna)
    shown = plain(ben.get(ben.only_waiting()).text)
    assert "Nothing happened." in shown
    assert "Should A join the union?" in shown
    ben.agree()
    (said,) = [event for event in ben.events() if isinstance(event, DevelopmentRecorded)]
    assert (said.recorded_by, said.via) == ("anna", "review:ben")
    (decided,) = ben.services.desk.texts.decided(said.document)
    assert (decided.exact, decided.decided_by) == (NOTHING, "anna")


def test_the_forms_without_a_text_hand_over_as_well(anna: Colleague, ben: Colleague) -> None:
    head = anna.head()
    assert anna.post("/record", statement()).location == "/record/review"
    assert anna.head() == head
    assert "Hand over" in anna.get("/record").text
    ben.agree()
    assert "statement.recorded" in ben.types()


def test_what_is_wrong_is_not_handed_over(anna: Colleague) -> None:
    assert anna.post("/record", statement(said_at="17 Dec 2025")).status_code == 422
    assert anna.services.desk.reviews.waiting() == []


def test_where_nobody_has_to_agree_there_is_no_queue_to_lead_to(desk: Desk) -> None:
    assert "/record/review" not in desk.get("/record").text
    assert "Nothing waits for you." in desk.get("/record/review").text


def hands_it_over_again(anna: Colleague, cora: Colleague) -> None:
    del cora
    place = opened(anna)
    form = filled(anna.get(f"{place}?at={at(WANTS)}").text, paraphrase="Wants to leave.")
    anna.post(place, form | {"entry": anna.only_waiting().rpartition("/")[2]})


def lays_another_text(anna: Colleague, cora: Colleague) -> None:
    del anna
    opened(cora, TEXT.replace("beitreten", "fernbleiben"))


def names_another_source(anna: Colleague, cora: Colleague) -> None:
    del anna
    opened(cora, source__title="Another day of talks")


@pytest.mark.parametrize("change", [hands_it_over_again, lays_another_text, names_another_source])
def test_who_agrees_agrees_to_what_they_saw_and_to_nothing_else(
    anna: Colleague, ben: Colleague, cora: Colleague, change: Callable[[Colleague, Colleague], None]
) -> None:
    handed_over(anna)
    seen = ben.get(ben.only_waiting()).text
    change(anna, cora)
    answer = ben.agree(seen)
    assert answer.status_code == 409
    assert "This is not what you saw" in plain(answer.text)
    assert ben.recorded() == 0
    assert ben.agree(answer.text).status_code == 303
    assert ben.recorded() == 1


def test_who_sends_no_word_of_what_they_saw_is_shown_it(anna: Colleague, ben: Colleague) -> None:
    handed_over(anna)
    assert ben.post(f"{ben.only_waiting()}/agree", {}).status_code == 409
    assert ben.recorded() == 0


def test_nobody_hands_over_in_place_of_a_colleague(anna: Colleague, cora: Colleague) -> None:
    anna.post("/record", statement())
    (kept,) = anna.services.desk.reviews.waiting()
    answer = cora.post("/record", statement(entry=kept.id, paraphrase="Something else."))
    assert answer.status_code == 422
    assert "Somebody else's entry waits" in plain(answer.text)
    assert cora.services.desk.reviews.waiting() == [kept]


def test_a_party_that_nobody_chose_is_never_recorded(anna: Colleague, ben: Colleague) -> None:
    anna.post("/record", statement(shown_behalf="Bland"))
    seen = ben.get(ben.only_waiting()).text
    actors = ben.services.newsroom.actors
    actors.mandate(ben.byline(), "bland", "aland", "Ally", since="2020")
    answer = ben.agree(seen)
    assert answer.status_code == 422
    assert "Choose whom the words stand for." in plain(answer.text)
    assert "Agree and record" not in answer.text
    assert ben.recorded() == 0
    assert len(ben.services.desk.reviews.waiting()) == 1


def test_a_development_that_came_on_record_meanwhile_is_shown_before_it_is_recorded_twice(
    desk: Desk, anna: Colleague, ben: Colleague
) -> None:
    happened(anna)
    seen = ben.get(ben.only_waiting()).text
    form = {"title": "Nothing happened!", "topics": "a-union", "status": "confirmed"}
    form |= {"source.title": "T", "happened_at": "2025-12-16"}
    (waits,) = desk.services.desk.reviews.waiting()
    with four_eyes_lifted(desk.services):
        desk.post("/record/development", form | {"distinct": waits.id})
    assert ben.recorded() == 1
    answer = ben.agree(seen)
    assert answer.status_code == 409
    assert "Nothing happened!" in answer.text
    assert ben.recorded() == 1
    assert ben.agree(answer.text).status_code == 303
    assert ben.recorded() == 2


def test_a_store_that_takes_nothing_in_leaves_what_waits_where_it_is(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    seen = ben.get(ben.only_waiting()).text
    with room_for(1):
        answer = ben.agree(seen)
    assert answer.status_code == 503
    assert "Nothing can be recorded just now" in plain(answer.text)
    assert ben.agree(answer.text).status_code == 303


def test_a_development_that_is_refused_never_waits(anna: Colleague) -> None:
    for place in ("in a text", "alone"):
        if place == "alone":
            form = {"title": "It ended.", "topics": "a-union", "status": "confirmed"}
            source = {"source.title": "T", "source.published_at": "2025-12-16"}
            answer = anna.post("/record/development", form | source | {"according_to": "Nobody"})
        else:
            answer = happened(anna, according_to="Nobody")
        assert answer.status_code == 422
        assert "Nobody" in plain(answer.text)
        assert anna.services.desk.reviews.waiting() == []


SILENT = {
    "on_behalf_of": "other",
    "behalf_other": "Aland",
    "mandate_reason": "Both signed it.",
    "stance": "no_position",
    "no_position_reason": "declined",
    "asked": "Will you join?",
    "attribution": "second_hand",
    "reported_via": "a person familiar with the talks",
    "condition.text": "if money comes",
    "condition.topic": "deal",
    "hedge": "could",
    "passage.text": "It could be so.",
    "source.url": "https://example.org/told",
    "source.author": "Jo Neu",
    "source.title": "What was told",
    "source.lang": "fr",
}
QUOTED = {
    "attribution": "quoted",
    "quote.text": "Jamais",
    "quote.lang": "fr",
    "quote.wording": "translated",
    "quote.translated_by": "the ministry",
    "translation": "Never",
}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (
            SILENT,
            {
                "Actor": "Bland",
                "On behalf of": "Aland",
                "Why the words stand for both": "Both signed it.",
                "Topic": "Should A join the union?",
                "Stance": "takes no position",
                "Why none?": "asked, declined to answer",
                "The question that was asked": "Will you join?",
                "What was said": "Wants it now.",
                "Passage": "It could be so.",
                "How are the words given?": "Second-hand",
                "Who says so": "a person familiar with the talks",
                "Condition": "if money comes",
                "Topic of the condition": "Will there be a deal?",
                "Hedge in the source": "could",
                "Said on": "15 Dec 2025",
                "Outlet": "Invented Post",
                "Title": "What was told",
                "Address": "https://example.org/told",
                "Author": "Jo Neu",
                "Published": "16 Dec 2025",
                "Language": "French",
            },
        ),
        (
            QUOTED,
            {
                "Stance": "supports",
                "Quote": "Jamais",
                "Language of the quote": "French",
                "Wording of the quote": "translated by the source",
                "Translated by": "the ministry",
                "Translation of the quote": "Never",
            },
        ),
    ],
    ids=["silent", "quoted"],
)
def test_the_second_person_is_told_every_field_that_would_be_recorded(
    anna: Colleague, ben: Colleague, form: dict[str, str], told: dict[str, str]
) -> None:
    assert anna.post("/record", statement() | form).status_code == 303
    rows = told_rows(ben)
    assert {name: rows.get(name) for name in told} == told


def test_what_another_choice_puts_out_of_sight_is_not_told_as_if_it_were_recorded(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement(asked="Will you join?", quote__text="Never", reported_via="X"))
    rows = told_rows(ben)
    assert not {"The question that was asked", "Quote", "Who says so"} & rows.keys()


def test_of_a_development_the_second_person_is_told_its_passage_and_source(
    anna: Colleague, ben: Colleague
) -> None:
    happened(anna, summary="All day.", according_to="Bland", status="claimed")
    rows = told_rows(ben)
    for name, words in {
        "What happened": "Nothing happened.",
        "A few more words": "All day.",
        "Topics that it bears on": "Should A join the union?",
        "How certain is it?": "claimed by one side",
        "According to": "Bland",
        "Passage": NOTHING,
        "Address": "https://example.org/union",
        "Language": "German",
    }.items():
        assert rows[name] == words


def told_rows(desk: Colleague) -> dict[str, str]:
    """Return the fields of the one entry that waits, as its page tells them."""
    page = desk.get(desk.only_waiting()).text
    found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {plain(name): plain(words) for name, words in found}


def test_why_a_form_alone_was_sent_back_is_told_its_author_until_it_is_handed_over(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    ben.post(f"{ben.only_waiting()}/back", {"note": "Is it <b>not</b> conditional?"})
    (draft,) = anna.services.desk.drafts.of("anna")
    page = anna.get(f"/record?draft={draft.id}").text
    assert re.search("Sent back by ben</b> <span[^>]*>Is it &lt;b&gt;not", page)
    for place in ("/record", "/record/review"):
        shown = anna.get(place).text
        assert "Sent back by ben" in shown
        assert f'href="/record?draft={draft.id}"' in shown
        assert 'Review <span class="figure">1</span>' in shown
        assert "Sent back by ben" not in ben.get(place).text
    assert "Is it" not in ben.get("/record").text
    form = {**statement(paraphrase="Wants it."), "entry": draft.id, "sent_back": ["ben", "Why?"]}
    anna.post("/record/check", form, **HTMX)
    assert "Sent back by ben" in anna.get(f"/record?draft={draft.id}").text
    assert "Sent back to you" in anna.get("/record/review").text
    assert "Nothing waits for you" not in anna.get("/record/review").text
    anna.post("/record", form | {"said_at": "2099-01-01"})
    assert "Sent back to you" in anna.get("/record/review").text
    assert anna.post("/record", form).location == "/record/review"
    assert "Sent back" not in anna.get("/record/review").text


def test_a_reason_that_is_too_long_is_refused_and_the_entry_waits_on(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    assert ben.post(f"{ben.only_waiting()}/back", {"note": "x" * 2_001}).status_code == 422
    assert len(ben.services.desk.reviews.waiting()) == 1
    assert anna.services.desk.drafts.count() == 0


def test_who_takes_an_entry_back_is_told_nothing_of_it(anna: Colleague) -> None:
    anna.post("/record", statement())
    anna.post(f"{anna.only_waiting()}/back", {})
    (draft,) = anna.services.desk.drafts.of("anna")
    assert "Sent back" not in anna.get(f"/record?draft={draft.id}").text


def test_a_text_stays_on_the_desk_while_something_of_it_waits(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    place = opened(anna)
    answer = ben.post(f"{place}/discard", {})
    assert answer.status_code == 422
    assert "wait for a second person" in plain(answer.text)
    assert ben.agree().status_code == 303


def test_an_entry_whose_text_is_gone_can_still_be_sent_back(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    there = ben.only_waiting()
    anna.services.desk.texts.discard(anna.services.desk.reviews.waiting()[0].document)
    page = ben.get(there)
    assert page.status_code == 200
    assert "No text of this source lies on the desk" in plain(page.text)
    assert "Wants to join." in page.text
    assert "Agree and record" not in page.text
    assert "In its text" not in page.text
    assert ben.agree(page.text).status_code in (409, 422)
    assert ben.recorded() == 0
    assert ben.post(f"{there}/back", {}).location == "/record/review"
    assert anna.services.desk.drafts.count() == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_one_codes_by_keyboard_and_another_agrees(
    anna: Colleague, ben: Colleague, serve: Serve, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, serve(anna.client.application), "Dora Example said that Aland would join.")
    expect(page.locator(".sentence[tabindex='0']")).to_have_count(1)
    page.keyboard.press("t")
    expect(page.locator("#c-topic")).to_be_focused()
    page.keyboard.type("union")
    page.keyboard.press("Enter")
    expect(page.locator("#st-5")).to_be_attached()
    page.locator("#st-5").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.keyboard.type("Wants to join.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".bench-just")).to_contain_text("Handed over")
    expect(page.locator(".bench-just")).to_be_focused()

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{serve(ben.client.application)}/record/review")
    for theme in THEMES:
        check_access(page, theme)
    page.click(".review-list a")
    expect(page.locator(".review-fields")).to_contain_text("Wants to join.")
    expect(page.locator("#preview")).to_contain_text("first position: supports")
    for theme in THEMES:
        check_access(page, theme)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Agree and record").click()
    page.wait_for_url("**/s/*")
    assert anna.types().count("statement.recorded") == 1


def test_who_agrees_is_not_asked_whom_words_stand_for_but_sees_whom_they_move(
    anna: Colleague, ben: Colleague
) -> None:
    behalf = {"shown_behalf": "Dora Example aland", "on_behalf_of": "aland"}
    anna.post("/record", statement(actor="Dora Example") | behalf)
    anna.say(actor="aland")
    anna.services.models.catch_up()
    page = plain(ben.get(anna.only_waiting()).text)
    assert "now supports, before: opposes" in page
    assert "Does Dora Example speak" not in page
    assert ben.agree().status_code == 303


def test_the_queue_says_of_each_entry_who_takes_which_stance_from_which_source(
    anna: Colleague, ben: Colleague
) -> None:
    words = {"attribution": "quoted", "quote.text": "We will join " + "very " * 50 + "soon"}
    words |= {"quote.lang": "en", "quote.wording": "original"}
    behalf = {"shown_behalf": "Dora Example aland", "on_behalf_of": "aland"}
    anna.post("/record", statement(actor="Dora Example", **words) | behalf)
    anna.post(
        "/record", statement(actor="Bland", stance="no_position", no_position_reason="unstated")
    )
    happened(anna)
    told = plain(ben.get("/record/review").text)
    assert "3 entries wait for you." in told
    assert '<span class="figure">3</span>' in ben.get("/record/inbox").text
    assert "Dora Example for Aland quoted Invented Post, 16 Dec 2025" in told
    assert "supports Should A join the union?" in told
    assert "“We will join very very" in told
    assert "very very…”" in told
    assert "takes no position Should A join the union?" in told
    assert "coded by anna, handed over" in told
    own = anna.get("/record/review").text
    assert "Nothing waits for you." in plain(own)
    assert 'Yours, waiting for somebody else <span class="figure">3</span>' in own
    assert 'class="figure"' not in anna.get("/record/inbox").text


def test_the_queue_names_actors_and_questions_in_the_language_of_who_reads_it(
    anna: Colleague, ben: Colleague
) -> None:
    room = anna.services.newsroom
    room.actors.translate(anna.byline(), "bland", "de", {"actor_name": "Blanden"})
    anna.services.models.catch_up()
    anna.post("/record", statement(actor="Bland"))
    assert "Blanden" in plain(ben.get("/record/review", **GERMAN).text)
    assert "Bland " in plain(ben.get("/record/review").text)


@pytest.mark.parametrize("kept_for", ["a person", "its moment"])
def test_going_back_to_a_form_that_waits_leads_to_where_it_waits(
    anna: Colleague, desk: Desk, kept_for: str
) -> None:
    coder = anna if kept_for == "a person" else desk
    form = statement() if coder is anna else statement(embargo_until="2099-01-01T09:00Z")
    place = coder.post("/record/check", form).location
    with nullcontext() if coder is anna else four_eyes_lifted(desk.services):
        coder.post("/record", form | hidden(coder.get(place).text))
    page = coder.client.get(place, follow_redirects=True)
    told = plain(page.text)
    assert page.status_code == 200
    if coder is anna:
        assert page.request.path == anna.only_waiting()
        assert "This waits for a second reader: you handed it over on" in told
    else:
        assert page.request.path == "/record/embargo"


def test_going_back_in_a_text_to_a_form_that_waits_leads_there_too(anna: Colleague) -> None:
    place = opened(anna)
    form = filled(anna.get(place).text)
    draft = anna.post(f"{place}/check", form).location.partition("#")[0]
    anna.post(place, form | hidden(anna.get(draft).text))
    assert anna.get(draft).location == anna.only_waiting()


def test_going_back_to_what_was_agreed_to_leads_to_the_record(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    place = anna.only_waiting()
    ben.agree()
    for colleague in (anna, ben):
        assert colleague.get(place).location == f"/s/{anna.head()}"


def test_going_back_to_what_was_taken_back_leads_its_author_to_the_draft(
    anna: Colleague, ben: Colleague
) -> None:
    anna.post("/record", statement())
    place = anna.only_waiting()
    anna.post(f"{place}/back", {})
    (draft,) = anna.services.desk.drafts.of("anna")
    assert anna.get(place).location == f"/record?draft={draft.id}"
    gone = ben.get(place)
    assert gone.status_code == 404
    assert "does not wait any more" in plain(gone.text)
