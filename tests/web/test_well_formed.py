"""What is XML can be read as XML, and what is JSON as JSON, whatever its address carries."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree as ET

import pytest

from tests.attacks.targets import ASKED
from tests.support.tiers import thorough

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper

UNFIT = [
    *(chr(code).encode() for code in (1, 8, 11, 12, 14, 31, 0x7F, 0x85)),
    *("\ufffe".encode(), "\uffff".encode(), "\U0001fffe".encode()),
    *(b"\xed\xa0\x80", b"\xff", b"]]>", b"&lt;\"'<x/>"),
]
"""Bytes of characters that no XML document can hold, or that mean something in it."""


def read(answer: TestResponse) -> str:
    """Read an answer by its type, which is returned; raises where it is not well-formed."""
    kind = answer.mimetype or ""
    if kind.endswith("xml"):
        ET.fromstring(answer.text)  # noqa: S314 - our own answer
    elif kind.endswith("json"):
        json.loads(answer.text)
    return kind


FORM = re.compile(r"<any\((.*)\):form>")


def files(paper: Paper) -> list[str]:
    """Return the path of every file that is XML or JSON, in each of its forms."""
    found = {}
    for rule in paper.app.url_map.iter_rules():
        forms = FORM.search(rule.rule)
        for form in forms[1].split(", ") if forms else [""]:
            path = FORM.sub(form, rule.rule).replace("<reference>", str(paper.numbers["wants"]))
            slug = "bland" if path.startswith("/a/") else "union"
            slug = "talks" if path.startswith("/story") else slug
            found[path.replace("<slug>", slug)] = "<" not in path.replace("<slug>", "")
    kinds = (".atom", ".jsonfeed", ".svg", ".json", ".csl")
    return [path for path, is_whole in found.items() if is_whole and path.endswith(kinds)]


@pytest.mark.few(2)
@pytest.mark.parametrize("unfit", [*UNFIT[:2], *thorough(*UNFIT[2:-3]), *UNFIT[-3:]], ids=ascii)
def test_an_answer_is_well_formed_whatever_stands_in_its_address(
    paper: Paper, unfit: bytes
) -> None:
    carried, kinds = quote_from_bytes(unfit), set()
    for path in files(paper):
        kinds.add(read(paper.open(f"{path}?x={carried}&{carried}=x")))
    assert {"application/atom+xml", "application/feed+json", "image/svg+xml"} <= kinds


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/index.atom", "/t/union.svg"])
def test_no_name_in_an_address_breaks_a_feed_or_a_picture(paper: Paper, path: str) -> None:
    for name in (*ASKED, "\uffff", "x"):
        carried = quote_from_bytes(name.encode())
        read(paper.open(f"{path}?{carried}=a%EF%BF%BF%01b"))


SITE = "Who said what, when, and when it changed."
ABOUT = {
    "/t/union": "Should Aland join the union? When last heard, Bland",
    "/story/talks": "Invented talks. ",
    "/a/aland": "Aland: ",
    "/t/union/why/aland": "On the question “Should Aland join the union?”, Aland accepted",
    "/compare?actor=aland&actor=bland": "Aland and Bland, question by question. Both",
    "/how-to-read": "Standline draws what people said",
    "/": "Standline records what people",
}


def description(page: str) -> str:
    """Return the summary in the head of a page."""
    match = re.search(r'<meta name="description" content="([^"]*)">', page)
    assert match is not None
    return unescape(match[1])


@pytest.mark.parametrize("path", ABOUT)
def test_the_description_of_a_page_is_its_summary(paper: Paper, path: str) -> None:
    told = description(paper.open(path).text)
    assert told.startswith(ABOUT[path])
    assert told != SITE


def test_the_description_of_a_statement_is_its_sentence_in_the_readers_language(
    paper: Paper,
) -> None:
    path = f"/s/{paper.numbers['still']}"
    english = description(paper.open(path).text)
    german = description(paper.open(path, Accept_Language="de").text)
    assert "Bland" in english
    assert english != german
    assert SITE not in (english, german)


def test_the_description_shows_no_words_that_are_withheld(paper: Paper) -> None:
    number = paper.numbers["still"]
    paper.newsroom.statements.retract(paper.dora(), number, "Asked for.", withhold=True)
    assert "Wants it still" not in description(paper.open(f"/s/{number}").text)
