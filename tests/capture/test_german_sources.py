"""German: sources that are named beside what they say, objects, demands and denials."""

from __future__ import annotations

import pytest

from tests.capture.reading import german, only, told


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Laut Feuerwehr brannte das Lager drei Stunden.", "Feuerwehr"),
        ("Das Lager brannte laut der Feuerwehr drei Stunden.", "Feuerwehr"),
        ("Der Feuerwehr zufolge brannte das Lager drei Stunden.", "Feuerwehr"),
        ("Nach Angaben der Feuerwehr brannte das Lager drei Stunden.", "Feuerwehr"),
        ("Nach Einschätzung von Paul Brandt brannte das Lager drei Stunden.", "Paul Brandt"),
        ("Nach eigenen Angaben löschte die Feuerwehr das Lager.", "Feuerwehr"),
        ("Das Lager brannte drei Stunden, so die Feuerwehr.", "Feuerwehr"),
        ("Das Lager brannte drei Stunden, so eine Sprecherin der Stadt.", "Sprecherin der Stadt"),
        ("Nach ersten Ermittlungen brannte das Lager drei Stunden.", "ersten Ermittlungen"),
        ("Nach ersten Angaben brannte das Lager drei Stunden.", "ersten Angaben"),
        ("Medienberichten zufolge brannte das Lager drei Stunden.", "Medienberichten"),
        ("Das Lager brannte offiziellen Angaben zufolge lange.", "offiziellen Angaben"),
        ("Nach Angaben vieler Bewohner brannte das Lager lange.", "vieler Bewohner"),
        ("Nach Kerns Angaben brannte das Lager drei Stunden.", "Kerns"),
        ("Laut n9 brannte das Lager drei Stunden.", "n9"),
        ("Nach Angaben von n9 brannte das Lager drei Stunden.", "n9"),
    ],
)
def test_a_source_says_the_sentence_beside_it(text: str, speaker: str | None) -> None:
    suggestion = only(german(text))
    assert (suggestion.speaker, suggestion.form, suggestion.rule) == (
        speaker,
        "reported",
        "de.source",
    )


def test_such_a_thing_is_no_source() -> None:
    assert german("Das Lager brannte drei Stunden, so ein Pech.") == []


@pytest.mark.parametrize(
    ("before", "speaker", "speakers"),
    [
        ("Die Feuerwehr teilte mit, sie lösche.", "Feuerwehr", ()),
        ("Die Feuerwehr legte einen Bericht vor.", None, ("Feuerwehr",)),
    ],
)
def test_what_is_so_by_what_was_told_before_is_said_by_who_told_it(
    before: str, speaker: str | None, speakers: tuple[str, ...]
) -> None:
    suggestion = german(f"{before} Demnach brannte das Lager drei Stunden.")[-1]
    assert suggestion.exact == "brannte das Lager drei Stunden"
    assert (suggestion.speaker, suggestion.speakers) == (speaker, speakers)


def test_a_source_in_a_subordinate_clause_says_only_that() -> None:
    suggestions = german("Das Lager, das laut Feuerwehr leer stand, brannte.")
    assert told(suggestions) == [("Feuerwehr", "das laut Feuerwehr leer stand")]


def test_what_a_law_prescribes_nobody_says() -> None:
    assert german("Das Lager wird laut Gesetz jedes Jahr geprüft.") == []


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("Die Partei kritisierte die Pläne des Senats.", "reported", "die Pläne des Senats"),
        ("Die Partei lehnt die Pläne ab.", "reported", "die Pläne"),
        ("Den Plan des Senats lehnt die Partei ab.", "reported", "Den Plan des Senats"),
        ("Die Partei warnte erneut vor höheren Kosten.", "reported", "höheren Kosten"),
        ("Die Partei sprach sich für einen Neubau aus.", "reported", "einen Neubau"),
        ("Die Partei fordert einen Neubau.", "demand", "einen Neubau"),
        ("Die Partei verlangt, dass der Senat handelt.", "demand", "dass der Senat handelt"),
        ("Die Partei fordert den Senat auf, zu handeln.", "demand", "zu handeln"),
        ("Die Partei drängt auf einen Neubau.", "demand", "einen Neubau"),
        ("Die Partei bestritt jede Schuld.", "denial", "jede Schuld"),
        ("Die Partei wies den Vorwurf zurück.", "denial", "den Vorwurf"),
        ("Die Partei hofft, dass der Senat handelt.", "ascribed", "dass der Senat handelt"),
    ],
)
def test_an_object_may_be_what_was_said(text: str, form: str, words: str) -> None:
    suggestion = only(german(text))
    assert (suggestion.speaker, suggestion.form, suggestion.exact) == ("Partei", form, words)


def test_an_intention_that_is_denied_is_named_with_it() -> None:
    suggestion = only(german("Paul Brandt bestritt jede Absicht, das Lager zu schließen."))
    assert suggestion.exact == "jede Absicht, das Lager zu schließen"


def test_two_verbs_joined_by_und_have_one_speaker() -> None:
    suggestions = german("Die Partei begrüßte den Neubau und kritisierte die Kosten.")
    assert told(suggestions) == [("Partei", "den Neubau"), ("Partei", "die Kosten")]


@pytest.mark.parametrize("by", ["Das teilte die Feuerwehr mit.", "Das gab die Feuerwehr bekannt."])
def test_that_somebody_told_it_says_who_told_the_sentence_before(by: str) -> None:
    suggestion = only(german(f"Der Hafen brannte. Das Lager ist zerstört. {by}"))
    assert (suggestion.speaker, suggestion.exact) == ("Feuerwehr", "Das Lager ist zerstört.")


def test_that_somebody_told_it_says_nothing_of_another_paragraph() -> None:
    assert german("Das Lager ist zerstört.\n\nDas teilte die Feuerwehr am Abend mit.") == []


def test_whose_view_stands_before_nach_is_a_source() -> None:
    suggestions = german("Anna Kern sprach lange. Ihrer Meinung nach ist der Hafen zu klein.")
    assert (suggestions[-1].speaker, suggestions[-1].exact) == (
        "Anna Kern",
        "ist der Hafen zu klein",
    )


def test_a_reason_in_indirect_speech_is_what_somebody_gives() -> None:
    suggestion = only(german("Die Stadt verzichtet auf das Fest, weil es zu teuer sei."))
    assert (suggestion.speaker, suggestion.exact) == ("Stadt", "weil es zu teuer sei")
    assert german("Die Stadt verzichtet auf das Fest, weil es zu teuer ist.") == []


@pytest.mark.parametrize(
    ("before", "is_found"),
    [("Laut Feuerwehr brannte das Lager.", True), ("Laut Anna Kern brannte das Lager.", False)],
)
def test_what_somebody_is_said_to_have_done_goes_on_with_a_source(
    before: str, *, is_found: bool
) -> None:
    suggestions = german(f"{before} Ein Mann soll es angesteckt haben.")[1:]
    told = [(suggestion.speaker, suggestion.exact) for suggestion in suggestions]
    assert told == [("Feuerwehr", "Ein Mann soll es angesteckt haben.")] * is_found
