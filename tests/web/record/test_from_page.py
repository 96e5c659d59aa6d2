"""A bookmark in the browser sends what is selected on a page to the workbench."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import expect

from web.record.workbench.filling import MOST_SENT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

SAID = "Dora Example called it “a good day” & more."
ARTICLE = f"""<!doctype html><html lang="en-GB"><head><title>Talks go on - Invented Post</title>
<meta property="og:title" content="Talks go on">
<meta property="og:site_name" content="Invented Post">
<meta property="article:published_time" content="2025-12-15T18:00:00+01:00">
<link rel="canonical" href="https://post.example/talks"></head>
<body><nav>Menu</nav><article><p>The talks went on.</p><p id="said">{SAID}</p></article></body>"""
SELECT = """() => getSelection().selectAllChildren(document.querySelector("#said"))"""
SOURCE = {
    "source.url": "https://post.example/talks",
    "source.outlet": "Invented Post",
    "source.title": "Talks go on",
    "source.published_at": "2025-12-15",
    "source.lang": "en",
}


@pytest.fixture
def site(desk: Desk, serve: Serve) -> str:
    return serve(desk.client.application)


@pytest.fixture
def newspaper(serve: Serve) -> str:
    """The address of a page elsewhere."""
    app = Flask("newspaper")
    app.add_url_rule("/", view_func=lambda: ARTICLE)
    return serve(app)


def sent(page: Page, site: str, newspaper: str, select: str = "") -> Page:
    """Make the bookmark, go to the page elsewhere and click it there; return what opens."""
    page.goto(f"{site}/record/text")
    expect(page.locator("#bookmark")).to_be_visible()
    address = page.locator("#bookmark").get_attribute("href") or ""
    scheme, _, program = unquote(address).partition(":")
    assert scheme == "javascript"
    page.goto(newspaper)
    if select:
        page.evaluate(select)
    with page.context.expect_page() as opened:
        page.evaluate(program)
    return opened.value


def test_what_is_selected_comes_with_what_the_page_says_of_itself(
    site: str, newspaper: str, page: Page
) -> None:
    form = sent(page, site, newspaper, SELECT)
    expect(form.locator('[name="text"]')).to_have_value(SAID)
    for name, value in SOURCE.items():
        expect(form.locator(f'[name="{name}"]')).to_have_value(value)
    form.click('button:has-text("Open the text")')
    expect(form.locator("#bench")).to_be_visible()


def test_without_a_selection_the_article_comes(site: str, newspaper: str, page: Page) -> None:
    form = sent(page, site, newspaper)
    expect(form.locator('[name="text"]')).to_have_value(f"The talks went on.\n\n{SAID}")


def test_a_text_that_is_kept_opens_at_the_words(site: str, newspaper: str, page: Page) -> None:
    form = sent(page, site, newspaper)
    form.click('button:has-text("Open the text")')
    expect(form.locator("#bench")).to_be_visible()
    bench = sent(page, site, newspaper, SELECT)
    expect(bench.locator("#here")).to_contain_text("Dora Example called it")


def test_words_that_the_kept_text_has_not_lead_to_its_beginning(desk: Desk) -> None:
    desk.post("/record/text", SOURCE | {"text": "The talks\nwent on. Nobody spoke."})
    kept = {**SOURCE, "words": "went on.  Nobody"}
    answer = desk.client.get("/record/text", query_string=kept)
    assert answer.location.endswith("?at=10-25#here")
    answer = desk.client.get("/record/text", query_string=kept | {"words": "(gone"})
    assert answer.status_code == 303
    assert "?" not in answer.location


def test_of_a_long_page_it_is_said_how_much_came_along(desk: Desk, page: Page) -> None:
    shown = desk.client.get("/record/text", query_string={"of": "250000"}).text
    assert "The page has 250,000 characters, and the bookmark brings the first 100,000." in shown
    program = desk.get("/record/text").text.partition('data-program="')[2].partition('"')[0]
    page.set_content(f"<article>{'Ä' * 100_001}</article>")
    page.evaluate("window.open = (address) => { window.sent = address; }")
    page.evaluate(f"({unescape(program)})('https://desk.example/record/text')")
    sent_there = page.evaluate("sent")
    assert "of=100001" in sent_there
    assert len(unquote(sent_there.partition("#text=")[2])) == MOST_SENT
    page.set_content("<article>Short.</article>")
    page.evaluate(f"({unescape(program)})('https://desk.example/record/text')")
    assert "of=" not in page.evaluate("sent")


def test_what_a_page_sends_is_only_looked_at(desk: Desk) -> None:
    before = desk.head()
    odd = {"source.outlet": "<b>\u202eX", "source.url": "javascript:x()", "stance": "supports"}
    answer = desk.client.get("/record/text", query_string=odd)
    assert answer.status_code == 200
    assert "&lt;b&gt;X" in answer.text
    assert desk.head() == before
    assert desk.services.desk.texts.waiting() == []
