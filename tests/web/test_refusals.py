from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.web.test_translations import TRANSLATED, messages
from web.wording.extraction import refusals
from web.wording.refusals import CONTEXT, in_words

if TYPE_CHECKING:
    from tests.web.paper import Paper


def read(source: str) -> list[str]:
    """Return what a module may refuse, as the catalogues hold it."""
    return [template for _, template in refusals(ast.parse(source))]


def test_a_missing_topic_is_refused_in_the_readers_language(paper: Paper) -> None:
    assert "There is no topic “unio”." in paper.read("/t/unio")
    assert "Es gibt kein Thema „unio“." in paper.read("/t/unio", Accept_Language="de")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/s/9999", "Es gibt keinen Eintrag Nummer 9999. Nummern haben Lücken"),
        ("/t/union?asof=xx", "„xx“ ist kein Datum, das wir lesen können."),
        ("/t/union?known=@x", "„@x“ ist keine Stelle im Protokoll."),
        ("/t/union?sort=x", "In der Adresse bedeutet sort=x nichts."),
        ("/t/union?sort=x", "Möglich sind: side, changed, stance, name"),
        ("/corrections?before=x", "„x“ ist keine Stelle im Protokoll."),
        ("/t/union?s=x", "Das ist keine ganze Zahl."),
    ],
)
def test_so_is_what_makes_no_sense_in_an_address(paper: Paper, path: str, told: str) -> None:
    assert told in paper.read(path, Accept_Language="de")


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_refusal_is_found_again_by_its_pattern(paper: Paper, lang: str) -> None:
    with paper.app.test_request_context(headers={"Accept-Language": lang}):
        for message in messages(lang):
            if message.context != CONTEXT:
                continue
            names = re.findall(r"%\((\w+)\)s", str(message.id))
            values = {name: f"Xy{place}" for place, name in enumerate(names)}
            assert in_words(str(message.id) % values) == str(message.string) % values


def test_a_part_of_a_refusal_is_translated_too(paper: Paper) -> None:
    told = "the text contains a control character, U+0000, in place 3"
    with paper.app.test_request_context(headers={"Accept-Language": "de"}):
        assert in_words(told) == "der Text enthält ein Steuerzeichen, U+0000, an Stelle 3"
    with paper.app.test_request_context():
        assert in_words(told) == told


def test_what_no_catalogue_holds_is_told_as_it_is(paper: Paper) -> None:
    with paper.app.test_request_context(headers={"Accept-Language": "de"}):
        assert in_words("something else altogether") == "something else altogether"


def test_refusals_are_found_in_sources_with_what_varies_left_open() -> None:
    source = """
def refuse(name, choices):
    if choices:
        raise Refused("nobody", fix="use one of: " + ", ".join(choices))
    msg = f"{name!r} is no name; {len(name)}%"
    what, fix = "a sign", "leave it out"
    raise NotFound(f"it has {what}", fix=fix) from Conflict(msg, fix=_fix(name))

def _fix(name):
    return f"try {name.upper()}" if name else "give one"

def unrelated():
    raise ValueError("no refusal")
"""
    assert set(read(source)) == {
        "nobody",
        "use one of: %(rest)s",
        "%(name)s is no name; %(rest)s%%",
        "it has %(what)s",
        "a sign",
        "leave it out",
        "try %(rest)s",
        "give one",
    }


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        ("foo", "“foo”", "„foo“"),
        ("it's", "“it's”", "„it's“"),
        ('it\'s "so"', '“it\'s "so"”', '„it\'s "so"“'),
        ("50 %", "“50 %”", "„50 %“"),
    ],
)
def test_what_the_domain_quotes_has_the_marks_of_the_readers_language(
    paper: Paper, value: str, english: str, german: str
) -> None:
    told = f"there is no topic {value!r}"
    with paper.app.test_request_context():
        assert in_words(told) == f"there is no topic {english}"
    with paper.app.test_request_context(headers={"Accept-Language": "de"}):
        assert in_words(told) == f"es gibt kein Thema {german}"


def test_whom_somebody_may_not_speak_for_is_named_with_the_article(paper: Paper) -> None:
    told = "Dora Example had no mandate to speak for Vereinigte Staaten then (2011-01-01)"
    with paper.app.test_request_context(headers={"Accept-Language": "de"}):
        assert "kein Mandat, für die Vereinigten Staaten zu sprechen" in in_words(told)
    with paper.app.test_request_context():
        told = told.replace("Vereinigte Staaten", "United States")
        assert "to speak for the United States then" in in_words(told)
