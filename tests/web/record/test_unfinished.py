"""What is unfinished in a browser: kept quietly, found again, and led to what is to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import check_access

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk


@pytest.fixture
def site(desk: Desk, serve: Serve) -> str:
    return serve(desk.client.application)


def test_what_was_typed_outlives_a_reload_without_any_button(site: str, page: Page) -> None:
    page.goto(f"{site}/record?topic=a-union")
    page.fill('[name="paraphrase"]', "Wants it now.")
    page.press('[name="paraphrase"]', "Tab")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert "/record?draft=" in page.url
    page.reload()
    expect(page.locator('[name="paraphrase"]')).to_have_value("Wants it now.")
    expect(page.locator('[name="topic"]')).to_have_value("a-union")
    expect(page.locator(".drafts li[aria-current]")).to_contain_text("Wants it now.")


def test_a_draft_is_left_found_and_recorded(desk: Desk, site: str, page: Page) -> None:
    page.goto(f"{site}/record?topic=a-union&actor=bland")
    page.fill('[name="source.outlet"]', "Invented Post")
    page.fill('[name="paraphrase"]', "Wants it now.")
    page.locator('[name="stance"][value="supports"]').check(force=True)
    page.click('button:has-text("Save draft")')
    page.goto(f"{site}/record")
    page.click('.drafts a:has-text("Continue")')
    expect(page.locator('[name="stance"][value="supports"]')).to_be_checked()
    page.fill('[name="said_at"]', "15 Dec 2025")
    page.click("#send")
    page.wait_for_url("**/t/a-union?s=*")
    assert desk.types().count("statement.recorded") == 1
    page.goto(f"{site}/record")
    expect(page.locator(".drafts")).to_have_count(0)


def test_without_script_a_draft_is_saved_continued_and_discarded(
    desk: Desk, site: str, without_script: Page
) -> None:
    page = without_script
    page.goto(f"{site}/record?topic=a-union")
    page.fill('[name="paraphrase"]', "Wants it now.")
    page.click('button:has-text("Save draft")')
    assert "Draft saved" in page.locator("#saved").inner_text()
    page.goto(f"{site}/record/development")
    assert "1 unfinished draft" in page.locator(".drafts summary").inner_text()
    page.click('.drafts a:has-text("Continue")')
    assert page.input_value('[name="paraphrase"]') == "Wants it now."
    page.click(".drafts summary")
    page.click('.drafts button:has-text("Discard")')
    assert page.url == f"{site}/record"
    assert page.locator(".drafts").count() == 0
    assert desk.services.desk.drafts.count() == 0


def test_the_button_leads_to_the_first_field_to_fix_until_something_is_changed(
    desk: Desk, site: str, page: Page
) -> None:
    page.goto(f"{site}/record?topic=a-union&actor=bland")
    send, said = page.locator("#send"), page.locator('[name="said_at"]')
    page.fill('[name="source.outlet"]', "Invented Post")
    page.fill('[name="source.published_at"]', "16 Dec 2025")
    page.fill('[name="paraphrase"]', "Wants it now.")
    said.fill("17 Dec 2025")
    page.locator('[name="stance"][value="supports"]').check(force=True)
    expect(send).to_have_attribute("aria-disabled", "true")
    expect(said).to_have_attribute("aria-invalid", "true")
    send.click(force=True)
    expect(said).to_be_focused()
    assert page.url.partition("?")[0] == f"{site}/record"
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("16 Dec 2025")
    expect(send).to_have_attribute("aria-disabled", "false")
    send.click()
    page.wait_for_url("**/t/a-union?s=*")
    assert desk.types()[-1] == "statement.recorded"


def test_what_the_chosen_position_means_is_told_beside_it(site: str, page: Page) -> None:
    page.goto(f"{site}/record?topic=a-union")
    page.locator('[name="stance"][value="doubts"]').check(force=True)
    expect(page.locator("#stance-means")).to_have_text(
        "doubts: finds it unwelcome, but does not rule it out"
    )
    page.select_option('[name="topic"]', "deal")
    expect(page.locator("#stance-means")).to_have_text("")
    page.locator('[name="stance"][value="expects"]').check(force=True)
    expect(page.locator("#stance-means")).to_contain_text("says that it will happen")


def test_the_list_of_actors_closes_once_one_is_named(site: str, page: Page) -> None:
    page.goto(f"{site}/record")
    page.locator('[name="actor"]').press_sequentially("Pjotr Petrow")
    expect(page.locator("#l-actor")).to_be_visible()
    page.focus('[name="said_at"]')
    expect(page.locator("#m-actor .understood")).to_be_visible()
    expect(page.locator("#l-actor")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_of_drafts_can_be_used_by_everybody(
    desk: Desk, site: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for words in ("One.", "Two words that are a good deal longer than one line is wide. " * 4):
        form = desk.opened("/record") | {"paraphrase": words, "save": "1"}
        assert desk.post("/record", form).status_code == 303
    page.goto(f"{site}/record")
    check_access(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for name in ("Continue", "Discard"):
        expect(page.locator(".drafts").get_by_text(name, exact=True)).to_have_count(2)
