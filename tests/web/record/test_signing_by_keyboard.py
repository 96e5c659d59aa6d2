"""Changes to sign and blind reading in a browser: one key each, without script, and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.test_bench_by_keyboard import settled
from tests.web.record.test_blind_reading import quoting
from timeline.domain.statement import QuoteJudgment, StatementQuoteRead

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

CHANGES, QUOTES = "/record/changes", "/record/quotes"
PAUSE = 300
"""Milliseconds after which a key is meant for what is shown, and not for what was before it."""


@pytest.fixture
def site(desk: Desk, serve: Serve) -> str:
    """The address of a desk at which three changes wait."""
    for actor, days in (("dora", ("10-01", "11-01")), ("petrow", ("10-02", "11-02", "11-20"))):
        for at, day in enumerate(days):
            stance = "supports" if at % 2 else "opposes"
            quoting(desk, actor=actor, stance=stance, said_at=f"2025-{day}")
    return serve(desk.client.application)


@pytest.mark.journey
def test_each_change_takes_one_key_and_what_was_decided_another_to_take_back(
    desk: Desk, site: str, page: Page
) -> None:
    head = desk.head()
    page.goto(f"{site}{CHANGES}")
    page.keyboard.press("s")
    expect(page.locator("#sentence-1")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" It was short.")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]", has_text="Signed:")).to_contain_text("It was short.")
    expect(page.locator("#change-1")).to_be_focused()
    expect(page.locator("#to-sign")).to_have_text("2")
    settled(page)
    page.keyboard.press("u")
    expect(page.locator("#to-sign")).to_have_text("3")
    settled(page)
    page.keyboard.press("d")
    page.keyboard.press("6")
    expect(page.locator("[role=status]", has_text="Declined:")).to_contain_text("Words too thin")
    settled(page)
    page.keyboard.press("j")
    expect(page.locator("#view")).to_contain_text("2 of 2")
    settled(page)
    page.keyboard.press("l")
    expect(page.locator("h1")).to_contain_text("Correct")
    assert desk.types(head) == ["change.signed", "change.reopened", "change.declined"]


def test_a_cause_has_a_key_only_while_causes_are_shown_and_escape_folds_them(
    desk: Desk, site: str, page: Page
) -> None:
    head = desk.head()
    page.goto(f"{site}{CHANGES}")
    page.keyboard.press("1")
    page.keyboard.press("d")
    expect(page.get_by_role("button", name="Two people differ").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#change-1 .change-act[open]")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("s")
    page.keyboard.type("d1")
    page.keyboard.press("Escape")
    expect(page.locator("#to-sign")).to_have_text("3")
    assert desk.head() == head


def test_changes_are_decided_on_without_script(desk: Desk, site: str, without_script: Page) -> None:
    page, head = without_script, desk.head()
    page.goto(f"{site}{CHANGES}")
    page.locator("#change-1 summary", has_text="Sign").click()
    page.fill("#sentence-1", "Dora Example now wants it.")
    page.get_by_role("button", name="Sign and print it").first.click()
    expect(page.locator("[role=status]", has_text="Signed:")).to_contain_text("now wants it")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#view")).to_contain_text("1 of 3")
    page.locator("#change-1 summary", has_text="Decline").click()
    page.get_by_role("button", name="The dates").first.click()
    page.locator("#skip").click()
    expect(page.locator("#view")).to_contain_text("2 of 2")
    page.select_option("#by-topic", "a-union")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#view")).to_contain_text("1 of 2")
    assert desk.types(head) == ["change.signed", "change.reopened", "change.declined"]


def test_a_quote_is_read_blindly_with_two_keys_in_either_order_and_without_script(
    desk: Desk, site: str, page: Page, without_script: Page
) -> None:
    head = desk.head()
    page.goto(f"{site}{QUOTES}")
    for keys in ("c5", "0x"):
        before = page.locator("form.blind").get_attribute("action") or ""
        settled(page)
        page.wait_for_timeout(PAUSE)
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("form.blind")).not_to_have_attribute("action", before)
    without_script.goto(f"{site}{QUOTES}")
    without_script.get_by_label("It does not").check(force=True)
    without_script.get_by_label("none").check(force=True)
    without_script.get_by_role("button", name="Next").click()
    expect(without_script.locator("form.blind")).to_be_visible()
    read = [event.content for event in desk.events(head) if isinstance(event, StatementQuoteRead)]
    assert read == [QuoteJudgment(carries=True, direction=2), *[QuoteJudgment(carries=False)] * 2]


def test_both_pages_are_accessible_folded_and_open(site: str, page: Page) -> None:
    for path in (f"{CHANGES}?shades=1", QUOTES):
        page.goto(f"{site}{path}")
        for theme in THEMES:
            check_access(page, theme)
    for act in ("Sign", "Decline"):
        page.goto(f"{site}{CHANGES}")
        page.locator("#change-1 summary", has_text=act).click()
        for theme in THEMES:
            check_access(page, theme)


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_runs_out_of_the_page_at_any_width(site: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in (CHANGES, QUOTES):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
