"""German: who is meant."""

from __future__ import annotations

import pytest

from tests.capture.reading import german, only, told


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Verkehrsministerin Anna Kern", "Anna Kern"),
        ("Die deutsche Verkehrsministerin Anna Kern (Grüne)", "Anna Kern"),
        ("Kerns Sprecher Paul Brandt", "Paul Brandt"),
        ("Ursula von der Aue", "Ursula von der Aue"),
        ("Ein Sprecher der Stadt", "Sprecher der Stadt"),
        ("Ein Sprecher von Ministerin Anna Kern", "Sprecher von Ministerin Anna Kern"),
        ("Die IG Bau", "IG Bau"),
        ("Der zuständige Werksvorstand Uwe Harms", "Uwe Harms"),
        ("Bremens Spitzenreiterin Anna Kern", "Anna Kern"),
        ("Professor Gerhard Richter", "Gerhard Richter"),
        ("Der neue Rat", "Der neue Rat"),
        ("Kritiker", "Kritiker"),
        ("Der Minister, Paul Brandt,", "Paul Brandt"),
        ("Paul Brandt, der seit Mai im Amt ist,", "Paul Brandt"),
    ],
)
def test_a_speaker_is_the_name_without_the_role(subject: str, name: str) -> None:
    assert only(german(f"{subject} sagte, der Hafen werde größer.")).speaker == name


def test_a_surname_is_resolved_to_the_full_name() -> None:
    suggestions = german("Anna Kern leitet das Amt. Kern sagte, der Hafen werde größer.")
    assert only(suggestions).speaker == "Anna Kern"


@pytest.mark.parametrize(
    "what",
    ["Der Minister Serbiens", "Heftige Regenfälle", "Milliarden Euro", "Bundesstaat Tabasco"],
)
def test_a_place_or_a_thing_with_two_capitals_is_no_person(what: str) -> None:
    suggestions = german(f"{what} und Ministerin Anna Kern kamen vor. Sie sagte, der Hafen wachse.")
    assert only(suggestions).speaker == "Anna Kern"


def test_a_first_name_tells_who_is_meant_by_a_pronoun() -> None:
    before = "Minister Paul Brandt traf Anna Kern, und Kern lachte."
    suggestions = german(f"{before} Sie sagte, der Hafen wachse.")
    assert only(suggestions).speaker == "Anna Kern"


def test_a_surname_that_two_people_have_stays_a_surname() -> None:
    suggestions = german("Anna Kern und Paul Kern stritten. Kern sagte, der Hafen werde größer.")
    assert only(suggestions).speaker == "Kern"


def test_a_role_is_resolved_where_one_person_has_it() -> None:
    suggestions = german("Verkehrsministerin Anna Kern kam. Die Ministerin sagte, das Werk bleibe.")
    assert only(suggestions).speaker == "Anna Kern"


def test_a_pronoun_is_resolved_where_one_person_can_be_meant() -> None:
    suggestions = german("Minister Paul Brandt kam nach Kiel. Er sagte, der Hafen werde größer.")
    assert only(suggestions).speaker == "Paul Brandt"


def test_a_pronoun_that_two_can_be_meant_by_names_nobody() -> None:
    suggestions = german(
        "Minister Paul Brandt traf Minister Karl Lohse. Er sagte, der Hafen werde größer."
    )
    assert only(suggestions).speaker is None


def test_a_pronoun_does_not_mean_a_person_of_the_other_gender() -> None:
    suggestions = german("Ministerin Anna Kern kam nach Kiel. Er sagte, der Hafen werde größer.")
    assert only(suggestions).speaker is None


def test_a_subject_behind_the_verb_is_found() -> None:
    suggestions = german("Zudem kündigte Paul Brandt an, den Hafen zu schließen.")
    assert told(suggestions) == [("Paul Brandt", "den Hafen zu schließen")]


