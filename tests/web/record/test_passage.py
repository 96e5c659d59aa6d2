"""Exact words of a source, taken by dragging the mouse across them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from timeline.domain.document import DocumentSnapshotTaken
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

# The first letter is written with a combining accent, and two characters are beyond 16 bits.
ARTICLE = (
    "E\u0301tienne 🕊 came. Dora Example called it „a 🕊 good day“ for all of them. Nobody else"
    " spoke.\n\nThe talks went on without them."
)
KEPT = ARTICLE.replace("E\u0301", "É")

PLACES = """([first, last]) => {
  const walk = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  const letters = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    for (let at = 0; at < node.length; at += 1) letters.push([node, at]);
  const text = letters.map(([node, at]) => node.data[at]).join("");
  const rect = (place) => {
    const [node, at] = letters[place], range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const begin = rect(text.indexOf(first));
  const end = rect(text.lastIndexOf(last) + last.length - 1);
  return [begin.left + 1, begin.top + begin.height / 2, end.right - 1, end.top + end.height / 2];
}"""


@pytest.fixture
def site(desk: Desk, serve: Serve) -> str:
    return serve(desk.client.application)


@pytest.fixture
def form(site: str, page: Page) -> Page:
    """The workbench with the article on it."""
    page.set_viewport_size({"width": 1440, "height": 1600})
    open_text(page, site, ARTICLE)
    return page


def open_text(page: Page, site: str, text: str) -> None:
    """Paste a text and open it, and wait until keys are answered."""
    page.goto(f"{site}/record/text")
    page.fill('[name="text"]', text)
    page.fill('[name="source.outlet"]', "Invented Post")
    page.fill('[name="source.published_at"]', "16 Dec 2025")
    page.fill('[name="source.lang"]', "en")
    page.click('button:has-text("Open the text")')
    expect(page.locator("#bench")).to_be_visible()
    page.wait_for_load_state("domcontentloaded")


def places(page: Page, first: str, last: str) -> list[float]:
    """Return where some words begin and where others end, in pixels."""
    found: list[float] = page.evaluate(PLACES, [first, last])
    return found


def pull(page: Page, x: float, y: float, to_x: float, to_y: float) -> None:
    """Drag the mouse from one place to another."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=4)
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()


def drag(page: Page, first: str, last: str) -> None:
    pull(page, *places(page, first, last))


def span(words: str) -> str:
    """Return the offsets of words as the record counts them."""
    start = KEPT.index(words)
    return f"{start}-{start + len(words)}"


def chosen(page: Page) -> Any:  # noqa: ANN401 - what a script answers
    return page.evaluate("new FormData(document.querySelector('#rec')).get('passage')")


def test_words_dragged_across_are_the_passage_to_the_character(form: Page) -> None:
    drag(form, "called", "good")
    expect(form.locator("mark.sentence-chosen")).to_have_text("called it „a 🕊 good")
    assert chosen(form) == span("called it „a 🕊 good")
    expect(form.locator("mark.sentence-chosen .sentence-quoted")).to_have_text("a 🕊 good")
    expect(form.locator('[name="quote.text"]')).to_have_value("a 🕊 good")
    expect(form.locator('[name="attribution"][value="quoted"]')).to_be_checked()


def test_words_that_the_source_does_not_quote_get_no_yellow(form: Page) -> None:
    drag(form, "called", "called it")
    expect(form.locator("mark.sentence-chosen")).to_have_text("called it")
    expect(form.locator('[name="attribution"][value="reported"]')).to_be_checked()
    expect(form.locator("mark.sentence-chosen .sentence-quoted")).to_have_count(0)


def test_a_drag_may_cross_sentences_and_end_outside_the_text(form: Page) -> None:
    x, y, to_x, to_y = places(form, "Nobody", "them.")
    pull(form, x, y, to_x + 60, to_y + 30)
    words = "Nobody else spoke.\n\nThe talks went on without them."
    expect(form.locator("mark.sentence-chosen")).to_have_count(2)
    assert chosen(form) == span(words)
    expect(form.locator("#now-h")).to_have_text("2 sentences")


def test_spaces_at_the_ends_of_a_drag_are_left_out(form: Page) -> None:
    drag(form, " it", " „")
    expect(form.locator("mark.sentence-chosen")).to_have_text("it „")
    drag(form, " called", "it ")
    expect(form.locator("mark.sentence-chosen")).to_have_text("called it")


def test_a_click_opens_the_whole_sentence_again(form: Page) -> None:
    drag(form, "called", "called it")
    expect(form.locator("mark.sentence-chosen")).to_have_text("called it")
    form.locator(".sentence").nth(1).click()
    expect(form.locator("mark.sentence-chosen")).to_contain_text("for all of them.")
    assert chosen(form) == span(form.locator(".sentence").nth(1).inner_text())


def test_what_is_selected_elsewhere_is_no_passage(form: Page) -> None:
    before = chosen(form)
    form.get_by_role("heading", level=1).dblclick()
    form.wait_for_timeout(900)
    assert chosen(form) == before


def test_exact_words_are_recorded_where_they_stand_in_the_text(desk: Desk, form: Page) -> None:
    drag(form, "good", "day")
    expect(form.locator('[name="quote.text"]')).to_have_value("good day")
    form.fill('[name="actor"]', "Bland")
    form.fill('[name="said_at"]', "15 Dec 2025")
    form.select_option('[name="topic"]', "a-union")
    form.locator('[name="stance"][value="supports"]').check(force=True)
    form.click('button:has-text("Save draft")')
    expect(form.locator("mark.sentence-chosen")).to_have_text("good day")
    expect(form.locator('[name="stance"][value="supports"]')).to_be_checked()
    form.click("#send")
    expect(form.locator(".bench-just")).to_be_visible()
    said = next(event for event in desk.events() if isinstance(event, StatementRecorded)).content
    kept = next(
        event for event in desk.events() if isinstance(event, DocumentSnapshotTaken)
    ).content
    assert said is not None
    assert said.quote is not None
    assert kept is not None
    assert kept.text[said.quote.start : said.quote.end] == "good day"
    assert kept.text.index("good day") == said.quote.start
    number = desk.types().index("statement.recorded") + 1
    expect(form.locator(".source-text .sentence-number")).to_have_text(str(number))
    expect(form.locator(".sentence-recorded")).to_have_text("good day")


@pytest.mark.parametrize("width", [1440, 1024])
def test_a_long_text_stays_where_it_was_when_words_are_taken(
    site: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    more = "\n\n".join(f"Speaker {n} called it “a day of {n} hours” for all." for n in range(99))
    open_text(page, site, more)
    page.locator(".sentence").nth(80).scroll_into_view_if_needed()
    down = page.evaluate("scrollY")
    assert down > 1_000
    drag(page, "day of 80", "80 hours")
    expect(page.locator("#f-quote-text")).to_have_value("day of 80 hours")
    assert page.evaluate("scrollY") == pytest.approx(down, abs=5)


def test_without_script_the_sentence_that_was_taken_is_in_sight(
    site: str, without_script: Page
) -> None:
    page = without_script
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, site, "\n\n".join(f"Speaker {n} spoke to all." for n in range(99)))
    page.locator(".sentence").nth(80).click()
    expect(page.locator(".sentence").nth(80)).to_be_in_viewport()
    expect(page.locator(".sentence").nth(80)).to_have_attribute("aria-current", "true")
    expect(page.locator("#send")).to_be_in_viewport()
