"""The whole way of a second factor in a browser, by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.support.authenticator import shown_code
from tests.support.web_server import served
from tests.web.test_account import WORDS, Newsroom
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.second_factors import RECOVERY_CODES
from timeline.desk.accounts.tries import MINUTE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.paper import Paper

TOLD_CODE = "Type the code that the app shows"


def typed(page: Page, *words: str) -> None:
    """Type words into the fields of a form from the one that has the focus on, and send it.

    A browser gives a field the focus with the first frame that it paints, which may be after the
    page has come.
    """
    page.wait_for_function("document.activeElement.matches('input')")
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


@pytest.mark.thorough
@pytest.mark.journey
def test_an_editor_sets_it_up_signs_in_by_it_and_moves_it_to_another_app(
    paper: Paper, page: Page
) -> None:
    desk = Newsroom(paper, Role.EDITOR)

    def shown(key: str) -> str:
        desk.later += MINUTE
        return shown_code(key, desk.services.clock())

    with served(desk.app) as site:
        page.goto(f"{site}/sign-in?next=/t/union")
        typed(page, "mira", WORDS)
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
        page.reload()
        for theme in THEMES:
            check_access(page, theme)
        box = page.locator(".account-picture svg").bounding_box()
        assert box is not None
        assert box["width"] == box["height"] > 200
        key = page.locator("#key").inner_text()
        page.get_by_label(TOLD_CODE).focus()
        typed(page, shown(key))
        expect(page.locator(".account-codes code")).to_have_count(RECOVERY_CODES)
        codes = page.locator(".account-codes code").all_inner_texts()
        check_access(page)
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download as text").press("Enter")
        assert coming.value.suggested_filename == "standline-recovery-codes.txt"
        assert Path(coming.value.path()).read_text("utf-8").split()[-RECOVERY_CODES:] == codes
        page.get_by_role("link", name="go on").press("Enter")
        page.wait_for_url(f"{site}/t/union")
        expect(page.locator("body")).to_contain_text("Signed in as")

        page.goto(f"{site}/account")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign out").press("Enter")
        page.goto(f"{site}/sign-in?next=/a/aland")
        typed(page, "mira", WORDS)
        expect(page.get_by_label("Code from your app")).to_be_focused()
        check_access(page)
        typed(page, "000000")
        expect(page.locator("main .notice[role=alert]").last).to_contain_text("is not right")
        typed(page, shown(key))
        expect(page.locator("main .notice[role=status]")).to_contain_text(
            "1 wrong code was typed before"
        )
        check_access(page)
        page.get_by_role("link", name="Go on").press("Enter")
        page.wait_for_url(f"{site}/a/aland")

        page.goto(f"{site}/account/second-factor")
        page.get_by_text("Take another app").press("Enter")
        check_access(page)
        page.locator("#other-old").focus()
        typed(page, WORDS, codes[0])
        expect(page.get_by_role("heading", level=2)).to_have_text("Take the key into an app")
        page.get_by_label(TOLD_CODE).focus()
        other = page.locator("#key").inner_text()
        assert other != key
        typed(page, shown(other))
        expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")