def test_a_passive_names_nobody() -> None:
    suggestion = only(german("Am Abend wurde betont, dass der Hafen bleibt."))
    assert suggestion.speaker is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Die Stadt wurde vom Bauernverband aufgefordert, den Hafen zu öffnen.", "Bauernverband"),
        ("Seitens der Gewerkschaft wurde betont, dass der Hafen bleibt.", "Gewerkschaft"),
        ("Kern wurde vom Sturm überrascht, als gefordert wurde, den Hafen zu öffnen.", None),
    ],
)
def test_a_passive_names_by_whom(text: str, speaker: str | None) -> None:
    assert german(text)[-1].speaker == speaker


@pytest.mark.parametrize(
    "subject",
    [
        "Die Sprecherin der Werft in Kiel, Anna Kern,",
        "Anna Kern, die Sprecherin der Werft,",
        "Die Sprecherin im Rathaus, Anna Kern,",
    ],
)
def test_a_name_beside_a_role_is_who_speaks(subject: str) -> None:
    assert only(german(f"{subject} berichtete, dass der Hafen wachse.")).speaker == "Anna Kern"


def test_a_pronoun_means_of_whom_the_sentence_before_tells() -> None:
    suggestions = german("Uwe Harms sagte, man baue. Der Arzt schwieg. Er sagte, der Hafen wachse.")
    assert (suggestions[-1].speaker, suggestions[-1].speakers[0]) == (None, "Arzt")


def test_a_pronoun_means_the_person_of_the_clause_before() -> None:
    suggestions = german("Zu Recht war Trainer Uwe Harms froh: „Ein guter Start“, sagte er.")
    assert only(suggestions).speaker == "Uwe Harms"


def test_a_pronoun_in_the_plural_means_no_single_person() -> None:
    suggestions = german("Die Behörden trafen Anna Kern. Sie sagten, der Hafen wachse.")
    assert only(suggestions).speaker != "Anna Kern"


def test_the_subject_of_the_sentence_before_says_what_goes_on() -> None:
    suggestions = german("Anna Kern übte scharfe Kritik am Rat. Der Hafen sei längst zu klein.")
    assert told(suggestions)[-1] == ("Anna Kern", "Der Hafen sei längst zu klein.")


def test_the_subject_of_a_sentence_says_what_is_told_in_it() -> None:
    suggestions = german("Anna Kern kann kaum glauben, was hier geschehen sei.")
    assert [suggestion.speaker for suggestion in suggestions] == ["Anna Kern"]


def test_a_lawyer_of_somebody_is_not_that_person() -> None:
    suggestions = german("Uwe Kern schwieg. Der Anwalt Kerns sagte, man baue.")
    assert only(suggestions).speaker == "Anwalt Kerns"


@pytest.mark.parametrize(
    ("what", "is_sure"),
    [
        ("Die Nordbahn", True),
        ("Die Fischer", True),
        ("Die Grippe", False),
        ("Die Menge", False),
    ],
)
def test_a_thing_that_seems_to_speak_is_a_question(what: str, *, is_sure: bool) -> None:
    suggestion = german(f"{what} machte klar, dass der Hafen wachse.")[-1]
    assert (suggestion.speaker is not None) == is_sure


@pytest.mark.parametrize(
    "aside",
    [
        "Wie Anna Kern, Chefin der Stadtwerke, mitteilte, wird gebaut.",
        "Wie Anna Kern, Chefin der Stadtwerke, in Lund mitteilte, wird gebaut.",
        "Im Mai wird gebaut, wie Anna Kern, Chefin der Stadtwerke, mitteilte.",
    ],
)
def test_who_is_named_before_an_apposition_says_what_stands_beside_it(aside: str) -> None:
    (suggestion,) = german(aside)
    assert (suggestion.speaker, suggestion.rule) == ("Anna Kern", "de.aside")
    assert "wird gebaut" in suggestion.exact


def test_the_subject_says_what_follows_after_a_comma() -> None:
    suggestion = german("Anna Kern kam ins Rathaus, sagte jedoch, man müsse sparen.")[-1]
    assert suggestion.speaker == "Anna Kern"
