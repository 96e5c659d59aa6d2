"""A text in two languages: each run of sentences is read by the rules of its own."""

from __future__ import annotations

import pytest

from tests.capture.reading import english, german, told
from timeline.capture.languages import languages_of
from timeline.capture.reading.tokens import read_sentences

GERMAN = "Bürgermeisterin Anna Kern sagte, dass die Stadt im Mai eine Brücke baut."
ENGLISH = "Mayor Ann Field said that the town would build a bridge in the spring."
BOTH = [
    ("Anna Kern", "dass die Stadt im Mai eine Brücke baut"),
    ("Ann Field", "the town would build a bridge in the spring"),
]


@pytest.mark.parametrize("between", ["\n", "\n\n", " "])
def test_paragraphs_and_runs_of_sentences_are_read_in_their_language(between: str) -> None:
    for text in (GERMAN + between + ENGLISH, f"{GERMAN}{between}{ENGLISH}{between}{GERMAN}"):
        for read_as in (german, english):
            suggestions = read_as(text)
            assert told(suggestions)[:2] == BOTH
            assert [suggestion.rule for suggestion in suggestions][:2] == ["de.that", "en.that"]
            assert all(
                text[suggestion.start : suggestion.end] == suggestion.exact
                for suggestion in suggestions
            )


def test_whom_one_language_names_in_full_the_other_knows() -> None:
    text = f"{GERMAN}\nOn the same day Kern said that it would be the last of the bridges."
    assert told(german(text))[1] == ("Anna Kern", "it would be the last of the bridges")


def test_dates_and_conditions_are_those_of_the_language_of_the_sentence() -> None:
    text = f"{GERMAN}\nMayor Ann Field said on Friday that they would build it if the town pays."
    last = german(text)[-1]
    assert (last.said_at, last.condition) == ("2025-12-12", "if the town pays")


def test_speech_is_not_carried_on_over_words_in_another_language() -> None:
    speech = "Kern sagte, man werde bauen."
    aside = " ".join(["The town is on the river, and they have had it for years."] * 4)
    carried = german(f"{speech} Zudem müsse die Stadt sparen.")
    assert [suggestion.rule for suggestion in carried] == ["de.indirect", "de.carried"]
    suggestions = german(f"{speech}\n{aside}\nZudem müsse die Stadt sparen.")
    assert [(suggestion.rule, suggestion.speaker) for suggestion in suggestions][1:] == [
        ("de.carried", None)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Kern zitierte: „The town will not be the one that has to pay for it.“ Das sei klar.",
        "Kern schrieb für „The Wall Street Journal“ und The Economist of London über den Bau.",
        "Die Stadt baut. What now? Der Rat hat das beschlossen.",
    ],
)
def test_words_of_another_language_within_a_sentence_change_nothing(text: str) -> None:
    assert set(languages_of(list(read_sentences(text)), "de")) == {"de"}


def test_a_text_that_is_called_german_and_is_english_is_read_as_english() -> None:
    assert [suggestion.rule for suggestion in german(ENGLISH)] == ["en.that"]
