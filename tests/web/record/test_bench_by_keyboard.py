"""The workbench in a browser: a text coded by keyboard, and the text stays where it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.test_passage import open_text
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

TEXT = (
    "The talks went on. Dora Example said that Aland would join the union. Nobody was glad.\n\n"
    "Pjotr Petrow said that there would be no deal. “We wait,” he said."
)


@pytest.fixture
def bench(desk: Desk, serve: Serve, page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, serve(desk.client.application), TEXT)
    return page


def settled(page: Page) -> None:
    """Wait until no part of the page is under way."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def take_first_question(page: Page) -> None:
    """Press its key, and wait for its stances, which take the focus once they have come.

    They are asked for a moment after the topic is filled in: until then no part is under way.
    """
    page.keyboard.press("1")
    expect(page.locator('[name="topic"]')).to_have_value("a-union")
    expect(page.locator('[name="stance"]').first).to_be_focused()
    settled(page)


@pytest.mark.journey
def test_a_text_is_coded_by_keyboard_from_suggestion_to_suggestion(desk: Desk, bench: Page) -> None:
    page = bench
    expect(page.locator('[name="actor"]')).to_have_value("Dora Example")
    take_first_question(page)
    taken = page.locator('[name="stance"]:checked')
    page.locator('[name="stance"]').first.press("ArrowLeft")
    expect(taken).to_have_count(1)
    settled(page)
    taken.press("ArrowLeft")
    settled(page)
    words = page.locator('[name="paraphrase"]')
    words.press_sequentially("Wants to join.")
    expect(words).to_have_value("Wants to join.")
    words.press("ControlOrMeta+Enter")
    expect(page.locator(".bench-just")).to_contain_text("Recorded as")
    expect(page.locator('[name="actor"]')).to_have_value("Pjotr Petrow")
    assert desk.types().count("statement.recorded") == 1
    said = [event for event in desk.events() if isinstance(event, StatementRecorded)][-1]
    assert said.content is not None
    assert said.content.paraphrase == "Wants to join."


def test_one_key_ties_a_text_to_its_story_and_the_form_stays_as_it_was(
    desk: Desk, serve: Serve, page: Page
) -> None:
    rooms = desk.services.newsroom
    rooms.stories.open(desk.byline(), "Invented ferries", slug="ferries")
    rooms.topics.file_under(desk.byline(), "a-union", "talks")
    desk.services.models.catch_up()
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, serve(desk.client.application), TEXT)
    expect(page.locator("#story")).to_have_value("talks")
    page.locator('[name="paraphrase"]').fill("Wants to join.")
    page.locator("h1").click()
    settled(page)
    page.keyboard.press("g")
    expect(page.locator(".bench-story")).to_contain_text("Invented talks")
    expect(page.locator('[name="paraphrase"]')).to_have_value("Wants to join.")
    expect(page.locator(".bench-topic")).to_have_count(1)
    page.click("#untie")
    expect(page.locator("#story")).to_have_value("talks")
    expect(page.locator('[name="paraphrase"]')).to_have_value("Wants to join.")


def test_another_question_leads_to_the_field_of_all_questions(
    desk: Desk, serve: Serve, page: Page
) -> None:
    open_text(page, serve(desk.client.application), "Dora Example said that it was late.")
    expect(page.locator(".bench-topic")).to_have_count(0)
    page.locator(".bench-another label").click()
    expect(page.locator("#c-topic")).to_be_focused()


def test_who_takes_a_stance_with_the_mouse_goes_on_typing(bench: Page) -> None:
    bench.locator(".bench-topic").first.click()
    words, stances = bench.locator('[name="paraphrase"]'), bench.locator(".scale-option")
    expect(bench.locator('[name="stance"]').first).to_be_focused()
    stances.nth(4).click()
    expect(words).to_be_focused()
    bench.keyboard.type("Wants to join.")
    stances.nth(4).click()
    expect(bench.locator('[name="stance"]').nth(4)).to_be_focused()
    bench.keyboard.press("ArrowLeft")
    expect(bench.locator('[name="stance"]').nth(3)).to_be_focused()


def test_whom_words_stand_for_is_answered_without_leaving_the_text(desk: Desk, bench: Page) -> None:
    desk.say(actor="aland", said_at="2025-12-10")
    desk.services.models.catch_up()
    bench.locator(".bench-topic").first.click()
    # Words of any day before the text moved no side: their order to those of the 10th is unclear.
    bench.get_by_role("radio", name="Day", exact=True).check(force=True)
    bench.locator(".scale-option").nth(4).click()
    asked = bench.get_by_role("button", name="Yes, for Aland")
    expect(asked).to_be_visible()
    for theme in THEMES:
        check_access(bench, theme)
    bench.evaluate("window.stays = true")
    asked.click()
    expect(asked).to_have_count(0)
    bench.fill('[name="paraphrase"]', "Wants to join.")
    settled(bench)
    bench.click("#send")
    expect(bench.locator(".bench-just")).to_contain_text("Recorded as")
    assert bench.evaluate("window.stays")


def test_that_it_is_another_statement_is_answered_without_leaving_the_text(
    desk: Desk, bench: Page
) -> None:
    bench.evaluate("window.stays = true")
    for _ in range(2):
        settled(bench)
        bench.locator("#text .sentence", has_text="Dora Example said").click()
        expect(bench.locator('[name="actor"]')).to_have_value("Dora Example")
        settled(bench)
        bench.select_option('select[name="topic"]', "a-union")
        expect(bench.locator(".scale-option").first).to_be_visible()
        bench.locator(".scale-option").nth(4).click()
        bench.fill('[name="paraphrase"]', "Wants to join.")
        settled(bench)
        bench.click("#send")
        settled(bench)
    expect(bench.locator("#problems")).to_contain_text("This stands already as #")
    bench.get_by_role("button", name="Record this as another statement").click()
    expect(bench.locator("#problems")).to_have_count(0)
    expect(bench.locator("#send")).to_be_focused()
    settled(bench)
    bench.click("#send")
    expect(bench.locator(".bench-just")).to_contain_text("Recorded as")
    assert desk.types().count("statement.recorded") == 2
    assert bench.evaluate("window.stays")


