"""Several stances of the same words: recorded in one go as one utterance, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.desk import statement
from tests.web.record.test_passage import open_text
from tests.web.record.test_review import Colleague
from tests.web.record.test_workbench import HTMX, filled, opened
from tests.web.site import plain
from timeline.domain.statement import StatementRecorded
from web.record.statement.several import MOST

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

SECOND = {
    "2.topic": "deal",
    "2.stance": "expects",
    "2.condition.text": "if money comes",
    "2.paraphrase": "Thinks that a deal will come.",
}


def widened(page: str, rows: tuple[str, ...] = ("2",), **changes: str) -> dict[str, Any]:
    """Return the form of a page with a second stance of the same words."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return filled(page) | {"also": list(rows)} | SECOND | named


def said(desk: Desk) -> list[StatementRecorded]:
    return [event for event in desk.events() if isinstance(event, StatementRecorded)]


def numbers(desk: Desk) -> list[int]:
    return [at for at, event in desk.services.log.stream() if isinstance(event, StatementRecorded)]


def code_both(desk: Desk) -> TestResponse:
    place = opened(desk)
    return desk.post(place, widened(desk.get(place).text))


def test_two_stances_are_recorded_as_statements_of_one_utterance(desk: Desk) -> None:
    answer = code_both(desk)
    first, second = said(desk)
    assert first.utterance == second.utterance == first.originator_id != second.originator_id
    assert (first.topic, first.stance) != (second.topic, second.stance)
    assert first.content is not None
    assert second.content is not None
    assert first.content.passage == second.content.passage
    assert first.content.condition == ""
    assert (second.content.condition, second.content.paraphrase) == (
        "if money comes",
        "Thinks that a deal will come.",
    )
    one, other = numbers(desk)
    assert other == one + 1
    assert answer.location.endswith(f"&recorded={one}.{other}#here")


def test_what_was_recorded_together_is_told_and_numbered_together(desk: Desk) -> None:
    page = desk.get(code_both(desk).location.partition("#")[0]).text
    for number in numbers(desk):
        assert f"Recorded as {number}" in plain(page)
        assert f'aria-label="recorded as {number}">{number}</a>' in page
    assert "Will there be a deal?" in plain(page)
    assert "1 of about 3" in plain(page)


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"2.topic": ""}, "2.topic", "Choose the topic."),
        ({"2.stance": ""}, "2.stance", "Choose the stance that the words take."),
        ({"2.paraphrase": ""}, "2.paraphrase", "Say in a sentence of ours what was said."),
        ({"2.topic": "a-union", "2.stance": "opposes"}, "2.topic", "stance on this topic already"),
        ({"2.stance": "supports"}, "2.stance", "another scale: choose the stance again"),
        ({"2.stance": "no_position"}, "2.no_position_reason", "declined, or no side was taken"),
        ({"topic": ""}, "topic", "Choose the topic."),
    ],
)
def test_what_is_wrong_is_told_at_its_stance_and_nothing_is_recorded(
    desk: Desk, wrong: dict[str, str], field: str, message: str
) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text) | wrong
    for headers in ({}, HTMX):
        answer = desk.post(place, form, **headers)
        assert answer.status_code == 422
        ident = field.replace(".", "-")
        match = re.search(rf'<div id="m-{ident}"><p class="error"(.*?)</p>', answer.text, re.DOTALL)
        assert match is not None
        assert message in match[1]
        assert f'<a href="#f-{ident}">' in answer.text
        assert ">\nif money comes</textarea>" in answer.text
    assert "statement.recorded" not in desk.types()


def test_a_rule_that_refuses_the_second_refuses_both(desk: Desk) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text) | {"2.condition.topic": "nobody-asked"}
    answer = desk.post(place, form)
    assert answer.status_code == 422
    assert 'href="#f-2-condition-topic"' in answer.text
    assert "statement.recorded" not in desk.types()


