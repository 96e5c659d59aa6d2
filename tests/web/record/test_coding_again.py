"""Coding again one statement after the other: by keys, back, on, skipped, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.record.test_bench_by_keyboard import settled
from tests.web.record.test_second_coding import QUEUE, Colleague, cora, mira, say
from tests.web.site import plain
from timeline.desk.accounts.roles import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from timeline.desk.second_readings import Reading

__all__ = ["cora", "mira"]

HTMX = {"HX-Request": "true", "HX-Target": "view"}

TOO_SOON = """() => document.addEventListener("htmx:afterSettle", () => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
}, { once: true })"""
"""Presses a key as the next statement comes, before anybody can have read it."""


@pytest.fixture
def sample(mira: Colleague) -> str:
    """The address of a sample of four that waits for cora."""
    for day in range(1, 5):
        say(mira, said_at=f"2025-12-0{day}")
    mira.ask()
    return f"{QUEUE}/{mira.sample()}"


def readings(cora: Colleague) -> list[Reading]:
    return cora.services.desk.second_readings.readings(cora.sample())


def test_one_sees_how_far_one_is_and_goes_on_where_one_stopped(
    cora: Colleague, sample: str
) -> None:
    assert "1 of 4" in plain(cora.get(cora.next()).text)
    cora.read("opposes")
    assert cora.next() == f"{sample}/2"
    page = plain(cora.get(f"{sample}/2").text)
    assert "2 of 4" in page
    assert "1 read" in page
    assert "Number 1, read last: opposes Undo" in page


def test_what_is_skipped_comes_again_at_the_end(cora: Colleague, sample: str) -> None:
    assert f'href="{sample}?after=1"' in cora.get(f"{sample}/1").text
    assert cora.get(f"{sample}?after=1").location == f"{sample}/2"
    for place in (2, 3):
        answer = cora.post(f"{sample}/{place}", {"stance": "opposes"})
        assert answer.location == f"{sample}/{place + 1}"
    assert cora.post(f"{sample}/4", {"stance": "opposes"}).location == f"{sample}/1"
    assert "This is the last one" in cora.get(f"{sample}/1").text
    assert cora.post(f"{sample}/1", {"stance": "opposes"}).location == sample


def test_going_back_shows_ones_own_reading_and_nothing_else(cora: Colleague, sample: str) -> None:
    cora.read("supports", note="Rather plain.")
    page = cora.get(f"{sample}/1").text.partition("<main")[2]
    assert "Rather plain." in page
    assert "supports" in plain(page)
    assert "ben" not in page
    assert 'name="stance"' not in page


def test_the_last_reading_is_taken_back_and_its_note_stays(cora: Colleague, sample: str) -> None:
    cora.read("opposes")
    cora.read("supports", note="Rather plain.")
    assert cora.post(f"{sample}/undo", {}).location == f"{sample}/2"
    first, second, *_ = readings(cora)
    assert (first.stance, second.stance, second.read_at) == (-2, None, 0)
    page = cora.get(f"{sample}/2").text
    assert "Rather plain." in page
    assert "checked" not in page.partition("<main")[2]
    assert cora.post(f"{sample}/2", {"stance": "doubts"}).status_code == 303


def test_nothing_is_taken_back_once_all_are_read_or_somebody_has_decided(
    mira: Colleague, cora: Colleague, sample: str
) -> None:
    assert cora.post(f"{sample}/undo", {}).status_code == 422
    cora.read("supports")
    cora.services.desk.second_readings.decide(cora.sample(), 1, 99)
    assert "Undo" not in cora.get(f"{sample}/2").text
    assert cora.post(f"{sample}/undo", {}).status_code == 422
    for _ in range(3):
        cora.read("supports")
    assert cora.post(f"{sample}/undo", {}).status_code == 422
    assert mira.post(f"{sample}/undo", {}).status_code == 404


def test_who_may_take_a_reading_back_does_not_see_how_it_was_coded(mira: Colleague) -> None:
    for day in range(1, 3):
        say(mira, said_at=f"2025-12-0{day}")
    ada = Colleague(mira, "ada", Role.EDITOR)
    mira.services.desk.people.add("ada", "Ada", Role.EDITOR, mira.services.clock())
    mira.ask(coder="ada")
    ada.read("supports")
    assert "2 readings" not in ada.get("/record/agreement/a-union").text
    assert "ben" not in ada.get("/record/agreement/a-union.csv").text
    ada.read("supports")
    assert "ben" in ada.get("/record/agreement/a-union.csv").text


def test_a_reason_for_none_says_that_there_is_none(cora: Colleague, sample: str) -> None:
    assert cora.post(f"{sample}/1", {"no_position_reason": "declined"}).status_code == 303
    first = readings(cora)[0]
    assert (first.stance, first.no_position_reason) == (None, "declined")


def test_htmx_gets_the_next_statement_in_place(cora: Colleague, sample: str) -> None:
    answer = cora.post(f"{sample}/1", {"stance": "opposes"}, **HTMX)
    assert answer.headers["HX-Replace-Url"] == f"{sample}/2"
    assert "2 of 4" in plain(answer.text)
    assert "<main" not in answer.text
    wrong = cora.post(f"{sample}/2", {}, **HTMX)
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


@pytest.mark.journey
def test_a_sample_is_coded_again_by_keys(
    cora: Colleague, sample: str, serve: Serve, page: Page
) -> None:
    page.clock.install()
    page.goto(serve(cora.client.application) + sample)
    keys, at, said = page.keyboard, page.locator(".way-steps b"), page.locator("#said")

    def answer(key: str, then: str) -> None:
        page.clock.fast_forward(1000)
        keys.press(key)
        expect(at).to_have_text(then)
        settled(page)
        expect(said).to_be_focused()

    page.evaluate(TOO_SOON)
    answer("1", "2 of 4")
    answer("0", "3 of 4")
    answer("u", "2 of 4")
    keys.press("n")
    keys.type("Took 15 s: odd.")
    keys.press("Escape")
    answer("9", "3 of 4")
    answer("k", "2 of 4")
    expect(page.get_by_text("Took 15 s: odd.")).to_be_visible()
    answer("s", "3 of 4")
    answer("s", "4 of 4")
    answer("5", "3 of 4")
    page.clock.fast_forward(1000)
    keys.press("3")  # the last one is not sent by itself
    expect(page.get_by_role("button", name="Done")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("1 of 4 read alike.")).to_be_visible()
    told = [
        (reading.stance, reading.no_position_reason, reading.note) for reading in readings(cora)
    ]
    assert told == [
        (-2, "", ""),
        (None, "refuses", "Took 15 s: odd."),
        (0, "", ""),
        (2, "", ""),
    ]
