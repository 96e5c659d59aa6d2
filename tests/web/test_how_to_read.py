"""How to read this: pictures that the chart draws, and real words where there are some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import Site, plain
from tests.web.test_home import quote
from timeline.application.commands import Quoted, Source
from timeline.bootstrap import open_store
from web.how_to_read.answers import annotated

if TYPE_CHECKING:
    from tests.web.paper import Paper

PATH = "/how-to-read"
STANCES = ("supports", "accepts", "undecided", "doubts", "opposes")


def section(page: str, name: str) -> str:
    """Return the markup of one section."""
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def test_the_contents_lead_to_every_section(paper: Paper) -> None:
    page = paper.page(PATH)
    named = [link.removeprefix("#") for link in page.links() if link.startswith("#")]
    sections = [element["id"] for element in page.find("section")]
    assert named[1:] == sections
    assert len(sections) == 11


@pytest.mark.parametrize("sign", ["earlier", "capsule", "knot-box", "pin"])
def test_signs_of_what_has_no_room_are_told(paper: Paper, sign: str) -> None:
    assert f'class="{sign}"' in section(paper.open(PATH).text, "time")


def test_every_number_on_the_line_has_its_note_in_order(paper: Paper) -> None:
    line = section(paper.open(PATH).text, "line")
    numbers = re.findall(r'class="guide-number".*?text-anchor="middle">(\d)', line, re.DOTALL)
    notes = re.findall(r"<li>.*?</li>", line.partition('class="guide-notes"')[2], re.DOTALL)
    assert numbers == [str(n) for n in range(1, len(notes) + 1)]
    assert all(plain(note) for note in notes)
    assert plain(notes[0]) == "First words. A dotted step: there was nothing to change from."


def test_the_line_shows_everything_that_it_notes() -> None:
    found = annotated()
    assert {note.what for note in found.notes} == {
        "first",
        "band",
        "stale",
        "change",
        "wide",
        "other",
        "condition",
        "break",
    }
    assert all(0 <= note.x <= 100 for note in found.notes)
    assert all(0 < note.y < found.line.drawing.height for note in found.notes)


def test_pictures_are_drawn_by_the_chart(paper: Paper) -> None:
    page = paper.open(PATH).text
    lines = section(page, "lines")
    assert lines.count("<svg") == 8
    for drawn in (
        "line-5 stale",
        "line-4 second",
        "area-mixed",
        'riser"',
        "riser step",
        "#voice-5",
        "#m-diff",
    ):
        assert drawn in lines
    assert "tail" in section(page, "clocks")
    assert "beside" in section(page, "ranks")


def test_answers_stand_with_quoted_words_of_one_question(paper: Paper) -> None:
    for day, stance in enumerate(STANCES, 1):
        quote(paper, stance, stance, f"2025-12-0{day}")
    found = section(paper.open(PATH).text, "answers")
    assert "The examples answer Should Aland join the union?" in plain(found)
    words = re.findall(r'class="quoted-words">([^<]+)', found)
    assert words == [f"“I say that it is so on 2025-12-0{day}”" for day in range(1, 6)]
    numbers = [f"/s/{paper.numbers[stance]}" for stance in STANCES]
    assert [link for link in Page(found).links() if link.startswith("/s/")] == numbers


def test_what_no_quoted_words_say_stands_without_an_example(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    found = section(paper.open(PATH).text, "answers")
    assert "quoted-words" not in found
    assert "The examples answer" not in plain(found)
    assert all(stance in plain(found) for stance in STANCES)


def test_retracted_words_are_no_examples(paper: Paper) -> None:
    number = quote(paper, "yes of old", "supports", "2025-12-01", actor="cland")
    quote(paper, "no of old", "opposes", "2025-12-02", actor="cland")
    assert section(paper.open(PATH).text, "answers").count("quoted-words") == 2
    paper.newsroom.statements.retract(paper.dora(), number, "Not said.")
    assert section(paper.open(PATH).text, "answers").count("quoted-words") == 1


@pytest.mark.parametrize("kind", ["mirror", "sanctioned"])
def test_words_of_a_mirror_or_of_media_under_sanction_are_no_examples(
    paper: Paper, kind: str
) -> None:
    copy = Source(outlet="Invented Copies", outlet_kind=kind)
    quote(paper, "yes of old", "supports", "2025-12-01", actor="cland", source=copy)
    quote(paper, "no of old", "opposes", "2025-12-02", actor="cland")
    found = section(paper.open(PATH).text, "answers")
    assert found.count("quoted-words") == 1
    assert "Invented Copies" not in found


def test_words_of_the_readers_language_come_first(paper: Paper) -> None:
    quote(paper, "english", "supports", "2025-12-01", actor="cland")
    quote(paper, "turned", "opposes", "2025-12-02", actor="cland")
    words = Quoted(text="Das sage ich hier, und das sage ich heute.", lang="de", wording="original")
    german = paper.say("german", "bland", "supports", "2025-11-01", quote=words)
    for language, number in (("de", german), ("en", paper.numbers["english"])):
        found = section(paper.open(PATH, **{"Accept-Language": language}).text, "answers")
        assert f"/s/{number}" in Page(found).links()


def test_an_empty_record_has_the_page_too(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    assert Site(services).open(PATH).status_code == 200
    services.close()


@pytest.mark.parametrize("path", ["/", "/t/union", "/a/bland"])
def test_home_and_legends_lead_there(paper: Paper, path: str) -> None:
    links = Page(paper.open(path).text.partition("<main")[2].partition("</main>")[0]).links()
    assert PATH in links


def test_the_german_page_has_german_words_for_everything(paper: Paper) -> None:
    english = {plain(one) for one in re.findall(r"<b>.*?</b>", paper.open(PATH).text)}
    german = {
        plain(one)
        for one in re.findall(r"<b>.*?</b>", paper.open(PATH, **{"Accept-Language": "de"}).text)
    }
    assert english & german == set()