def test_a_form_sent_twice_is_recorded_once(desk: Desk) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text) | {"2.entry": "01900000-0000-7000-8000-000000000002"}
    once, twice = desk.post(place, form), desk.post(place, form)
    assert once.location.rpartition("&")[2] == twice.location.rpartition("&")[2]
    assert len(said(desk)) == 2


def test_a_stance_is_added_and_left_out_without_losing_a_word(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, paraphrase="The first of them.")
    page = desk.press(f"{place}/check", form | {"another": "1"}).text
    assert ">\nThe first of them.</textarea>" in page
    assert 'name="2.topic"' in page
    form = widened(page, paraphrase="The first of them.") | {"without": "1"}
    page = desk.press(f"{place}/check", form).text
    assert "The first of them." not in page
    assert ">\nThinks that a deal will come.</textarea>" in page
    assert 'name="2.topic"' not in page
    assert '<option value="deal" selected>' in page


def test_each_stance_says_where_it_lands_and_what_it_may_repeat(desk: Desk) -> None:
    desk.say(topic="deal", actor="dora", stance="expects", said_at="2025-12-15")
    place = opened(desk)
    page = desk.post(f"{place}/check", widened(desk.get(place).text), **HTMX).text
    shown = plain(page)
    assert "1 Should A join the union?" in shown
    assert "2 Will there be a deal?" in shown
    assert shown.count("first position: supports") == 2  # seen and heard
    twins = page[page.index('id="2-twins"') :]
    assert "Possibly recorded already" in twins
    assert "Possibly recorded already" not in page[: page.index('id="2-twins"')]


def test_a_draft_keeps_all_stances(desk: Desk) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text)
    address = str(desk.post(f"{place}/check", form, **HTMX).headers["HX-Replace-Url"])
    page = desk.get(address).text
    assert ">\nThinks that a deal will come.</textarea>" in page
    assert "and 1 more stance" in plain(desk.get("/record").text)


def test_four_eyes_see_all_stances_and_agree_to_all_at_once(desk: Desk) -> None:
    anna, ben = Colleague(desk, "anna"), Colleague(desk, "ben")
    code_both(anna)
    assert said(anna) == []
    listed = plain(ben.get("/record/review").text)
    assert "supports Should A join the union? expects Will there be a deal?" in listed
    page = plain(ben.get(ben.only_waiting()).text)
    for words in ("Wants to join.", "Thinks that a deal will come.", "if money comes", "expects"):
        assert words in page
    ben.agree()
    assert [(event.recorded_by, event.via) for event in said(ben)] == [("anna", "review:ben")] * 2
    assert len({event.utterance for event in said(ben)}) == 1


def test_all_stances_wait_for_their_moment_and_are_recorded_at_once(desk: Desk) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text) | {"embargo_until": "2999-01-01T00:00Z"}
    assert "held=1" in desk.post(place, form).location
    (waits,) = desk.services.desk.embargoes.waiting()
    assert said(desk) == []
    assert desk.post(f"/record/embargo/{waits.id}/release", {}).status_code == 303
    assert len({event.utterance for event in said(desk)}) == 1
    assert len(said(desk)) == 2


def test_the_form_without_a_text_takes_several_stances_too(desk: Desk) -> None:
    form = statement() | {"utterance": "u", "also": "2"} | SECOND
    assert desk.post("/record", form).status_code == 303
    assert [event.utterance for event in said(desk)] == ["u", "u"]


def test_names_of_rows_that_nobody_offered_are_ignored(desk: Desk) -> None:
    place = opened(desk)
    page = desk.get(place).text
    desk.post(place, filled(page) | {"also": ["x", "1", "-2", "100", "²"]})
    assert len(said(desk)) == 1


def test_no_more_stances_than_a_person_can_look_over(desk: Desk) -> None:
    place = opened(desk)
    form = widened(desk.get(place).text, rows=tuple(map(str, range(2, 30))))
    page = desk.post(place, form | {"another": "1"}, **HTMX).text
    assert page.count('class="stance-row"') == MOST
    assert 'name="another"' not in page


