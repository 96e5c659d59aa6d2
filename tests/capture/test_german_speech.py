"""German: quotations, "dass", indirect speech, infinitives and asides."""

from __future__ import annotations

import pytest

from tests.capture.reading import german, only, told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("„Wir bauen die Brücke“, sagte Anna Kern am Montag.", "„Wir bauen die Brücke“"),
        ('"Wir bauen die Brücke", sagte Anna Kern.', '"Wir bauen die Brücke"'),
        ("»Wir bauen die Brücke«, sagte Anna Kern.", "»Wir bauen die Brücke«"),
        ("«Wir bauen die Brücke», sagte Anna Kern.", "«Wir bauen die Brücke»"),
        ("Anna Kern sagte dem Stadtblatt: „Wir bauen sie.“", "„Wir bauen sie.“"),
        ("„Wir bauen“, sagte Anna Kern, „noch in diesem Jahr.“", None),
        ("„Wir bauen die Brücke“, so Anna Kern weiter.", "„Wir bauen die Brücke“"),
    ],
)
def test_a_quotation_beside_a_verb_of_saying_is_suggested(text: str, words: str | None) -> None:
    suggestion = only(german(text))
    assert (suggestion.speaker, suggestion.form) == ("Anna Kern", "quote")
    assert suggestion.exact == (words or text.rstrip("."))


def test_a_long_quotation_is_suggested_sentence_by_sentence() -> None:
    suggestions = german(
        "„Die Brücke ist seit Jahren zu schmal. Deshalb bauen wir eine neue daneben“, sagte Kern."
    )
    assert told(suggestions) == [
        ("Kern", "„Die Brücke ist seit Jahren zu schmal."),
        ("Kern", "Deshalb bauen wir eine neue daneben“"),
    ]


def test_a_quotation_that_follows_one_is_of_the_same_speaker() -> None:
    suggestions = german("„Wir bauen die Brücke“, sagte Anna Kern. „Das Geld dafür ist da.“")
    assert told(suggestions)[1] == ("Anna Kern", "„Das Geld dafür ist da.“")


def test_a_title_or_a_motto_in_quotation_marks_is_no_suggestion() -> None:
    assert german("Unter dem Motto „Brücken für alle“ zogen Hunderte durch die Stadt.") == []


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "Die Ministerin erklärte am Abend, dass der Tunnel gebaut wird.",
            "Ministerin",
            "dass der Tunnel gebaut wird",
        ),
        (
            "Der Landkreis teilte mit, der Tunnel werde später fertig.",
            "Landkreis",
            "der Tunnel werde später fertig",
        ),
        (
            "Der Verband hat bekannt gegeben, dass er klagen wird, sofern kein Geld kommt.",
            "Verband",
            "dass er klagen wird, sofern kein Geld kommt",
        ),
        (
            "Paul Brandt kündigte an, den Tunnel zu schließen.",
            "Paul Brandt",
            "den Tunnel zu schließen",
        ),
        (
            "Der Tunnel sei sicher, betonte Paul Brandt.",
            "Paul Brandt",
            "Der Tunnel sei sicher",
        ),
        (
            "Wie Paul Brandt, Leiter des Bauamts, mitteilte, wird der Tunnel später fertig.",
            "Paul Brandt",
            "wird der Tunnel später fertig",
        ),
        (
            "Der Tunnel wird später fertig, wie die Stadt am Dienstag mitteilte.",
            "Stadt",
            "Der Tunnel wird später fertig",
        ),
        (
            "Paul Brandt, Leiter des Bauamts, zeigte sich überzeugt, dass der Tunnel hält.",
            "Paul Brandt",
            "dass der Tunnel hält",
        ),
    ],
)
def test_reported_speech_is_suggested_without_the_verb_of_saying(
    text: str, speaker: str, words: str
) -> None:
    suggestion = only(german(text))
    assert (suggestion.speaker, suggestion.form, suggestion.exact) == (speaker, "reported", words)


