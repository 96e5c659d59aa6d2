"""Two people at one desk, each in a browser of their own, and readers who see what was agreed."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.four_eyes import ask_for_four_eyes
from tests.support.web_server import served
from tests.web.record.test_bench_by_keyboard import settled, take_first_question
from tests.web.record.test_passage import open_text
from timeline.desk.accounts.roles import Role
from web import create_app
from web.shell.identity import SignedIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.support.contexts import Contexts
    from tests.web.record.desk import Desk

WORDS = "four plain little words"
PEOPLE = {"mira": Role.CODER, "jonas": Role.EDITOR, "ada": Role.EDITOR}
TEXT = (
    "The talks went on. Dora Example said that Aland would join the union. Nobody was glad.\n\n"
    "Pjotr Petrow said that Aland would never join the union."
)
JOINS, NONE = "Wants to join.", "Sees no union."


class Newsroom:
    """A site where a second person agrees, and a browser for whoever comes."""

    def __init__(self, desk: Desk, contexts: Contexts, stack: ExitStack) -> None:
        self.desk = desk
        self._contexts, self._stack = contexts, stack
        for handle, role in PEOPLE.items():
            desk.services.desk.people.add(handle, handle.title(), role, desk.services.clock())
            desk.services.desk.people.set_password(handle, WORDS)
        ask_for_four_eyes(desk.services)
        app = create_app(desk.services, identify=SignedIn(desk.services))
        self.site = stack.enter_context(served(app))

    def reader(self) -> Page:
        """Return the page of somebody without an account."""
        return self._stack.enter_context(self._contexts.lent_page(locale="en-GB"))

    def signed_in(self, handle: str) -> Page:
        """Return the page of somebody who has signed in."""
        page = self.reader()
        page.goto(f"{self.site}/sign-in")
        page.fill("#handle", handle)
        page.fill("#password", WORDS)
        page.keyboard.press("Enter")
        expect(page.locator("body")).to_contain_text(handle.title())
        return page

    def words_on_record(self) -> list[str]:
        """Return what a reader finds on the topic's page of the two statements."""
        page = self.reader()
        page.goto(f"{self.site}/t/a-union?view=table")
        found = page.locator("main").inner_text()
        return [words for words in (JOINS, NONE) if words in found]


@pytest.fixture
def newsroom(desk: Desk, contexts: Contexts) -> Iterator[Newsroom]:
    with ExitStack() as stack:
        yield Newsroom(desk, contexts, stack)


def coded(page: Page, stance: int, paraphrase: str) -> None:
    """Code the passage that is open by keyboard: the first question, a stance, our words."""
    settled(page)
    keys = page.keyboard
    take_first_question(page)
    for place in range(1, stance + 1):
        keys.press("ArrowRight")
        expect(page.locator('[name="stance"]').nth(place)).to_be_checked()
    page.locator('[name="paraphrase"]').focus()
    keys.type(paraphrase)
    keys.press("ControlOrMeta+Enter")
    expect(page.locator(".bench-just")).to_contain_text("Handed over")


def looked_at(page: Page, newsroom: Newsroom, words: str) -> None:
    page.goto(f"{newsroom.site}/record/review")
    page.get_by_role("link", name=words).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    settled(page)


@pytest.mark.thorough
def test_one_codes_another_agrees_differs_corrects_and_retracts(newsroom: Newsroom) -> None:
    mira, jonas = newsroom.signed_in("mira"), newsroom.signed_in("jonas")

    open_text(mira, newsroom.site, TEXT)
    expect(mira.locator('[name="actor"]')).to_have_value("Dora Example")
    coded(mira, 4, JOINS)
    expect(mira.locator('[name="actor"]')).to_have_value("Pjotr Petrow")
    coded(mira, 1, NONE)
    assert newsroom.words_on_record() == []

    looked_at(jonas, newsroom, JOINS)
    jonas.keyboard.press("a")
    jonas.keyboard.press("Enter")
    expect(jonas.get_by_role("heading", level=1)).to_have_text(NONE)
    joins = int(jonas.locator(".notice[role=status] a").inner_text().removeprefix("#"))
    assert newsroom.words_on_record() == [JOINS]

    jonas.keyboard.press("b")
    jonas.keyboard.type("Rather opposes, I think.")
    jonas.keyboard.press("Enter")
    expect(jonas.locator("main")).to_contain_text("Nothing waits for you.")
    mira.goto(f"{newsroom.site}/record")
    mira.get_by_role("link", name="Continue").click()
    back = mira.locator(".notice", has_text="Sent back by jonas")
    expect(back).to_contain_text("Rather opposes, I think.")
    mira.locator('[name="stance"]').first.check(force=True)
    mira.click("#send")
    expect(mira.locator(".bench-just")).to_contain_text("Handed over")
    looked_at(jonas, newsroom, NONE)
    jonas.get_by_role("button", name="Agree").click()
    expect(jonas).to_have_url(re.compile(r"/s/\d+"))
    none = int(jonas.url.rpartition("/")[2])
    assert newsroom.words_on_record() == [JOINS, NONE]

    ada, again = newsroom.signed_in("ada"), newsroom.signed_in("ada")
    for page in (jonas, ada):
        page.goto(f"{newsroom.site}/record/{joins}/correct")
    corrected(jonas, "Would like to join.")
    expect(jonas.get_by_role("button", name="Take it back")).to_be_visible()
    agreed(again, newsroom, f"Statement corrected: #{joins}")
    corrected(ada, "Is to join.")
    expect(ada.locator("#problems")).to_contain_text("What you typed is kept.")
    expect(ada.locator('[name="paraphrase"]')).to_have_value("Is to join.")
    jonas.goto(f"{newsroom.site}/record/{none}/retract")
    jonas.fill('[name="reason"]', "Of another union.")
    jonas.get_by_role("button", name="Retract").click()
    expect(jonas.get_by_role("button", name="Take it back")).to_be_visible()
    agreed(again, newsroom, f"Statement retracted: #{none}")

    events = [event for event in newsroom.desk.events() if event.recorded_by in PEOPLE]
    said = [(type(event).__name__, event.recorded_by, event.via) for event in events]
    assert {
        ("StatementRecorded", "mira", "review:jonas"),
        ("StatementCorrected", "jonas", "review:ada"),
        ("StatementRetracted", "jonas", "review:ada"),
    } <= {*said}
    page = newsroom.reader()
    page.goto(f"{newsroom.site}/s/{joins}")
    expect(page.locator("main")).to_contain_text("Would like to join.")
    page.goto(f"{newsroom.site}/s/{none}")
    expect(page.locator("main")).to_contain_text("Of another union.")


def agreed(page: Page, newsroom: Newsroom, heading: str) -> None:
    looked_at(page, newsroom, heading)
    page.get_by_role("button", name="Agree").click()
    expect(page).to_have_url(re.compile(r"/log\?at=\d+"))


def corrected(page: Page, paraphrase: str) -> None:
    page.fill('[name="paraphrase"]', paraphrase)
    page.locator('[name="material"][value="clerical"]').check(force=True)
    page.fill('[name="reason"]', "As it was said.")
    page.get_by_role("button", name="Record correction").click()
