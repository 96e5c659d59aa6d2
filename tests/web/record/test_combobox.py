"""Fields that offer what is on record: by keyboard, by mouse, and what is new in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.desk import statement
from timeline.desk.accounts.roles import Role
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk


@pytest.fixture
def form(desk: Desk, serve: Serve, page: Page) -> Page:
    page.goto(f"{serve(desk.client.application)}/record")
    return page


def typed(form: Page, field: str, words: str) -> None:
    """Type into a field and wait for what it offers."""
    form.focus(field)
    form.keyboard.type(words)
    expect(form.locator(field)).to_have_attribute("aria-expanded", "true")


def test_arrows_choose_a_question_enter_takes_it_and_its_stances_come(form: Page) -> None:
    typed(form, "#c-topic", "deal")
    first = form.locator("#l-topic [role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(form.locator("#c-topic")).to_have_attribute("aria-activedescendant", "o-words-1")
    form.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    form.keyboard.press("ArrowUp")
    form.keyboard.press("Enter")
    expect(form.locator("#c-topic")).to_have_value("Will there be a deal?")
    expect(form.locator('select[name="topic"]')).to_have_value("deal")
    expect(form.locator("#f-stance")).to_contain_text("thinks likely")
    expect(form.locator("#l-topic [role=option]")).to_have_count(0)
    expect(form.locator("#c-topic")).to_be_focused()


def test_escape_closes_and_keeps_what_was_typed(form: Page) -> None:
    typed(form, '[name="actor"]', "dor")
    form.keyboard.press("Escape")
    expect(form.locator("#l-actor [role=option]")).to_have_count(0)
    expect(form.locator('[name="actor"]')).to_have_value("dor")
    form.keyboard.press("ArrowDown")
    expect(form.locator("#l-actor [role=option]").first).to_contain_text("Dora Example")


def test_words_that_choose_no_question_give_way_to_the_one_that_is_chosen(form: Page) -> None:
    form.select_option('select[name="topic"]', "a-union")
    expect(form.locator("#c-topic")).to_have_value("Should A join the union?")
    form.fill("#c-topic", "deal")
    form.focus('[name="paraphrase"]')
    expect(form.locator("#c-topic")).to_have_value("Should A join the union?")


def test_a_new_actor_is_introduced_without_leaving_the_form(desk: Desk, form: Page) -> None:
    form.fill('[name="paraphrase"]', "Wants it now.")
    typed(form, '[name="actor"]', "Vera Nova")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    dialog = form.locator("dialog[open]")
    expect(dialog.locator('[name="actor_name"]')).to_have_value("Vera Nova")
    expect(dialog.locator('[name="actor_name"]')).to_be_focused()
    for theme in THEMES:
        check_access(form, theme)
    dialog.locator('[name="actor_name"]').fill("")
    dialog.get_by_role("button", name="Introduce actor").click()
    expect(dialog.locator(".error").first).to_be_visible()
    dialog.locator('[name="actor_name"]').fill("Vera Nova")
    dialog.get_by_role("button", name="Introduce actor").click()
    expect(dialog).to_have_count(0)
    expect(form.locator('[name="actor"]')).to_have_value("Vera Nova")
    expect(form.locator("#m-actor .understood")).to_have_text("Vera Nova")
    expect(form.locator('[name="paraphrase"]')).to_have_value("Wants it now.")
    assert desk.types()[-1] == "actor.introduced"


def test_the_link_that_introduces_an_actor_takes_the_typed_name_along(form: Page) -> None:
    form.fill('[name="paraphrase"]', "Wants it now.")
    typed(form, '[name="actor"]', "Vera Nova")
    form.keyboard.press("Escape")
    form.get_by_role("link", name="Introduce an actor").click()
    dialog = form.locator("dialog[open]")
    expect(dialog.locator('[name="actor_name"]')).to_have_value("Vera Nova")
    dialog.get_by_role("button", name="Introduce actor").click()
    expect(form.locator('[name="actor"]')).to_have_value("Vera Nova")
    expect(form.locator('[name="paraphrase"]')).to_have_value("Wants it now.")
    expect(form.locator("#m-actor .understood")).to_have_text("Vera Nova")
    form.get_by_role("link", name="Introduce an actor").click()
    expect(dialog.locator('[name="actor_name"]')).to_have_value("")


def test_that_link_takes_it_along_where_the_address_asks_for_a_language_too(form: Page) -> None:
    form.goto(f"{form.url}?lang=de")
    typed(form, '[name="actor"]', "Vera Nova")
    form.keyboard.press("Escape")
    form.locator("[data-introduces]").click()
    dialog = form.locator("dialog[open]")
    expect(dialog.locator('[name="actor_name"]')).to_have_value("Vera Nova")
    expect(dialog).to_contain_text("einführen")


def test_without_script_the_link_that_introduces_an_actor_has_the_name_too(desk: Desk) -> None:
    unknown = desk.post("/record", statement(actor="Vera Nova & Co")).text
    assert 'href="/record/actor?name=Vera%20Nova%20%26%20Co"' in unknown
    assert (
        'value="Vera Nova &amp; Co"' in desk.get("/record/actor?name=Vera%20Nova%20%26%20Co").text
    )
    assert 'href="/record/actor"' in desk.post("/record", statement(stance="")).text


def test_a_new_question_is_opened_without_leaving_the_form(desk: Desk, form: Page) -> None:
    typed(form, "#c-topic", "Should it rain?")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    form.locator("dialog[open]").get_by_role("button", name="Open topic").click()
    expect(form.locator("#c-topic")).to_have_value("Should it rain?")
    expect(form.locator('select[name="topic"]')).to_have_value("should-it-rain")
    expect(form.locator('[name="stance"]').first).to_be_attached()
    assert desk.types()[-1] == "topic.opened"


def test_a_coder_is_offered_nothing_that_only_editors_may_open(desk: Desk) -> None:
    coders = create_app(desk.services, identify=everybody_is("cora", Role.CODER)).test_client()
    found = coders.get("/record/actors?actor=zzz").text
    assert "data-new" not in found
    assert "An editor introduces new actors." in found
    assert "data-new" in desk.get("/record/actors?actor=zzz").text
