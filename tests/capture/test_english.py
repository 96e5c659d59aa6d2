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
    suggestion = only(english(text))
    assert (suggestion.speaker, suggestion.form) == ("Ann Kern", "quote")
    assert "We will build the bridge" in suggestion.exact


def test_a_quotation_goes_on_over_paragraphs_until_it_is_closed() -> None:
    suggestions = english(
        "Ann Kern said: “The bridge is too narrow for lorries.\n“We will build another one.”"
    )
    assert told(suggestions) == [
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
    suggestion = only(english(text))
    assert (suggestion.speaker, suggestion.form, suggestion.exact) == (speaker, "reported", words)


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
    suggestion = only(english(text))
    assert (suggestion.speaker, suggestion.form, suggestion.exact) == ("party", form, words)


def test_a_surname_is_resolved_to_the_full_name() -> None:
    suggestions = english("Ann Kern runs the city. Ms Kern said the bridge was safe.")
    assert only(suggestions).speaker == "Ann Kern"


def test_a_pronoun_is_resolved_to_who_spoke_last() -> None:
    suggestions = english("Ann Kern said the bridge was safe. She added that it would stay open.")
    assert [suggestion.speaker for suggestion in suggestions] == ["Ann Kern", "Ann Kern"]


def test_a_pronoun_names_nobody_where_two_can_be_meant() -> None:
    suggestions = english("Mr Paul Brand met Mr Karl Loss. He said the bridge was safe.")
    assert only(suggestions).speaker is None


def test_a_participle_shares_the_subject_of_its_sentence() -> None:
    suggestions = english("Ann Kern defended the bridge, adding that it was safe.")
    assert told(suggestions) == [("Ann Kern", "the bridge"), ("Ann Kern", "it was safe")]


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


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("Ann Kern is warning that it is unsafe.", "Ann Kern", "it is unsafe"),
        ("The party slammed the plan.", "party", "the plan"),
        ("The party decried the plan.", "party", "the plan"),
        ("She proposed a new bridge.", None, "a new bridge"),
        ("Ann Kern called the bridge a disgrace.", "Ann Kern", "the bridge a disgrace"),
        (
            "Ann Kern said that, if elected, she would build.",
            "Ann Kern",
            "if elected, she would build",
        ),
        ("Ms Kern and Mr Lind say it is safe.", "Ms Kern and Mr Lind", "it is safe"),
        ("Aides to Ann Kern say it is safe.", "Aides to Ann Kern", "it is safe"),
        ("The city and its partners say it is safe.", "city and its partners", "it is safe"),
        ("Ann Kern this week also said it was safe.", "Ann Kern", "it was safe"),
        (
            "Ann Kern, who knows Rome, said Lind's plan was safe.",
            "Ann Kern",
            "Lind's plan was safe",
        ),
        (
            "“I am proud of you,” Ann Kern told some of the workers.",
            "Ann Kern",
            "“I am proud of you,”",
        ),
        (
            "The city said the plan, drawn up in June, was safe.",
            "city",
            "the plan, drawn up in June, was safe",
        ),
    ],
)
def test_what_somebody_says_is_found_however_the_sentence_is_built(
    text: str, speaker: str | None, words: str
) -> None:
    suggestion = only(english(text))
    assert (suggestion.speaker, suggestion.exact) == (speaker, words)


def test_who_says_what_a_sentence_begins_with_stands_behind_the_comma() -> None:
    suggestions = english("Citing the cost, Ann Kern said it would take a year.")
    assert told(suggestions) == [("Ann Kern", "the cost"), ("Ann Kern", "it would take a year")]


@pytest.mark.parametrize(
    "text",
    [
        "Anger grew over her recent comments in the park.",
        "The group called Bridges Now met on Monday.",
        "The mayor's call came on Monday.",
        "Ann Kern is not saying that it is safe.",
    ],
)
def test_a_noun_that_may_be_a_verb_of_saying_is_no_suggestion(text: str) -> None:
    assert english(text) == []


@pytest.mark.parametrize(
    ("named", "speaker"),
    [
        ("Mayor Ann B. Kern", "Ann B. Kern"),
        ("Secretary of State Ann Kern", "Ann Kern"),
        ("Ohio Gov. Ann Kern", "Ann Kern"),
        ("The Justice Department", "Justice Department"),
        ("The West Virginia", "West Virginia"),
    ],
)
def test_an_office_is_no_part_of_a_name_and_a_body_no_person(named: str, speaker: str) -> None:
    assert only(english(f"{named} said it was safe.")).speaker == speaker


def test_who_is_named_by_office_alone_is_the_one_person_who_has_it() -> None:
    suggestions = english("Ann Kern, the mayor of Rome, came. The mayor said it was safe.")
    assert only(suggestions).speaker == "Ann Kern"


def test_a_first_name_tells_whom_a_pronoun_means() -> None:
    suggestions = english("Paul Brand met Anna Loss in May. She said it was safe.")
    assert only(suggestions).speaker == "Anna Loss"


def test_a_pronoun_names_nobody_where_the_sentence_before_tells_of_another_than_who_spoke() -> None:
    suggestions = english("Karl Loss came when Paul Brand said it was safe. He said it was not.")
    assert [suggestion.speaker for suggestion in suggestions] == ["Paul Brand", None]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Holly said the plan was safe.", "Holly"),
        ("In a letter, her chief adviser, Jo Brand, said the plan was safe.", "Jo Brand"),
        ("On Tuesday, however, the mayor, Jo Brand, said the plan was safe.", "Jo Brand"),
        ("Jo Brand, 22, of Ely, said the plan was safe.", "Jo Brand"),
        ("“Is the plan safe?” Jo Brand asked.", "Jo Brand"),
    ],
)
def test_a_speaker_is_found_behind_times_and_appositions(text: str, speaker: str) -> None:
    assert english(text)[-1].speaker == speaker


@pytest.mark.parametrize(
    "source",
    [
        "Some delegates at the convention in Lund",
        "People with knowledge of the plan",
        "Officials familiar with the plan",
    ],
)
def test_a_source_is_named_with_its_place_and_what_it_knows(source: str) -> None:
    assert only(english(f"{source} said the bridge was safe.")).speaker == source


def test_a_name_ends_before_any_verb() -> None:
    suggestion = english("Kern delivered a speech by Ann Kern, saying the bridge was safe.")[-1]
    assert suggestion.speaker == "Ann Kern"


def test_a_surname_of_a_man_and_a_woman_means_either() -> None:
    suggestion = english(
        "Ann Kern wed Bill Kern. Kern spoke at length. She said they would build."
    )[-1]
    assert suggestion.speaker == "Kern"
