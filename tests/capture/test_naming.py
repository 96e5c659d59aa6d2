"""How surely it is known who speaks, and who is offered where it is not."""

from __future__ import annotations

import pytest

from tests.capture.reading import english, german


def test_who_is_named_in_the_sentence_is_filled_in() -> None:
    one = german("Anna Kern sagte, man baue.")[-1]
    assert (one.speaker, one.speakers) == ("Anna Kern", ())
    assert one.speaker_confidence >= 0.9


def test_who_is_surely_meant_by_a_pronoun_is_filled_in() -> None:
    one = german("Anna Kern sprach lange. Sie sagte, man baue.")[-1]
    assert (one.speaker, one.speakers) == ("Anna Kern", ())
    one = english("President Ann Kern spoke at length. She said they would build.")[-1]
    assert (one.speaker, one.speakers) == ("Ann Kern", ())


def test_who_is_named_in_an_earlier_paragraph_is_a_question_with_two_choices() -> None:
    one = german("Bo Lind sagte, man warte. Anna Kern sagte, man baue.\nZudem müsse man sparen.")[
        -1
    ]
    assert one.exact == "Zudem müsse man sparen."
    assert one.speaker is None
    assert one.speakers == ("Anna Kern", "Bo Lind")
    assert one.speaker_confidence < 0.9


@pytest.mark.parametrize(("close", "speaker"), [("", "Ann Kern"), ("”", None)])
def test_a_quotation_that_stays_open_goes_on_in_the_next_paragraph(
    close: str, speaker: str | None
) -> None:
    one = english(f"Ann Kern said: “We will build.{close}\n“We will build soon.”")[-1]
    assert "We will build soon." in one.exact
    assert one.speaker == speaker
    assert one.speakers == (() if speaker else ("Ann Kern",))


def test_a_body_whose_words_go_on_is_filled_in() -> None:
    one = german("Die Stadt teilte mit, man baue. Zudem müsse man sparen.")[-1]
    assert (one.exact, one.speaker) == ("Zudem müsse man sparen.", "Stadt")


@pytest.mark.parametrize(
    "before",
    ["Der Streit zeigte, man baue.", "Die Stadt teilte mit, man baue. Der Regen hielt lange an."],
)
def test_a_thing_or_a_body_that_spoke_before_is_a_question(before: str) -> None:
    one = german(f"{before} Zudem müsse man sparen.")[-1]
    assert one.exact == "Zudem müsse man sparen."
    assert one.speaker is None
    assert one.speaker_confidence < 0.9


def test_who_quotes_somebody_says_nothing_of_it() -> None:
    one = german("Der Stadtbote zitiert Anna Kern mit den Worten: „Wir bauen die Brücke.“")[-1]
    assert (one.speaker, one.speakers) == (None, ("Anna Kern",))
    one = german("Anna Kern wird mit den Worten zitiert: „Wir bauen die Brücke.“")[-1]
    assert one.speaker == "Anna Kern"


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
    one = english(f"{before} Eva Loss came.{after}")[-1]
    assert (one.speaker, one.speakers) == (None, ("Eva Loss", "Ann Kern"))
    assert english(f"{before} Paul Brand came.{after}")[-1].speaker == "Ann Kern"


def test_a_quotation_alone_in_a_paragraph_of_its_own_is_a_question() -> None:
    one = english("Ann Kern said they would wait.\n“We will build a bridge.”")[-1]
    assert (one.speaker, one.speakers) == (None, ("Ann Kern",))
