"""Four eyes: what one person codes is on record when a second one agrees, and both are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.support.compiled_templates import COMPILED
from tests.web.record.desk import Desk, hidden, statement
from tests.web.record.test_passage import open_text
from tests.web.record.test_workbench import NOTHING, WANTS, at, filled, opened
from tests.web.site import plain
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.statement import StatementRecorded
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    from playwright.sync_api import Page
    from werkzeug.test import TestResponse


class Colleague(Desk):
    """Somebody at the forms of a newsroom where a second person has to agree."""

    def __init__(self, desk: Desk, handle: str) -> None:
        self.services = desk.services
        app = create_app(
            desk.services, identify=everybody_is(handle), compiled=COMPILED, four_eyes=True
        )
        app.testing = True
        self.client = app.test_client()

    def only_waiting(self) -> str:
        """Return where the one entry that waits is looked at."""
        (one,) = self.services.desk.reviews.waiting()
        return f"/record/review/{one.id}"


@pytest.fixture
def anna(desk: Desk) -> Colleague:
    return Colleague(desk, "anna")


@pytest.fixture
def ben(desk: Desk) -> Colleague:
    return Colleague(desk, "ben")


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


def test_with_a_second_person_it_is_recorded_and_the_event_names_both(
    anna: Colleague, ben: Colleague
) -> None:
    handed_over(anna)
    assert WANTS.partition(" ")[0] in ben.get("/record/review").text
    page = plain(ben.get(anna.only_waiting()).text)
    for words in (WANTS, "Dora Example", "Should A join the union?", "supports", "Wants to join."):
        assert words in page
    answer = ben.post(f"{ben.only_waiting()}/agree", {})
    (said,) = [one for one in ben.events() if isinstance(one, StatementRecorded)]
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
    ben.post(f"{there}/agree", {})
    assert Colleague(ben, "cora").post(f"{there}/agree", {}).status_code == 404
    assert ben.types().count("statement.recorded") == 1


def test_a_development_waits_too(anna: Colleague, ben: Colleague) -> None:
    place = opened(anna)
    page = anna.get(f"{place}?kind=development&at={at(NOTHING)}").text
    form: dict[str, Any] = {
        "title": "Nothing happened.",
        "topics": "a-union",
        "status": "confirmed",
    }
    anna.post(f"{place}/development", hidden(page) | form)
    shown = plain(ben.get(ben.only_waiting()).text)
    assert "Nothing happened." in shown
    assert "Should A join the union?" in shown
    ben.post(f"{ben.only_waiting()}/agree", {})
    (happened,) = [one for one in ben.events() if isinstance(one, DevelopmentRecorded)]
    assert (happened.recorded_by, happened.via) == ("anna", "review:ben")


def test_the_forms_without_a_text_hand_over_as_well(anna: Colleague, ben: Colleague) -> None:
    head = anna.head()
    assert anna.post("/record", statement()).location == "/record/review"
    assert anna.head() == head
    assert "Hand over" in anna.get("/record").text
    ben.post(f"{ben.only_waiting()}/agree", {})
    assert "statement.recorded" in ben.types()


def test_what_is_wrong_is_not_handed_over(anna: Colleague) -> None:
    assert anna.post("/record", statement(said_at="17 Dec 2025")).status_code == 422
    assert anna.services.desk.reviews.waiting() == []


def test_where_nobody_has_to_agree_there_is_no_queue_to_lead_to(desk: Desk) -> None:
    assert "/record/review" not in desk.get("/record").text
    assert "Nothing waits for you." in desk.get("/record/review").text


@pytest.mark.parametrize("width", [1440, 390])
def test_one_codes_by_keyboard_and_another_agrees(
    anna: Colleague,
    ben: Colleague,
    serve: Callable[[WSGIApplication], str],
    page: Page,
    width: int,
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
