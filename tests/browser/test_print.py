"""Topics, stories and actors on paper: what the page shows, whole, with addresses."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

PAPER = 695
"""Pixels of the text on A4."""

WORDS_OF_A_SHEET = 16
"""Fewer on a sheet of paper are a blank one, with a line of the frame at most."""


@pytest.mark.parametrize("topic", ["eu-accession", "cuba-embargo"])
def test_on_paper_the_time_of_the_grid_is_that_of_the_lanes(reader: NewReader, topic: str) -> None:
    me = reader()
    me.go(f"/t/{topic}")
    me.page.emulate_media(media="print")
    me.page.set_viewport_size({"width": PAPER, "height": 1_000})
    grid = me.find(".chart-grid").bounding_box()
    assert grid is not None
    plots = me.find(".lane-plot").all()
    assert len(plots) > 2
    for plot in plots:
        box = plot.bounding_box()
        assert box is not None
        assert abs(box["x"] - grid["x"]) < 1
        assert abs(box["width"] - grid["width"]) < 1


def printed(me: Reader) -> list[str]:
    """Print a page on A4, and return the text of each sheet."""
    pdf = PdfReader(io.BytesIO(me.page.pdf(format="A4")))
    return [page.extract_text() for page in pdf.pages]


@pytest.mark.parametrize("path", ["/t/cuba-embargo", "/story/berlin-talks", "/a/donald-trump"])
def test_no_sheet_of_a_page_is_blank(reader: NewReader, whole: str, path: str) -> None:
    me = reader(whole)
    me.go(path)
    assert [len(one.split()) for one in printed(me) if len(one.split()) <= WORDS_OF_A_SHEET] == []


def test_of_very_many_entries_paper_has_the_first_and_says_where_all_are(reader: NewReader) -> None:
    me = reader()
    me.go("/t/cuba-embargo")
    text = " ".join(printed(me))
    assert len(set(re.findall(r"/s/(\d+)@", text))) > 100
    assert "/t/cuba-embargo?view=table" in text


APOSTROPHE = "\u02bc"
"""The letter that a PDF may take an apostrophe for, as their glyphs are one."""

SHOWN = {
    "/story/berlin-talks": (
        *("h1", "h2", ".story-lede", ".turning-told h3", ".turning-signed", ".turning .quote"),
        *(".turning .paraphrase", ".story-questions a"),
    ),
    "/a/donald-trump": (
        *("h1", "h2", ".facts", ".actor-sums dt", ".pair h3", ".pair .quote", ".pair .paraphrase"),
        *(
            ".pair-axis span",
            ".lane-name",
            ".position-list a",
            ".entry .quote",
            ".entry .paraphrase",
        ),
    ),
}
"""By page what a reader reads there, each of which is on it."""


@pytest.mark.parametrize("path", SHOWN)
def test_a_story_and_an_actor_print_what_their_page_shows(
    reader: NewReader, whole: str, path: str
) -> None:
    me = reader(whole)
    me.go(path)
    texts = {one: me.page.locator(f"main {one}").all_text_contents() for one in SHOWN[path]}
    assert [one for one, text in texts.items() if not text] == []
    paper = letters(" ".join(printed(me)))
    assert [
        (one, text) for one, found in texts.items() for text in found if letters(text) not in paper
    ] == []


def letters(text: str) -> str:
    """Return letters and digits alone: paper breaks lines and words as it needs to."""
    return "".join(one for one in text if one.isalnum() and one != APOSTROPHE)


def test_a_story_told_in_short_is_printed_day_by_day(reader: NewReader, whole: str) -> None:
    me = reader(whole)
    me.go("/story/berlin-talks?from=2025&to=2025&open=all")
    days = me.page.locator(".turn-said, .turn-topic, .happening p:first-child")
    told = {letters(content) for content in days.all_text_contents()}
    assert len(told) > 20
    me.go("/story/berlin-talks?from=2025&to=2025")
    assert me.page.locator(".month-fold").count() > 5
    paper = letters(" ".join(printed(me)))
    # What two sheets share is not in one piece.
    missing = [one for one in told if one[:30] not in paper or one[-30:] not in paper]
    assert missing == []


@pytest.mark.parametrize("path", ["/t/eu-accession", "/s/4972"])
def test_what_can_only_be_clicked_is_not_printed(reader: NewReader, whole: str, path: str) -> None:
    me = reader(whole)
    me.go(path)
    me.page.emulate_media(media="print")
    controls = "button, input:not([readonly]), select, summary, pre, a[href^='/record']"
    seen = me.page.locator("main").locator(controls).locator("visible=true")
    assert seen.all_text_contents() == []


@pytest.mark.parametrize("path", ["/t/eu-accession", "/story/berlin-talks", "/a/donald-trump"])
def test_statements_on_paper_have_their_addresses(reader: NewReader, whole: str, path: str) -> None:
    me = reader(whole)
    me.go(path)
    places = ".turning-who, .pair-facts, .entry-aside"
    quoted = me.page.locator("main").locator(places).locator(".permalink").all()
    addresses = [
        locator.get_attribute("data-url") or locator.get_attribute("href") for locator in quoted
    ]
    numbers = {str(address).rpartition("/")[2].partition("@")[0] for address in addresses}
    assert len(numbers) > 5
    assert numbers <= set(re.findall(r"/s/(\d+)@", letters_and_marks(printed(me))))


def letters_and_marks(sheets: list[str]) -> str:
    return "".join("".join(sheets).split())


@pytest.mark.parametrize(
    "path",
    [
        "/t/eu-accession?as_of=2025-06-30",
        "/story/berlin-talks?as_of=2025-06-30",
        "/a/donald-trump?as_of=2025-06-30",
    ],
)
def test_a_past_moment_says_on_paper_that_it_is_one(
    reader: NewReader, whole: str, path: str
) -> None:
    me = reader(whole)
    me.go(path)
    text = " ".join(" ".join(printed(me)).split())
    assert "You are looking at the past" in text
    assert "30 Jun 2025" in text
    assert "Back to now" not in text