def test_arrows_walk_sentence_by_sentence_and_enter_opens_one(bench: Page) -> None:
    page, keys = bench, bench.keyboard
    here = page.locator(".sentence[aria-current]")
    here.focus()
    keys.press("ArrowUp")
    expect(page.locator(".sentence").first).to_be_focused()
    keys.press("Enter")
    expect(page.locator("mark.sentence-chosen")).to_have_text("The talks went on.")
    settled(page)
    page.locator(".sentence").first.focus()
    keys.press("Shift+ArrowDown")
    expect(page.locator("#now-h")).to_have_text("2 sentences")
    settled(page)
    keys.press("n")
    expect(page.locator("mark.sentence-chosen").first).to_have_text(
        re.compile("^Pjotr Petrow said")
    )
    settled(page)
    keys.press("p")
    expect(page.locator("mark.sentence-chosen").first).to_have_text(
        re.compile("^Dora Example said")
    )
    page.locator('[name="paraphrase"]').focus()
    keys.press("Escape")
    expect(here).to_be_focused()


@pytest.mark.parametrize("key", ["n", "ArrowDown"])
def test_the_keyboard_leads_into_a_text_without_suggestions(
    desk: Desk, serve: Serve, page: Page, key: str
) -> None:
    open_text(page, serve(desk.client.application), "Rain fell. Nobody came.")
    expect(page.locator("#bench")).to_contain_text("Choose a sentence")
    page.keyboard.press(key)
    expect(page.locator(".sentence").first).to_be_focused()


def test_only_one_sentence_of_the_text_is_a_tab_stop(bench: Page) -> None:
    assert bench.locator(".sentence[tabindex='0']").count() == 1
    assert bench.locator(".sentence").count() == 5


def test_letters_do_nothing_where_single_letter_keys_are_off(bench: Page) -> None:
    bench.evaluate("document.documentElement.dataset.keys = 'off'")
    bench.keyboard.press("n")
    bench.keyboard.press("1")
    bench.wait_for_timeout(300)
    expect(bench.locator("mark.sentence-chosen")).to_contain_text("Dora Example said")
    expect(bench.locator('[name="topic"]')).to_have_value("")


def test_what_lacks_something_stays_open_and_leads_there(desk: Desk, bench: Page) -> None:
    bench.locator('[name="paraphrase"]').fill("Half of it.")
    bench.click("#send")
    expect(bench.locator("#problems")).to_be_focused()
    expect(bench.locator('[name="paraphrase"]')).to_have_value("Half of it.")
    assert "statement.recorded" not in desk.types()


def test_a_development_of_the_same_text_is_recorded_between_statements(
    desk: Desk, bench: Page
) -> None:
    bench.locator(".sentence").nth(2).click()
    expect(bench.locator("mark.sentence-chosen")).to_have_text("Nobody was glad.")
    settled(bench)
    bench.locator(".bench-passage nav a", has_text="Development").click()
    bench.fill('[name="title"]', "Nobody was glad.")
    bench.get_by_text("confirmed", exact=True).click()
    bench.locator('[name="topics"][value="a-union"]').check()
    bench.click("#send")
    expect(bench.locator(".bench-just")).to_contain_text("Nobody was glad.")
    expect(bench.locator(".source-text .sentence-number")).to_have_count(1)
    expect(bench.locator('[name="stance"], [name="topic"]').first).to_be_attached()
    assert "development.recorded" in desk.types()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_workbench_can_be_used_by_everybody(bench: Page, width: int) -> None:
    bench.set_viewport_size({"width": width, "height": 900})
    bench.goto(bench.url.partition("?")[0])
    for theme in THEMES:
        check_access(bench, theme)
    bench.goto(f"{bench.url.partition('?')[0]}?at=19-69")
    for theme in THEMES:
        check_access(bench, theme)
    assert bench.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(bench.locator("#send")).to_be_in_viewport()


def test_the_passage_stays_in_sight_while_its_form_is_filled_in(
    desk: Desk, serve: Serve, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    between = "\n\n".join(["Nobody said a word there about it, and the day went on."] * 30)
    open_text(page, serve(desk.client.application), f"{TEXT}\n\n{between}\n\n{TEXT}")

    def is_in_sight() -> bool:
        here = page.locator("#here").bounding_box()
        return bool(here and here["y"] >= 57 and here["y"] + here["height"] <= 636)

    keys = page.keyboard
    for key in ("n", "n", "n"):
        keys.press(key)
        settled(page)
    expect(page.locator('[name="actor"]')).to_have_value("Dora Example")
    assert is_in_sight()
    keys.press("t")
    questions = page.locator("#c-topic")
    expect(questions).to_be_focused()
    questions.press_sequentially("union")
    expect(questions).to_have_attribute("aria-expanded", "true")
    settled(page)
    assert is_in_sight()
    keys.press("Escape")
    expect(questions).to_have_attribute("aria-expanded", "false")
    keys.press("Escape")
    expect(questions).not_to_be_focused()
    keys.press("1")
    expect(page.locator('[name="stance"]').first).to_be_focused()
    assert is_in_sight()
