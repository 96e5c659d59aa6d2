"""English: quotations, reported speech, sources, demands and denials."""

from __future__ import annotations

import pytest

from tests.capture.reading import english, only, told


@pytest.mark.parametrize(
    "text",
    [
        "“We will build the bridge,” Ann Kern said on Monday.",
        "“We will build the bridge,” said Ann Kern.",
        "‘We will build the bridge,’ said Ann Kern.",
        '"We will build the bridge," Ann Kern told reporters while touring the site.',
        "Ann Kern said: “We will build the bridge.”",
        "Ann Kern, the mayor, said, “We will build the bridge.”",
        "Mayor Ann Kern told the council: “We will build the bridge.”",
        "Speaking in the town hall, Ann Kern said: “We will build the bridge.”",
    ],
)
def test_a_quotation_beside_a_verb_of_saying_is_suggested(text: str) -> None:
    one = only(english(text))
    assert (one.speaker, one.form) == ("Ann Kern", "quote")
    assert "We will build the bridge" in one.exact


def test_a_quotation_goes_on_over_paragraphs_until_it_is_closed() -> None:
    found = english(
        "Ann Kern said: “The bridge is too narrow for lorries.\n“We will build another one.”"
    )
    assert told(found) == [
        ("Ann Kern", "“The bridge is too narrow for lorries."),
        ("Ann Kern", "“We will build another one.”"),
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("Ann Kern said the bridge was safe.", "Ann Kern", "the bridge was safe"),
        ("Ann Kern said on Monday that the bridge was safe.", "Ann Kern", "the bridge was safe"),
        ("The bridge was safe, Ann Kern said.", "Ann Kern", "The bridge was safe"),
        ("The bridge was safe, said Mayor Ann Kern.", "Ann Kern", "The bridge was safe"),
        (
            "A spokesman for the city told the BBC the bridge was safe.",
            "spokesman for the city",
            "the bridge was safe",
        ),
        (
            "Ann Kern said that when it rained, nobody crossed.",
            "Ann Kern",
            "when it rained, nobody crossed",
        ),
        ("(Ann Kern said the bridge was safe.)", "Ann Kern", "the bridge was safe"),
        ("Officials say the bridge is safe.", "Officials", "the bridge is safe"),
        ("According to the city, the bridge was safe.", "city", "the bridge was safe"),
        ("The bridge was safe, according to Ann Kern.", "Ann Kern", "The bridge was safe"),
        ("The bridge, she said, was safe.", None, "The bridge, she said, was safe"),
    ],
)
def test_reported_speech_is_suggested(text: str, speaker: str | None, words: str) -> None:
    one = only(english(text))
    assert (one.speaker, one.form, one.exact) == (speaker, "reported", words)


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("The party criticised the plan.", "reported", "the plan"),
        ("The party warned against the plan.", "reported", "the plan"),
        ("The party demanded a new bridge.", "demand", "a new bridge"),
        ("The party called for a new bridge.", "demand", "a new bridge"),
        ("The party urged the mayor to build a bridge.", "demand", "to build a bridge"),
        ("The party denied that the bridge was unsafe.", "denial", "the bridge was unsafe"),
        ("The party rejected the plan.", "denial", "the plan"),
        ("The party believes the bridge is safe.", "ascribed", "the bridge is safe"),
    ],
)
def test_a_verb_tells_how_the_text_gives_it(text: str, form: str, words: str) -> None:
    one = only(english(text))
    assert (one.speaker, one.form, one.exact) == ("party", form, words)


def test_a_surname_is_resolved_to_the_full_name() -> None:
    found = english("Ann Kern runs the city. Ms Kern said the bridge was safe.")
    assert only(found).speaker == "Ann Kern"


def test_a_pronoun_is_resolved_to_who_spoke_last() -> None:
    found = english("Ann Kern said the bridge was safe. She added that it would stay open.")
    assert [one.speaker for one in found] == ["Ann Kern", "Ann Kern"]


def test_a_pronoun_names_nobody_where_two_can_be_meant() -> None:
    found = english("Mr Paul Brand met Mr Karl Loss. He said the bridge was safe.")
    assert only(found).speaker is None


def test_a_participle_shares_the_subject_of_its_sentence() -> None:
    found = english("Ann Kern defended the bridge, adding that it was safe.")
    assert told(found) == [("Ann Kern", "the bridge"), ("Ann Kern", "it was safe")]


@pytest.mark.parametrize(
    "text",
    [
        "The report was expected to be published in May.",
        "Asked about the bridge, he laughed.",
        "Reports of the flood came in.",
        "He wanted to say goodbye.",
        "The bridge was called unsafe.",
        "Ann Kern joined the council in May, but said almost nothing about it.",
    ],
)
def test_what_nobody_says_is_no_suggestion(text: str) -> None:
    assert english(text) == []
