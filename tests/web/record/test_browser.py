from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

ARTICLE = "The talks went on. Dora Example called it “a good day” for all. Nobody else spoke."
FORMS = (
    "/record?topic=a-union&actor=dora",
    "/record/text",
    "/record/development",
    "/record/topic",
    "/record/actor",
    "/record/actor/dora",
    "/record/topic/a-union",
    "/record/story",
    "/record/story/talks",
    "/record/{n}/reply",
    "/record/{n}/correct",
    "/record/{n}/retract",
    "/record/{n}/link",
    "/record/{n}/second",
)
MOST_TABS = 80


@pytest.fixture
def site(desk: Desk, serve: Serve) -> str:
    return serve(desk.client.application)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is sought has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    pytest.fail(f"no way to {selector} by keyboard")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, f'[name="{name}"]')
    page.keyboard.type(text)


def test_a_statement_is_recorded_mended_and_withdrawn_by_keyboard_alone(
    desk: Desk, site: str, page: Page
) -> None:
    page.goto(f"{site}/record?topic=a-union")
    type_into(page, "source.outlet", "Invented Post")
    type_into(page, "source.published_at", "16 Dec 2025")
    type_into(page, "paraphrase", "Wants it now.")
    type_into(page, "actor", "dora")
    expect(page.locator("#l-actor [aria-selected=true]")).to_contain_text("Dora Example")
    page.keyboard.press("Enter")
    expect(page.locator('[name="actor"]')).to_have_value("Dora Example")
    expect(page.locator('[name="actor"]')).to_be_focused()
    expect(page.locator('[name="on_behalf_of"]')).to_have_value("aland")
    tab_to(page, '[name="stance"]')
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    type_into(page, "said_at", "15 Dec 2025")
    tab_to(page, "#send")
    expect(page.locator("#pv-h ~ p")).to_contain_text("first position")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/a-union?s=*")
    number = page.url.rpartition("=")[2]
    expect(page.locator("[data-lanes] .point.selected")).to_have_count(1)
    expect(page.locator("#proof")).to_contain_text("Wants it now.")

    page.goto(f"{site}/record/{number}/correct")
    tab_to(page, '[name="paraphrase"]')
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Wants it soon.")
    type_into(page, "reason", "misread")
    tab_to(page, ".button-primary:not(.masthead *)")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/s/{number}")

    page.goto(f"{site}/record/{number}/retract")
    type_into(page, "reason", "not her")
    tab_to(page, ".button-primary:not(.masthead *)")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/s/{number}")
    assert desk.types()[-2:] == ["statement.corrected", "statement.retracted"]


def test_without_script_a_sentence_is_opened_and_recorded(
    desk: Desk, site: str, without_script: Page
) -> None:
    page = without_script
    page.goto(f"{site}/record/text")
    page.fill('[name="text"]', ARTICLE)
    page.fill('[name="source.url"]', "https://example.org/new")
    page.fill('[name="source.published_at"]', "2025-12-16")
    page.click('button:has-text("Open the text")')
    page.locator("a.sentence").nth(1).click()
    assert page.input_value('[name="quote.text"]') == "a good day"
    assert page.input_value('[name="actor"]') == "Dora Example"
    assert page.input_value('[name="on_behalf_of"]') == "aland"
    page.fill('[name="paraphrase"]', "Is glad of it.")
    page.select_option('[name="topic"]', "a-union")
    page.click('button:has-text("Show them")')
    page.locator('[name="stance"][value="supports"]').check(force=True)
    assert page.input_value('[name="paraphrase"]') == "Is glad of it."
    page.click("#send")
    assert desk.types()[-2:] == ["statement.recorded", "document.snapshot_taken"]
    assert re.search(r"recorded=\d+#here$", page.url)
    expect(page.locator(".bench-just")).to_contain_text(f"Recorded as {desk.head() - 1}")
    expect(page.locator(".sentence-recorded").first).to_be_visible()


def test_the_look_at_where_it_lands_follows_every_change(site: str, page: Page) -> None:
    page.goto(f"{site}/record?topic=a-union&actor=bland")
    page.fill('[name="said_at"]', "15 Dec 2025")
    page.locator('[name="stance"][value="supports"]').check(force=True)
    verdict = page.locator("#pv-h ~ p")
    expect(verdict).to_contain_text("first position: supports")
    page.keyboard.press("ArrowLeft")
    expect(verdict).to_contain_text("first position: accepts")
    assert page.evaluate("document.activeElement.value") == "accepts"
    page.focus("#c-topic")
    page.select_option('select[name="topic"]', "deal")
    expect(page.locator("#f-stance")).to_contain_text("thinks likely")
    expect(page.locator("#c-topic")).to_be_focused()


def test_a_message_appears_at_its_field_and_goes_when_it_is_mended(site: str, page: Page) -> None:
    page.goto(f"{site}/record?topic=a-union&actor=bland")
    page.fill('[name="source.published_at"]', "16 Dec 2025")
    page.fill('[name="said_at"]', "17 Dec 2025")
    page.locator('[name="stance"][value="supports"]').check(force=True)
    message = page.locator("#m-said_at")
    expect(message).to_contain_text("after the source was published")
    expect(message.get_by_role("button")).to_have_text("16 Dec 2025")
    expect(page.locator("#todo")).to_contain_text("1 field to fix")
    page.fill('[name="said_at"]', "16 Dec 2025")
    page.press('[name="said_at"]', "Tab")
    expect(message).to_have_text("16 Dec 2025")


def test_the_actors_that_match_come_as_somebody_types(site: str, page: Page) -> None:
    page.goto(f"{site}/record")
    page.locator('[name="actor"]').press_sequentially("петро")
    expect(page.locator("#l-actor li").first).to_contain_text("Pjotr Petrow")
    page.click("#l-actor li")
    expect(page.locator('[name="actor"]')).to_have_value("Pjotr Petrow")


def test_a_refused_form_puts_the_reader_before_what_is_to_mend(site: str, page: Page) -> None:
    page.goto(f"{site}/record")
    page.click("#send")
    expect(page.locator("#problems")).to_be_focused()
    page.click('#problems a[href="#f-actor"]')
    assert page.url.endswith("#f-actor")
    gaps = page.locator("#problems li").count()
    page.keyboard.type("Bland")
    page.keyboard.press("Tab")
    expect(page.locator("#problems li")).to_have_count(gaps - 1)
    expect(page.locator("#problems")).to_contain_text(f"{gaps - 1} fields to fix")
    expect(page.locator("#todo")).to_have_text(f"{gaps - 1} fields to fix")


def test_every_form_can_be_used_by_everybody_on_a_phone(desk: Desk, site: str, page: Page) -> None:
    number = desk.say()
    page.set_viewport_size({"width": 390, "height": 900})
    for path in FORMS:
        page.goto(site + path.format(n=number))
        for theme in THEMES:
            check_access(page, theme)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
    for path in ("/record/second-coding", "/record/changes"):
        page.goto(site + path)
        expect(page.locator('.record-head [aria-current="page"]')).to_be_in_viewport(ratio=1)


def test_a_refused_form_can_be_used_by_everybody(desk: Desk, site: str, page: Page) -> None:
    desk.say(said_at="2025-12-15")
    page.goto(f"{site}/record?topic=a-union&actor=bland")
    page.locator('[name="stance"][value="opposes"]').check(force=True)
    page.locator('[name="attribution"][value="quoted"]').check(force=True)
    page.fill('[name="said_at"]', "15 Dec 2025")
    page.click("#send")
    expect(page.locator(".twins")).to_be_visible()
    check_access(page)
