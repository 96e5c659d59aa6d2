"""Frames for other people's pages: small, without script, and the only pages that may be framed."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page

if TYPE_CHECKING:
    from tests.web.markup import Element
    from tests.web.paper import Paper
    from tests.web.site import Site

pytestmark = pytest.mark.thorough


def offered(site: Site, path: str) -> str:
    """Return the HTML that a page offers to paste."""
    texts = site.page(path).texts
    return "".join(text.text for text in texts if any(it.has(id="frame") for it in text.around))


def frame(pasted: str) -> Element:
    """Return the frame that pasted HTML makes, and see that it makes nothing else."""
    page = Page(pasted)
    assert page.texts == []
    return page.one()


@pytest.mark.parametrize(
    "path", ["/t/union", "/s/{n}", "/t/nothing", "/s/999999", "/t/%00", "/s/x"]
)
def test_frames_and_nothing_else_may_stand_on_other_sites(paper: Paper, path: str) -> None:
    path = path.format(n=paper.numbers["yes"])
    framed = paper.open(f"/embed{path}").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed
    assert "script-src" not in framed
    assert "frame-ancestors 'none'" in paper.open(path).headers["Content-Security-Policy"]


def test_a_path_that_only_looks_like_a_frame_may_not_be_framed(paper: Paper) -> None:
    for path in ("/embed", "/embed/", "/embed/a/aland", "/embed/t/union/why/aland"):
        answer = paper.open(path)
        assert answer.status_code == 404
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/embed/t/union", "/embed/s/{n}", "/embed/t/nothing"])
def test_a_frame_runs_nothing_and_asks_for_nothing(paper: Paper, path: str) -> None:
    answer = paper.open(path.format(n=paper.numbers["yes"]))
    assert "<script" not in answer.text
    assert "<form" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_links_of_a_frame_open_beside_the_page_around_it(paper: Paper) -> None:
    page = paper.open("/embed/t/union").text
    assert '<base target="_blank">' in page
    for mark in re.findall(r'<a class="point[^>]*>', page):
        assert 'target="_blank"' in mark
    assert 'target="_blank"' not in paper.open("/t/union").text


def test_a_topic_in_a_frame_has_its_question_and_lanes_and_leads_to_the_page(paper: Paper) -> None:
    page = paper.open("/embed/t/union").text
    text = paper.read("/embed/t/union")
    assert "Should Aland join the union?" in text
    assert [one for one in ("Aland", "Bland", "Cland") if one in text] == [
        "Aland",
        "Bland",
        "Cland",
    ]
    assert "accepts" in text
    assert "What the signs mean supports accepts" in text
    assert 'href="/t/union"' in page


def test_a_frame_shows_the_actors_and_the_moment_that_its_address_names(paper: Paper) -> None:
    page = paper.open("/embed/t/union?actor=aland&as_of=2025-08-01").text
    text = paper.read("/embed/t/union?actor=aland&as_of=2025-08-01")
    assert "opposes" in text
    assert "Bland" not in text
    assert "as of 1 Aug 2025" in text
    assert 'href="/t/union?actor=aland&amp;as_of=2025-08-01"' in page
    first = paper.numbers["no"]
    early = paper.read(f"/embed/t/union?known_at=@{first}")
    assert "Bland" not in early
    assert f"known at event {first} of the log" in early


def test_of_many_lanes_a_frame_shows_those_that_changed_last_and_counts_the_others(
    demo: Site,
) -> None:
    text = demo.read("/embed/t/cuba-embargo")
    assert "Brazil" in text
    assert "Ukraine" in text
    assert demo.open("/embed/t/cuba-embargo").text.count('class="row lane') == 6
    assert "and 14 more actors" in text


def test_a_topic_without_words_says_so_in_the_frame(paper: Paper) -> None:
    assert "No statement is on record here yet." in paper.read("/embed/t/union?as_of=1999-01-01")


def test_a_statement_in_a_frame_stands_with_its_proof(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page, text = paper.open(f"/embed/s/{number}").text, paper.read(f"/embed/s/{number}")
    assert "Dora Example (Aland) on “Should Aland join the union?”" in text
    assert "Dora Example" in text
    assert 'class="quoted-words"' in page
    assert "nous ne nous opposons pas" in text
    assert "translation we do not oppose" in text
    assert "Invented Times" in text
    assert f'href="/s/{number}"' in page


def test_reported_words_in_a_frame_have_no_quotation_marks(paper: Paper) -> None:
    page = paper.open(f"/embed/s/{paper.numbers['circles']}").text
    assert "quoted-words" not in page
    assert "second-hand, via government circles" in page
    assert "könnte" in page


def test_a_version_in_a_frame_stays_as_it_was_and_leads_to_the_latest(paper: Paper) -> None:
    number = paper.numbers["wants"]
    room = paper.newsroom
    room.statements.correct(
        paper.dora(), number, {"paraphrase": "Wants it, soon."}, "A word was missing."
    )
    then = paper.read(f"/embed/s/{number}@{number}")
    assert "Wants it." in then
    assert "You are looking at an earlier version." in then
    assert "Wants it, soon." in paper.read(f"/embed/s/{number}")
    assert paper.open(f"/embed/s/{number}@999999").status_code == 404


def test_a_retracted_statement_says_so_in_every_frame(paper: Paper) -> None:
    number = paper.numbers["wants"]
    paper.newsroom.statements.retract(paper.dora(), number, "It was somebody else.")
    text = paper.read(f"/embed/s/{number}")
    assert f"Number {number} was retracted." in text
    assert "It was somebody else." in text


def test_withheld_words_are_in_no_frame_and_in_no_offer_of_one(paper: Paper) -> None:
    number = paper.numbers["wants"]
    paper.newsroom.statements.retract(paper.dora(), number, "By order.", withhold=True)
    assert "Wants it." not in paper.open(f"/embed/s/{number}").text
    assert "The words are withheld." in paper.read(f"/embed/s/{number}")
    assert "Wants it." not in paper.open("/embed/t/union").text


def test_a_development_in_a_frame_says_when_and_according_to_whom(paper: Paper) -> None:
    text = paper.read(f"/embed/s/{paper.numbers['end']}")
    assert "Talks in the capital end without a text" in text
    assert "14 Dec 2025" in text


def test_the_address_of_a_frame_says_how_it_looks_and_speaks_for_no_cookie_reaches_it(
    paper: Paper,
) -> None:
    paper.reader.set_cookie("theme", "light")
    paper.reader.set_cookie("lang", "en")
    page = paper.open("/embed/t/union?theme=dark&lang=de").text
    assert '<html lang="de" data-theme="dark"' in page
    assert "Stand vom" in page
    assert '<html lang="en" data-theme="auto"' in paper.open("/embed/t/union?theme=loud").text
    assert 'data-theme="light"' in paper.open("/s/8?theme=dark").text


def test_a_topic_offers_its_frame_as_html_that_any_page_can_hold(paper: Paper) -> None:
    given = frame(offered(paper, "/t/union?actor=aland&sort=name&as_of=2025-08-01"))
    assert given.tag == "iframe"
    assert given["src"] == "http://localhost/embed/t/union?actor=aland&as_of=2025-08-01&lang=en"
    assert given["title"] == "Should Aland join the union?"
    assert paper.open(given["src"]).status_code == 200


def test_a_statement_offers_a_frame_of_the_version_that_is_shown(paper: Paper) -> None:
    number = paper.numbers["yes"]
    latest = frame(offered(paper, f"/s/{number}"))
    fixed = frame(offered(paper, f"/s/{number}@{number}"))
    assert latest["src"] == f"http://localhost/embed/s/{number}?lang=en"
    assert fixed["src"] == f"http://localhost/embed/s/{number}@{number}?lang=en"


def test_a_name_cannot_break_out_of_the_html_that_is_offered(paper: Paper) -> None:
    evil = '"><script>alert(1)</script>'
    paper.newsroom.topics.open(paper.dora(), f"Is {evil} a question?", "claim", slug="evil")
    pasted = offered(paper, "/t/evil")
    assert frame(pasted)["title"] == f"Is {evil} a question?"
    assert "<script>alert" not in paper.open("/t/evil").text
    assert "<script>alert" not in paper.open("/embed/t/evil").text


def test_the_code_that_is_offered_can_be_light_or_dark_for_good(paper: Paper) -> None:
    for path in (f"/s/{paper.numbers['yes']}", "/t/union", "/t/union?actor=aland"):
        page = paper.open(path).text
        for theme in ("light", "dark"):
            code = unescape(
                unescape(page.partition(f'id="frame-{theme}"')[2].partition("</pre>")[0])
            )
            address = re.search(r'src="http://localhost(/embed/[^"]*)"', code)
            assert address is not None
            assert f'data-theme="{theme}"' in paper.open(address[1]).text


def test_the_code_that_is_offered_keeps_the_language_in_which_it_was_taken(paper: Paper) -> None:
    for path in (f"/s/{paper.numbers['yes']}", "/t/union?actor=aland"):
        for lang, other in (("de", "en"), ("en", "de")):
            page = unescape(unescape(paper.open(path, Accept_Language=lang).text))
            found = re.findall(r'<iframe src="http://localhost(/embed/[^"]*)"', page)
            assert len(found) > 1
            for address in found:
                framed = paper.open(address, Accept_Language=other).text
                assert f'<html lang="{lang}"' in framed


def test_a_frame_of_a_topic_is_as_high_as_its_question_and_its_lanes_are(demo: Site) -> None:
    def height(path: str) -> int:
        match = re.search(r'class="embed-preview"[^>]* height="(\d+)"', demo.open(path).text)
        assert match
        return int(match[1])

    long, brief = height("/t/right-to-development"), height("/t/eu-accession?actor=russia")
    assert long > 820
    assert 260 < brief < 320


def test_a_frame_of_a_statement_is_high_enough_for_all_that_it_says(paper: Paper) -> None:
    brief, long = (
        paper.say(name, "bland", "supports", "2025-12-10", paraphrase="Wants it. " * times)
        for name, times in (("brief", 1), ("long", 20))
    )
    heights = [
        int(match[1])
        for number in (brief, long)
        if (
            match := re.search(
                r'class="embed-preview"[^>]* height="(\d+)"', paper.open(f"/s/{number}").text
            )
        )
    ]
    assert heights[0] >= 400
    assert heights[1] - heights[0] >= 190 // 40 * 24