def test_indirect_speech_goes_on_without_a_verb_of_saying() -> None:
    suggestions = german(
        "Paul Brandt sagte, der Tunnel sei sicher. Die Kosten blieben allerdings hoch. "
        "Zudem müsse die Stadt neue Lüfter kaufen."
    )
    assert told(suggestions) == [
        ("Paul Brandt", "der Tunnel sei sicher"),
        ("Paul Brandt", "Zudem müsse die Stadt neue Lüfter kaufen."),
    ]


def test_a_sentence_in_which_another_reports_is_not_said_by_who_spoke_before() -> None:
    text = (
        "Paul Brandt sagte, der Tunnel sei sicher. Die Bahn begegnet dem mit dem Argument,"
        " die Lüfter seien alt."
    )
    assert german(text)[-1].speaker != "Paul Brandt"


def test_a_conditional_of_the_author_is_no_indirect_speech() -> None:
    suggestions = german(
        "Paul Brandt sagte, der Tunnel sei sicher. Ein Umbau wäre kaum zu bezahlen."
    )
    assert len(suggestions) == 1


def test_the_first_person_is_no_indirect_speech() -> None:
    assert german("Ich habe den Tunnel gesehen und komme gern zurück.") == []


def test_hearsay_is_of_whom_it_comes_from() -> None:
    suggestions = german("Man sei vorangekommen, hieß es aus dem Rathaus.")
    assert told(suggestions) == [("Rathaus", "Man sei vorangekommen")]


def test_hearsay_from_nobody_names_nobody() -> None:
    assert only(german("Der Tunnel sei sicher, hieß es am Abend.")).speaker is None


@pytest.mark.parametrize(
    "text",
    [
        "Nachdem der Tunnel geöffnet worden war, kamen die Gäste.",
        "Der Tunnel, der im Mai gebaut wurde, ist sicher.",
        "Es stellte sich heraus, dass der Tunnel zu schmal ist.",
        "Niemand sagte, dass der Tunnel zu schmal ist.",
        "Das Amt forderte Gutachter an.",
    ],
)
def test_what_nobody_says_is_no_suggestion(text: str) -> None:
    assert german(text) == []


def test_an_empty_text_has_no_suggestion() -> None:
    assert german("") == german(" \n\n ") == []


@pytest.mark.parametrize(
    ("text", "speaker", "form"),
    [
        ("Anna Kern gestand ein, dass das Geld fehlt.", "Anna Kern", "reported"),
        ("Die Stadt legte fest, dass die Brücke gesperrt wird.", "Stadt", "reported"),
        ("Die Stadt hat entschieden, die Brücke zu bauen.", "Stadt", "reported"),
        ("Die Stadt entschied, dass die Brücke gebaut wird.", "Stadt", "reported"),
        ("Der Rat beschloss, die Brücke zu bauen.", "Rat", "reported"),
        ("Anna Kern begründete dies damit, dass das Geld fehlt.", "Anna Kern", "reported"),
        ("Anna Kern schließt daraus, dass das Geld fehlt.", "Anna Kern", "ascribed"),
        ("Die Räte verständigten sich darauf, die Brücke zu bauen.", "Räte", "reported"),
        ("Die Räte einigten sich darauf, die Brücke zu bauen.", "Räte", "reported"),
        ("Anna Kern spekuliert, dass das Geld fehlt.", "Anna Kern", "ascribed"),
        ("Anna Kern plant, die Brücke zu bauen.", "Anna Kern", "ascribed"),
        ("Anna Kern charakterisierte den Plan als unreif.", "Anna Kern", "reported"),
    ],
)
def test_what_is_decided_granted_guessed_or_planned_is_suggested(
    text: str, speaker: str, form: str
) -> None:
    suggestion = only(german(text))
    assert (suggestion.speaker, suggestion.form) == (speaker, form)


def test_what_a_storm_claims_is_no_demand() -> None:
    assert german("Der Sturm hat in drei Dörfern elf Todesopfer gefordert.") == []
    assert only(german("Anna Kern hat in drei Dörfern mehr Geld gefordert.")).form == "demand"
