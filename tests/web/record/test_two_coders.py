"""Two colleagues who code the same statements again at once, each in a browser of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.four_eyes import four_eyes_lifted
from tests.web.record.test_second_coding import SUMMARY, say
from tests.web.record.test_two_people import Newsroom, newsroom

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["newsroom"]

QUEUE = "/record/second-coding"
DAYS = ("2025-12-01", "2025-12-02")


def asked_of(editor: Page, site: str, coder: str) -> None:
    editor.goto(site + QUEUE)
    editor.locator('[name="topic"]').select_option("a-union")
    editor.locator('[name="coder"]').select_option(coder)
    editor.locator('[name="size"]').fill("100%")
    editor.locator('form:has([name="coder"]) button[type="submit"]').click()
    expect(editor.locator("main")).to_contain_text("0 of 2")


def begun(coder: Page, site: str) -> None:
    coder.goto(site + QUEUE)
    coder.locator(f'main a[href^="{QUEUE}/"]').first.click()
    expect(coder.locator('[name="stance"]').first).to_be_attached()


def read_as(coder: Page, stance: str, note: str) -> str:
    """Read the statement that is open; return what the page showed."""
    shown = coder.locator("main").inner_text()
    coder.locator(f'[name="stance"][value="{stance}"]').check(force=True)
    coder.locator('[name="note"]').fill(note)
    coder.click("#send")
    expect(coder.locator("main")).to_contain_text(re.compile(r"read last|read alike"))
    return shown


def test_two_code_the_same_again_at_once_and_neither_learns_how_the_other_did(
    newsroom: Newsroom,
) -> None:
    with four_eyes_lifted(newsroom.desk.services):
        numbers = [say(newsroom.desk, said_at=day) for day in DAYS]
    jonas, mira, ada = map(newsroom.signed_in, ("jonas", "mira", "ada"))
    for coder in ("mira", "ada"):
        asked_of(jonas, newsroom.site, coder)

    begun(mira, newsroom.site)
    begun(ada, newsroom.site)
    shown = [
        read_as(mira, "opposes", "Mira finds it plain."),
        read_as(ada, "doubts", "Ada finds it soft."),
        read_as(mira, "opposes", "Mira finds it plain again."),
    ]
    expect(mira.locator("main")).to_contain_text("read alike")
    shown.append(read_as(ada, "opposes", "Ada finds it plain."))
    expect(ada.locator("main")).to_contain_text("read alike")
    for page in shown:
        assert "finds it" not in page
        assert SUMMARY not in page
        assert not any(f"#{number}" in page for number in numbers)

    readings = newsroom.desk.services.desk.second_readings
    told = {
        sample.coder: sorted(reading.stance or 0 for reading in readings.readings(sample.id))
        for sample in readings.samples()
    }
    assert told == {"mira": [-2, -2], "ada": [-2, -1]}
    expect(ada.locator("main")).to_contain_text("doubts")
    jonas.goto(f"{newsroom.site}/record/agreement")
    expect(jonas.locator("main")).to_contain_text("1 of 2")
    jonas.goto(f"{newsroom.site}/record/agreement/a-union")
    expect(jonas.locator("main")).to_contain_text(re.compile("mira.*ada|ada.*mira", re.DOTALL))
