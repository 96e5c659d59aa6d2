from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.web.record.desk import statement
from tests.web.record.test_workbench import opened
from tests.web.site import plain
from timeline.domain.naming import stable_id
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

EDIT = "/record/topic/a-union/codebook"


def filled(desk: Desk, **changes: object) -> dict[str, Any]:
    """Return the form as a browser sends it, with one clear and one borderline case."""
    opened = {name: desk.opened(EDIT)[name] for name in ("version", "key")}
    return (
        opened
        | {
            "about": "Whether A should join, not when.",
            "rule_of_supports": "Wants A to join.",
            "case_place": ["supports/clear", "supports/borderline", "opposes/clear"],
            "case_words": ["Let us in!", "Let us talk.", ""],
            "case_source": ["made up", "", ""],
            "case_coded": ["supports", "no_position", "opposes"],
            "case_why": ["", "says nothing", ""],
            "rule_title": ["Whether, not when", ""],
            "rule_text": ["A date is no stance.", ""],
        }
        | changes
    )


CHOOSE = """(field, value) => {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
"""Chooses a topic as the combobox beside its field does."""


def topic(desk: Desk) -> Topic:
    found = desk.services.log.load(Topic, stable_id("topic", "a-union"))
    assert found is not None
    return found


def test_an_editor_writes_a_codebook_and_reads_it_back_in_the_form(desk: Desk) -> None:
    answer = desk.post(EDIT, filled(desk))
    assert (answer.status_code, answer.location) == (303, "/t/a-union/codebook")
    assert desk.types()[-1] == "topic.codebook_written"
    assert desk.events()[-1].recorded_by == "anna"
    form = desk.get(EDIT).text
    for words in ("Wants A to join.", "Let us in!", "says nothing", "A date is no stance."):
        assert words in form
    assert "Record version 2" in form


def test_a_preview_shows_how_it_would_look_and_records_nothing(desk: Desk) -> None:
    head = desk.head()
    answer = desk.post(EDIT, filled(desk, use="checked=1"))
    assert answer.status_code == 200
    preview = plain(answer.text.partition('id="preview"')[2])
    assert "Nothing is recorded yet." in preview
    assert "Let us talk." in preview
    assert desk.head() == head


def test_a_statement_is_named_by_its_number_or_the_address_of_its_page(desk: Desk) -> None:
    number = desk.say()
    for named in (f"#{number}", str(number), f"https://news.example/s/{number}"):
        desk.post(EDIT, filled(desk, case_words=[named, "", ""], reason=f"as {named}"))
        (example,) = topic(desk).codebooks[topic(desk).codebook_version].examples
        assert example.statement == desk.services.newsroom.statements.stream(number)
    assert f'href="/s/{number}"' in desk.get("/t/a-union/codebook").text


def test_what_is_no_statement_is_refused_and_what_was_typed_is_kept(desk: Desk) -> None:
    head = desk.head()
    answer = desk.post(EDIT, filled(desk, case_words=["#999999", "", ""]))
    assert answer.status_code == 422
    assert "999999" in answer.text
    assert "Wants A to join." in answer.text
    assert desk.head() == head


def test_a_later_version_asks_for_its_reason(desk: Desk) -> None:
    desk.post(EDIT, filled(desk))
    answer = desk.post(EDIT, filled(desk, about="Whether, and when."))
    assert answer.status_code == 422
    assert "reason" in answer.text
    again = filled(desk, about="Whether, and when.", reason="Asked for.")
    assert desk.post(EDIT, again).status_code == 303
    assert topic(desk).codebook_version == 2


def test_a_version_that_somebody_else_wrote_meanwhile_is_shown_and_not_lost(desk: Desk) -> None:
    mine = filled(desk)
    desk.post(EDIT, filled(desk, about="Theirs."))
    answer = desk.post(EDIT, mine | {"reason": "Mine."})
    assert answer.status_code == 409
    assert "Codebook written" in answer.text
    assert "Whether A should join, not when." in answer.text


def test_the_form_for_a_statement_has_the_rules_of_its_topic_folded_beside(desk: Desk) -> None:
    desk.post(EDIT, filled(desk))
    form = desk.get("/record?topic=a-union").text
    assert "<summary>By which rules?" in form
    assert "Wants A to join." in form
    assert "<summary>By which rules?" not in desk.get("/record?topic=deal").text


def test_another_topic_brings_its_own_rules(desk: Desk) -> None:
    desk.post(EDIT, filled(desk))
    htmx = {"HX-Request": "true", "HX-Target": "preview"}
    there = desk.post("/record/check", statement(shown_codebook="deal"), **htmx).text
    assert 'id="codebook-beside" hx-swap-oob="true"' in there
    assert "Wants A to join." in there
    stays = desk.post("/record/check", statement(shown_codebook="a-union"), **htmx).text
    assert 'id="codebook-beside"' not in stays


def test_one_key_opens_the_rules_beside_the_stances(desk: Desk, serve: Serve, page: Page) -> None:
    desk.post(EDIT, filled(desk))
    address = serve(desk.client.application)
    for path in ("/record", opened(desk)):
        page.goto(address + path)
        page.locator("#f-topic").evaluate(CHOOSE, "a-union")
        expect(page.locator(".codebook-beside > summary")).to_be_visible()
        rules = page.get_by_text("Wants A to join.")
        expect(rules).to_be_hidden()
        page.locator("body").press("c")
        expect(rules).to_be_visible()
        page.locator("body").press("c")
        expect(rules).to_be_hidden()
