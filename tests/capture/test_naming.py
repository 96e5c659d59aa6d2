"""How surely it is known who speaks, and who is offered where it is not."""

from __future__ import annotations

import pytest

from tests.capture.reading import english, german


def test_who_is_named_in_the_sentence_is_filled_in() -> None:
    suggestion = german("Anna Kern sagte, man baue.")[-1]
    assert (suggestion.speaker, suggestion.speakers) == ("Anna Kern", ())
    assert suggestion.speaker_confidence >= 0.9


@pytest.mark.parametrize(
    ("before", "speaker"),
    [
        ("“We will build,” a city spokesman said.", "city spokesman"),
        ("Ann Kern came to the bridge.\n“We will build,” she said.", "Ann Kern"),
    ],
)
def test_a_quotation_goes_on_as_surely_as_it_began(before: str, speaker: str) -> None:
    first, second = english(f"{before} “We will start soon.”")
    assert (first.speaker, second.speaker) == (speaker, speaker)
    assert first.speaker_confidence == second.speaker_confidence


def test_indirect_speech_goes_on_as_surely_as_it_began() -> None:
    first, second = german("Laut Wetterkarte bleibe es kalt. Zudem werde es regnen.")
    assert (first.speaker, second.speaker) == ("Wetterkarte", "Wetterkarte")
    assert first.speaker_confidence == second.speaker_confidence


def test_who_is_surely_meant_by_a_pronoun_is_filled_in() -> None:
    suggestion = german("Anna Kern sprach lange. Sie sagte, man baue.")[-1]
    assert (suggestion.speaker, suggestion.speakers) == ("Anna Kern", ())
    suggestion = english("President Ann Kern spoke at length. She said they would build.")[-1]
    assert (suggestion.speaker, suggestion.speakers) == ("Ann Kern", ())


def test_who_is_named_in_an_earlier_paragraph_is_a_question_with_two_choices() -> None:
    suggestion = german(
        "Bo Lind sagte, man warte. Anna Kern sagte, man baue.\nZudem müsse man sparen."
    )[-1]
    assert suggestion.exact == "Zudem müsse man sparen."
    assert suggestion.speaker is None
    assert suggestion.speakers == ("Anna Kern", "Bo Lind")
    assert suggestion.speaker_confidence < 0.9


@pytest.mark.parametrize("close", ["", "”"])
def test_a_quotation_goes_on_in_the_next_paragraph(close: str) -> None:
    suggestion = english(f"Ann Kern said: “We will build.{close}\n“We will build soon.”")[-1]
    assert "We will build soon." in suggestion.exact
    assert (suggestion.speaker, suggestion.speakers) == ("Ann Kern", ())


def test_a_body_whose_words_go_on_is_filled_in() -> None:
    suggestion = german("Die Stadt teilte mit, man baue. Zudem müsse man sparen.")[-1]
    assert (suggestion.exact, suggestion.speaker) == ("Zudem müsse man sparen.", "Stadt")


@pytest.mark.parametrize(
    "before",
    ["Der Streit zeigte, man baue.", "Die Stadt teilte mit, man baue. Der Regen hielt lange an."],
)
def test_a_thing_or_a_body_that_spoke_before_is_a_question(before: str) -> None:
    suggestion = german(f"{before} Zudem müsse man sparen.")[-1]
    assert suggestion.exact == "Zudem müsse man sparen."
    assert suggestion.speaker is None
    assert suggestion.speaker_confidence < 0.9


def test_who_quotes_somebody_says_nothing_of_it() -> None:
    suggestion = german("Der Stadtbote zitiert Anna Kern mit den Worten: „Wir bauen die Brücke.“")[
        -1
    ]
    assert (suggestion.speaker, suggestion.speakers) == (None, ("Anna Kern",))
    suggestion = german("Anna Kern wird mit den Worten zitiert: „Wir bauen die Brücke.“")[-1]
    assert suggestion.speaker == "Anna Kern"


@pytest.mark.parametrize(
    "text",
    [
        "Bo Kern war da. Die Opposition warf Kern vor, den Plan zu kennen.",
        "Bo Kern war da. Die Opposition unterstellte Kern, den Plan zu kennen.",
    ],
)
def test_who_is_accused_is_not_who_accuses(text: str) -> None:
    assert german(text)[-1].speaker == "Opposition"


def test_who_goes_on_in_the_next_paragraph_is_filled_in_unless_another_is_named_between() -> None:
    before, after = "Ann Kern said they would wait.", "\n“We will build,” she said."
    assert english(before + after)[-1].speaker == "Ann Kern"
    suggestion = english(f"{before} Eva Loss came.{after}")[-1]
    assert (suggestion.speaker, suggestion.speakers) == (None, ("Eva Loss", "Ann Kern"))
    assert english(f"{before} Paul Brand came.{after}")[-1].speaker == "Ann Kern"


def test_a_quotation_alone_in_its_paragraph_is_a_question_in_german_or_of_a_body() -> None:
    suggestion = german("Anna Kern sagte, man warte.\n„Wir bauen eine Brücke.“")[-1]
    assert (suggestion.speaker, suggestion.speakers) == (None, ("Anna Kern",))
    suggestion = english("The city said it would wait.\n“We will build a bridge.”")[-1]
    assert (suggestion.speaker, suggestion.speakers) == (None, ("city",))
