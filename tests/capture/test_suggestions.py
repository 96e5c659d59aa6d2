"""What every suggestion tells, who suggests, and the conditions that are found."""

from __future__ import annotations

import pytest

from tests.capture.reading import english, german, only
from tests.support.tiers import thorough
from timeline.capture.conditions import condition
from timeline.capture.language_readers import READERS
from timeline.capture.rules import rules
from timeline.capture.suggesters import suggest, suggester
from timeline.capture.suggestion import Article, Suggestion
from timeline.domain.common_words import language_of
from timeline.domain.errors import Refused

TEXT = "Anna Kern erklärte am Freitag, sie trete zurück, falls der Rat es wünsche."


def test_a_suggestion_tells_place_words_speaker_cue_date_condition_and_rule() -> None:
    suggestion = only(german(f"\n\n{TEXT}"))
    words = "sie trete zurück, falls der Rat es wünsche"
    assert suggestion == Suggestion(
        start=33,
        end=75,
        exact=words,
        speaker="Anna Kern",
        form="reported",
        cue="erklärte",
        confidence=0.95,
        rule="de.indirect",
        version=2,
        said_at="2025-12-12",
        condition="falls der Rat es wünsche",
        speaker_confidence=0.94,
    )


def test_offsets_count_code_points() -> None:
    text = "😀 " + TEXT
    suggestion = only(german(text))
    assert text[suggestion.start : suggestion.end] == suggestion.exact


def test_there_is_no_field_for_a_stance() -> None:
    assert not {name for name in Suggestion.__struct_fields__ if "stance" in name}


def test_if_in_the_sense_of_whether_is_no_condition() -> None:
    assert only(english("Ann Kern said they would see if the bridge holds.")).condition == ""


@pytest.mark.parametrize("lang", READERS)
def test_every_rule_has_a_version_and_a_share_of_right_suggestions(lang: str) -> None:
    for rule in rules(lang).values():
        assert rule.version >= 1
        assert 0 < rule.confidence < 1


def test_headings_are_left_out() -> None:
    text = f"Kern: „Ich trete zurück“\n{TEXT}\nKern: „Ich bleibe“"
    assert len(german(text)) == 1


def test_suggestions_come_in_the_order_of_the_text_and_never_overlap() -> None:
    suggestions = german(f"{TEXT} „Ich bleibe“, sagte sie später. {TEXT}\n" * 5)
    ends = [0, *(suggestion.end for suggestion in suggestions)]
    assert all(suggestion.start >= end for suggestion, end in zip(suggestions, ends, strict=False))
    assert len(suggestions) == 15


def test_a_language_that_no_rules_read_is_refused() -> None:
    with pytest.raises(Refused, match="no rules read the language 'fr'; use one of: de, en"):
        suggest(Article("Il dit oui.", "fr"))


def test_a_suggester_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="there is no suggester 'oracle'"):
        suggester("oracle")


def test_the_language_of_a_text_is_seen_from_its_words() -> None:
    assert language_of(TEXT) == "de"
    assert language_of("The mayor said on Friday that the bridge was safe.") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "„" * 3_000,
        "'" * 3_000,
        "der " * 3_000,
        "der neue " * 3_000,
        "Mann der " * 3_000,
        "(" * 3_000,
        *thorough("und sagte " * 2_000),
        ", " * 3_000,
    ],
)
def test_a_strange_text_is_read_all_the_same(text: str) -> None:
    assert german(text) is not None
    assert english(text) is not None


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Wir stehen zur Ukraine, ohne Wenn und Aber“", "de"),
        ("ohne jedes Wenn und Aber", "de"),
        ("Wir helfen bedingungslos.", "de"),
        ("We support it unconditionally.", "en"),
        ("We support it, no ifs or buts.", "en"),
    ],
)
def test_what_is_said_without_a_condition_has_none(words: str, lang: str) -> None:
    assert not condition(words, lang)


def test_a_condition_brings_no_quotation_mark_of_its_quote() -> None:
    assert condition("„Wir helfen, wenn Geld da ist“", "de") == "wenn Geld da ist"
    assert condition("“We help if there is money”", "en") == "if there is money"
