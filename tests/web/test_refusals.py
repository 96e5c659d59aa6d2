from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.support.messages import modules
from tests.web.test_translations import TRANSLATED, messages
from timeline.application.prepare import NO_MANDATE_THEN
from timeline.desk.embargoes import error_as_json, error_from_json
from timeline.domain.dates import SOURCE_BEFORE_THE_EVENT
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Advice, EdtfDate, InQuotes, Message, Sentence, Word
from timeline.domain.text import clean
from timeline.domain.topic import NO_SUCH_TOPIC
from web.wording.extraction import templates
from web.wording.refusals import CONTEXT, fix_of, in_words, message_of

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from timeline.domain.errors import StandlineError

READ_BY_VISITORS = (
    "timeline.application",
    "timeline.desk",
    "timeline.domain",
    "timeline.projections",
    "web",
)
"""Packages whose errors reach readers of the site; others speak to whoever runs it."""


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/t/unio", "Es gibt kein Thema „unio“."),
        ("/s/9999", "Es gibt keinen Eintrag Nummer 9999. Nummern haben Lücken"),
        ("/t/union?as_of=xx", "„xx“ ist kein Datum, das wir lesen können."),
        ("/t/union?known_at=@x", "„@x“ ist keine Stelle im Protokoll."),
        ("/t/union?sort=x", "In der Adresse bedeutet sort=x nichts."),
        ("/t/union?sort=x", "Möglich sind: side, changed, stance, name"),
        ("/corrections?before=x", "„x“ ist keine Stelle im Protokoll."),
        ("/t/union?s=x", "Das ist keine ganze Zahl."),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_refused_in_the_readers_language(
    paper: Paper, path: str, told: str
) -> None:
    assert told in paper.read(path, Accept_Language="de")


@pytest.mark.parametrize("lang", TRANSLATED)
def test_what_may_be_refused_on_the_site_is_in_every_catalogue(paper: Paper, lang: str) -> None:
    held = {
        str(message.id)
        for message in messages(lang)
        if message.context == CONTEXT and message.string
    }
    for module in modules():
        if module.__name__.startswith(READ_BY_VISITORS):
            assert set(templates(module)) <= held, module.__name__
    with paper.app.test_request_context(headers={"Accept-Language": lang}):
        assert in_words(Sentence("nobody is named", {})) in {
            str(message.string) for message in messages(lang)
        }


def test_templates_are_those_of_messages_their_fixes_and_words() -> None:
    module = ModuleType("invented")
    vars(module).update(
        UNKNOWN=Message("unknown", "there is no %(name)s", fix="use another"),
        LOST=Message("lost", "it is lost"),
        LATER=Advice("try again"),
        SCALE=Word("scale"),
        OTHER="no message",
    )
    assert list(templates(module)) == [
        "there is no %(name)s",
        "use another",
        "it is lost",
        "try again",
        "scale",
    ]


def refused(paper: Paper, lang: str, error: StandlineError) -> str:
    with paper.app.test_request_context(headers={"Accept-Language": lang}):
        return "; ".join(filter(None, (message_of(error), fix_of(error))))


def test_a_word_of_ours_in_a_refusal_is_translated_too(paper: Paper) -> None:
    with pytest.raises(Refused) as error:
        clean("ab\0", "text")
    assert refused(paper, "en", error.value) == (
        "the text contains a control character, U+0000, in place 3; remove it"
    )
    assert refused(paper, "de", error.value) == (
        "der Text enthält ein Steuerzeichen, U+0000, an Stelle 3; entfernen Sie es"
    )


def test_a_word_that_somebody_gave_is_not_translated(paper: Paper) -> None:
    error = Refused(NO_SUCH_TOPIC, name="quoted")
    assert refused(paper, "de", error) == "es gibt kein Thema quoted"


def test_what_no_catalogue_holds_is_told_as_it_is(paper: Paper) -> None:
    error = Refused(Message("unheard_of", "something else: %(what)s"), what=Word("altogether"))
    assert refused(paper, "de", error) == "something else: altogether"


def test_a_refusal_within_another_is_translated_too(paper: Paper) -> None:
    error = Refused(Message("unheard_of", "%(why)s"), why=Sentence("nobody is named", {}))
    assert refused(paper, "de", error) == "niemand ist genannt"


def test_names_that_may_be_meant_stand_in_a_row(paper: Paper) -> None:
    error = NotFound(NO_SUCH_TOPIC, name=InQuotes("x"), nearest=("y", "z"))
    assert refused(paper, "en", error).endswith("; did you mean y or z?")
    assert refused(paper, "de", error).endswith("; meinen Sie y oder z?")


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        ("foo", "“foo”", "„foo“"),
        ("it's", "“it's”", "„it's“"),
        ('it\'s "so"', '“it\'s "so"”', '„it\'s "so"“'),
        ("50 %", "“50 %”", "„50 %“"),
    ],
)
def test_what_somebody_gave_has_the_marks_of_the_readers_language(
    paper: Paper, value: str, english: str, german: str
) -> None:
    error = NotFound(NO_SUCH_TOPIC, name=InQuotes(value))
    assert refused(paper, "en", error) == f"there is no topic {english}"
    assert refused(paper, "de", error) == f"es gibt kein Thema {german}"


def test_dates_of_a_refusal_are_told_in_words(paper: Paper) -> None:
    error = Refused(
        SOURCE_BEFORE_THE_EVENT, published=EdtfDate("2025-12-01"), said=EdtfDate("2025-12~")
    )
    assert str(error).startswith("the source is of 2025-12-01, before what it tells of (2025-12~)")
    assert "of 1 Dec 2025, before what it tells of (about Dec 2025)" in refused(paper, "en", error)
    assert "1. Dez. 2025" in refused(paper, "de", error)
    kept = error_from_json(error_as_json(error))
    assert refused(paper, "en", kept) == refused(paper, "en", error)


def test_whom_somebody_may_not_speak_for_is_named_as_on_record(paper: Paper) -> None:
    def no_mandate(whom: str) -> Refused:
        return Refused(NO_MANDATE_THEN, name="Dora Example", whom=whom, day="2011-01-01")

    german = refused(paper, "de", no_mandate("Vereinigte Staaten"))
    assert "kein Mandat, für „Vereinigte Staaten“ zu sprechen" in german
    english = refused(paper, "en", no_mandate("United States"))
    assert "to speak for United States then" in english