# In a browser

ARTICLE = (
    "The talks went on. Dora Example said that Aland would join the union. Nobody was glad.\n\n"
    "Pjotr Petrow said that there would be no deal. “We wait,” he said."
)


@pytest.fixture
def bench(desk: Desk, serve: Serve, page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, serve(desk.client.application), ARTICLE)
    return page


def fill_first(bench: Page) -> None:
    bench.keyboard.press("1")
    expect(bench.locator("#st-1")).to_be_focused()
    bench.keyboard.press("ArrowRight")
    bench.keyboard.press("Enter")
    bench.keyboard.type("Wants to join.")
    bench.keyboard.press("Escape")
    expect(bench.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_two_stances_are_coded_by_keyboard_alone(desk: Desk, bench: Page) -> None:
    keys = bench.keyboard
    fill_first(bench)
    keys.press("a")
    expect(bench.locator(".stance-row")).to_have_count(2)
    expect(bench.locator(".stance-row").last.locator("> summary")).to_be_focused()
    expect(bench.locator(".stance-row[open]")).to_have_count(1)
    expect(bench.locator("mark.sentence-chosen").first).to_be_in_viewport(ratio=1)
    keys.press("t")
    keys.type("deal")
    expect(bench.locator("#l-2-topic [role=option]").first).to_contain_text("deal")
    keys.press("Enter")
    expect(bench.locator("#\\32 -st-1")).to_be_attached()
    keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    expect(bench.locator('[name="2.paraphrase"]')).to_be_focused()
    keys.type("Sees no deal.")
    expect(bench.locator("#send")).to_have_text("Record both and next")
    keys.press("ControlOrMeta+Enter")
    expect(bench.locator(".bench-just b")).to_have_count(2)
    assert len({event.utterance for event in said(desk)}) == 1
    assert [event.content.paraphrase for event in said(desk) if event.content] == [
        "Wants to join.",
        "Sees no deal.",
    ]


def test_a_reload_loses_no_stance(bench: Page) -> None:
    fill_first(bench)
    bench.keyboard.press("a")
    expect(bench.locator(".stance-row")).to_have_count(2)
    bench.fill('[name="2.paraphrase"]', "Sees no deal.")
    with bench.expect_response("**/check"):
        bench.press('[name="2.paraphrase"]', "Tab")
    bench.reload()
    expect(bench.locator('[name="2.paraphrase"]')).to_have_value("Sees no deal.")
    expect(bench.locator('[name="paraphrase"]')).to_have_value("Wants to join.")


def test_without_script_a_stance_is_added_and_both_are_recorded(
    desk: Desk, serve: Serve, without_script: Page
) -> None:
    page = without_script
    open_text(page, serve(desk.client.application), ARTICLE)
    page.select_option('[name="topic"]', "a-union")
    page.fill('[name="paraphrase"]', "Wants to join.")
    page.get_by_role("button", name="Code these words on another question").click()
    page.select_option('[name="2.topic"]', "deal")
    page.fill('[name="2.paraphrase"]', "Sees no deal.")
    page.get_by_role("button", name="Show them").last.click()
    page.locator('[name="stance"][value="supports"]').check(force=True)
    page.locator('[name="2.stance"]').first.check(force=True)
    page.get_by_role("button", name="Record both and next").click()
    assert len(said(desk)) == 2
    expect(page.locator(".bench-just b")).to_have_count(2)


@pytest.mark.parametrize("width", [1440, 390])
def test_several_stances_can_be_filled_in_by_everybody(bench: Page, width: int) -> None:
    bench.set_viewport_size({"width": width, "height": 900})
    bench.goto(f"{bench.url.partition('?')[0]}?at=19-69")
    bench.locator("#another").click()
    expect(bench.locator(".stance-row")).to_have_count(2)
    for theme in THEMES:
        check_access(bench, theme)
    assert bench.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
