from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.site import plain
from timeline.application.commands import Condition
from timeline.domain.verdict import SignedIn
from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_changes, positions_at
from web.wording import sentences
from web.wording.clocks import Clocks
from web.wording.facts import sentence_facts, statements_needed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.web.paper import Paper

HOST = "https://paper.example/"
PLACES = r"https://example\.org/talks; https://paper\.example/s/\d+@\d+\)\."
DAYS = "16 Dec 2025", r"16\. Dez\. 2025"
SOURCE, QUELLE = (rf"Invented Times, {day}, {PLACES}" for day in DAYS)


class Quoting:
    """Asks for sentences about what is on record."""

    def __init__(self, paper: Paper, *, in_german: bool = True) -> None:
        self.paper = paper
        if in_german:
            paper.put_into_german()
        paper.services.models.catch_up()

    def statement(self, name: str) -> tuple[str, ...]:
        """Return a statement as a sentence, in each language."""
        with self.paper.app.test_request_context(), self._read() as conn:
            number = self.paper.numbers[name]
            told = sentence_facts(conn, [number], HOST, own="en")
            return _texts(sentences.of_statement(number, told))

    def position(
        self, actor: str, topic: str = "union", clocks: Clocks | None = None
    ) -> tuple[str, ...]:
        """Return where an actor stands as a sentence, in each language."""
        clocks = clocks or Clocks()
        with self.paper.app.test_request_context(), self._read() as conn:
            one, who = directory.topic(conn, topic), directory.actor(conn, actor)
            stood = positions_at(conn, clocks, topic=one.id, lane=who.id)[0].position
            told = sentence_facts(
                conn, statements_needed(stood), HOST, own="en", lanes=[who.id], topics=[one.id]
            )
            return _texts(sentences.of_position(one.id, who.id, stood, told, clocks))

    def change(self, actor: str, topic: str = "union") -> tuple[str, ...]:
        """Return the latest change of an actor as a sentence, in each language."""
        with self.paper.app.test_request_context(), self._read() as conn:
            one, who = directory.topic(conn, topic), directory.actor(conn, actor)
            change = current_changes(conn, topic=one.id, lane=who.id)[0]
            proof = [*change.change.before, *change.change.after]
            told = sentence_facts(conn, proof, HOST, own="en", changes=[change])
            return _texts(sentences.of_change(change, told))

    def _read(self) -> Connection:
        return self.paper.services.models.engine().connect()


def _texts(found: tuple[sentences.Sentence, ...]) -> tuple[str, ...]:
    assert [sentence.lang for sentence in found] == ["en", "de"]
    return tuple(sentence.text for sentence in found)


@pytest.fixture
def quoting(paper: Paper) -> Quoting:
    return Quoting(paper)


def test_a_quoted_statement_is_attributed_dated_translated_and_sourced(quoting: Quoting) -> None:
    english, german = quoting.statement("yes")
    assert re.fullmatch(
        r"On the question “Should Aland join the union\?”, Dora Example \(Aland\) accepted this:"
        r" « nous ne nous opposons pas » \(translation: we do not oppose\)"
        r" \(said: 2 Sep 2025; " + SOURCE,
        english.replace("\u202f", " ").replace("\xa0", " "),
    )
    assert re.fullmatch(
        r"Dora Example \(Aland\) zur Frage „Should Aland join the union\?“: bereit, das zu"
        r" akzeptieren: « nous ne nous opposons pas » \(Übersetzung: we do not oppose\)"
        r" \(Aussage: 2\. Sept\. 2025; " + QUELLE,
        german.replace("\u202f", " ").replace("\xa0", " "),
    )


def test_a_second_hand_statement_says_via_whom_and_how_it_was_hedged(quoting: Quoting) -> None:
    english, german = quoting.statement("circles")
    assert (
        "Aland supported this, according to government circles, hedged in the source (könnte)"
        in english
    )
    assert "(said: about Dec 2025;" in english
    assert "“: dafür, so government circles, in der Quelle eingeschränkt (könnte)" in german


def test_a_condition_is_part_of_the_sentence(quoting: Quoting) -> None:
    english, german = quoting.statement("if")
    assert "Cland made this conditional: reforms first (said: Sep 2025;" in english
    assert "“: nur unter Bedingungen: reforms first" in german


@pytest.mark.parametrize("words", ["reforms first", "if all agree", "that all agree", "wenn alle"])
def test_a_stance_with_a_direction_keeps_its_condition_beside_it(paper: Paper, words: str) -> None:
    condition = Condition(text=words)
    paper.say("maybe", "cland", "accepts", "2025-12-01", paraphrase="Fine.", condition=condition)
    english, german = Quoting(paper).statement("maybe")
    assert f"Cland accepted this, with a condition: {words} (said: 1 Dec 2025;" in english
    assert f"das zu akzeptieren, mit einer Bedingung: {words}" in german
    for lang, label in (("en", "Condition:"), ("de", "Bedingung:")):
        page = paper.open(f"/s/{paper.numbers['maybe']}", **{"Accept-Language": lang}).text
        assert f"<b>{label}</b> <span" in page


def test_what_an_author_ascribes_to_somebody_was_not_said_by_them(paper: Paper) -> None:
    how = {"attribution": "ascribed", "paraphrase": "Cannot accept it."}
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    paper.say("ascribed", "eland", "opposes", "2025-12-01", **how)
    english, german = Quoting(paper).statement("ascribed")
    assert "Eland opposed this, as the source has it (held: 1 Dec 2025;" in english
    assert "“: dagegen, so die Darstellung der Quelle" in german
    assert "(Haltung: 1. Dez. 2025;" in german
    assert "Aussage" not in german
    assert "said" not in english


def test_who_declined_to_answer_is_said_to_have_declined(quoting: Quoting) -> None:
    english, german = quoting.statement("silent")
    assert "Dora Example (Aland) declined to answer (said: 15 Dec 2025;" in english
    assert "“: auf Nachfrage keine Antwort" in german


def test_a_position_names_its_first_and_last_words_and_what_is_reported_beside(
    quoting: Quoting,
) -> None:
    english, german = quoting.position("bland")
    assert "Bland supported this (first said: 15 Aug 2025, last said: 1 Dec 2025; " in english
    assert "(zuerst gesagt: 15. Aug. 2025, zuletzt: 1. Dez. 2025; " in german
    english, german = quoting.position("aland")
    circles = "second-hand words according to government circles: supports"
    assert f"beside {circles} (said: 2 Sep 2025; Dora Example; " in english
    assert (
        ", daneben aus zweiter Hand, so government circles: befürwortet"
        " (Aussage: 2. Sept. 2025; " in german
    )


def test_a_position_in_the_past_names_both_moments(quoting: Quoting) -> None:
    clocks = Clocks(as_of=1_752_000_000, known_at=10_000, known_text="@10000")
    english, german = quoting.position("aland", clocks=clocks)
    assert "Aland opposed this (said: 2 Jul 2025; Dora Example; " in english
    assert english.endswith("; as of 8 Jul 2025; known at event 10000 of the log).")
    assert german.endswith("; Stand vom 8. Juli 2025; bekannt bei Vorgang 10000 des Protokolls).")


def test_an_expectation_has_words_of_its_own(quoting: Quoting) -> None:
    english, german = quoting.position("bland", "deal")
    assert "Bland thought this likely" in english
    assert "“: das sei wahrscheinlich" in german


def test_a_change_names_both_sides_with_their_dates(paper: Paper) -> None:
    paper.sign()
    english, german = Quoting(paper).change("aland")
    assert (
        "”: Dora Example, for Aland, turned from opposing to accepting. Signed by an editor on"
        " 16 Dec 2025 (before, last said: 2 Jul 2025; said: 2 Sep 2025; Dora Example; " in english
    )
    assert "“: Dora Example (für Aland) wechselte von Ablehnung zu Hinnahme. " in german


def test_a_signed_change_is_quoted_as_it_was_signed_in_each_language(paper: Paper) -> None:
    quoting = Quoting(paper)
    german = SignedIn("de", "Aland nimmt es jetzt hin.", "Nur in einer Rede.")
    paper.sign("Aland now accepts it.", "In one speech.", [german])
    question = "On the question “Should Aland join the union?”"
    assert [text.partition(" (")[0] for text in quoting.change("aland")] == [
        f"{question}: Aland now accepts it. In one speech. Signed by an editor on 16 Dec 2025",
        (
            "Zur Frage „Should Aland join the union?“: Aland nimmt es jetzt hin. Nur in einer Rede."
            " Von der Redaktion bestätigt am 16. Dez. 2025"
        ),
    ]


def test_a_change_that_was_signed_in_one_language_is_quoted_in_it_in_every_other(
    paper: Paper,
) -> None:
    paper.sign("Aland now accepts it.", "In one speech.")
    german = Quoting(paper).change("aland")[1]
    assert (
        " wechselte von Ablehnung zu Hinnahme. Von der Redaktion bestätigt am 16. Dez. 2025: Aland"
        in german
    )
    assert "Aland now accepts it. In one speech (zuvor" in german


def test_a_position_taken_back_is_not_replaced(paper: Paper) -> None:
    back = paper.say(
        "back", "bland", "no_position", "2025-12-16", topic="deal", no_position_reason="unstated"
    )
    paper.newsroom.statements.link(paper.dora(), back, "withdraws", paper.numbers["likely"])
    paper.sign()
    english, german = Quoting(paper).change("bland", "deal")
    told = "Bland took back the words said on 15 Dec 2025 and took no other position"
    assert told in english
    told = "“: Bland nahm zurück, was am 15. Dez. 2025 gesagt worden war, ohne eine andere Position"
    assert told in german


def test_a_vote_is_called_a_vote(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Should it pass?", "vote", slug="motion")
    for name, stance, day in (("v1", "for", "2024-11-01"), ("v2", "against", "2025-11-01")):
        paper.say(name, "cland", stance, day, topic="motion", attribution="voted")
    english, german = Quoting(paper).change("cland", "motion")
    assert (
        "Cland switched from voting in favour to voting against"
        " (before, last such vote: 1 Nov 2024; vote: 1 Nov 2025;" in english
    )
    assert (
        "von einem Ja zu einem Nein (zuvor zuletzt so abgestimmt: 1. Nov. 2024;"
        " Abstimmung: 1. Nov. 2025;" in german
    )


def test_differing_words_of_one_day_are_called_so(paper: Paper) -> None:
    paper.say("a", "cland", "supports", "2025-12-16", paraphrase="Yes.")
    paper.say("b", "cland", "opposes", "2025-12-16", paraphrase="No.")
    english, german = Quoting(paper).position("cland")
    proofs = "; ".join(re.escape(f"{HOST}s/{paper.numbers[one]}@") + r"\d+" for one in "ab")
    source = r"\(said: 16 Dec 2025; Invented Times, 16 Dec 2025, https://example\.org/talks; "
    source += rf"{proofs}\)\."
    answers = "Cland gave differing answers on one day: supports, opposes "
    assert re.search(answers + source, english)
    assert "“: an einem Tag unterschiedliche Antworten: befürwortet, lehnt ab" in german


def test_differing_votes_of_one_day_are_called_so(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Should it pass?", "vote", slug="motion")
    days = {"for": "2025-11-01", "against": "2025-11-01", "abstained": "2025-12-01"}
    for stance, day in days.items():
        paper.say(stance, "cland", stance, day, topic="motion", attribution="voted")
    english, german = Quoting(paper).change("cland", "motion")
    assert "Cland moved from differing votes to abstaining" in english
    assert "von unterschiedlichen Stimmen zu einer Enthaltung" in german


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("Ukraine", "Ukraine turned", "Die Ukraine wechselte"),
        ("USA", "USA turned", "Die USA wechselten"),
        ("Iran", "Iran turned", "Der Iran wechselte"),
        ("United States", "The United States turned", "United States wechselte"),
        ("Vereinigte Staaten", "Vereinigte Staaten", "Die Vereinigten Staaten wechselten"),
        ("Eland Islands", "Eland Islands turned", "Eland Islands wechselte"),
    ],
)
def test_a_name_has_the_article_and_the_verb_that_its_language_gives_it(
    paper: Paper, name: str, english: str, german: str
) -> None:
    paper.newsroom.actors.introduce(paper.dora(), name, "organisation", slug="odd")
    paper.say("said", "odd", "supports", "2025-12-01", paraphrase="Yes.")
    paper.say("moved", "odd", "opposes", "2025-12-02", paraphrase="No.")
    paper.sign()
    told = Quoting(paper).change("odd")
    assert f"”: {english} from supporting to opposing" in told[0] or name == "Vereinigte Staaten"
    assert f"“: {german} von Befürwortung zu Ablehnung. " in told[1]


@pytest.mark.parametrize("name", ["Ukraine", "USA", "Auswärtiges Amt", "Eland Islands"])
def test_what_was_said_is_told_of_a_name_as_it_is_on_record(paper: Paper, name: str) -> None:
    paper.newsroom.actors.introduce(paper.dora(), name, "organisation", slug="odd")
    paper.newsroom.topics.open(paper.dora(), "Should it pass?", "vote", slug="motion")
    paper.say("said", "odd", "supports", "2025-12-01", paraphrase="Yes.")
    paper.say("voted", "odd", "for", "2025-12-02", topic="motion", attribution="voted")
    hearsay = {"topic": "deal", "attribution": "second_hand", "reported_via": name}
    paper.say("heard", "odd", "expects", "2025-12-01", **hearsay)
    quoting = Quoting(paper)
    german = {one: quoting.statement(one)[1] for one in ("said", "voted", "heard")}
    assert all(told.startswith(f"{name} zur Frage „") for told in german.values())
    assert "“: dafür (" in german["said"]
    assert "“: Stimme dafür (" in german["voted"]
    assert f"“: das sei zu erwarten, so {name} (" in german["heard"]
    assert f"{name} supported this" in quoting.statement("said")[0]


def test_that_nothing_is_on_record_is_said_of_a_name_as_it_is(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Türkei", "state", slug="odd")
    paper.put_into_german()
    german = paper.read("/t/deal/why/odd", Accept_Language="de")
    assert "Türkei zur Frage „Will there be a deal by spring?“: keine Aussage erfasst" in german


def test_withheld_words_are_in_no_sentence(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "private", withhold=True)
    english, german = Quoting(paper).statement("yes")
    assert "opposons" not in english + german
    assert "we do not oppose" not in english + german


def test_no_sentence_names_anybody_in_another_language(paper: Paper) -> None:
    number = paper.numbers["yes"]
    paper.sign()
    for lang in ("en", "de"):
        for path in (f"/s/{number}", "/t/union/why/aland", "/a/aland"):
            page = paper.open(path, Accept_Language=lang).text
            assert re.search(r'id="snt-[^"]+-en" lang="en"', page)
            assert not re.search(r'id="snt-[^"]+-de"', page)
    rooms = paper.newsroom
    rooms.actors.translate(paper.dora(), "aland", "de", {"actor_name": "Ahland"})
    question = {"topic_question": "Soll Ahland der Union beitreten?"}
    rooms.topics.translate(paper.dora(), "union", "de", question)
    for lang in ("en", "de"):
        page = plain(paper.open(f"/s/{number}", Accept_Language=lang).text)
        assert "Dora Example (Ahland) zur Frage „Soll Ahland der Union beitreten?“: " in page
        assert "On the question “Should Aland join the union?”, Dora Example (Aland) " in page


def test_a_person_is_called_alike_in_every_language_unless_somebody_says_otherwise(
    paper: Paper,
) -> None:
    paper.put_into_german()
    paper.newsroom.actors.introduce(paper.dora(), "Erna Example", "person", slug="erna")
    paper.say("hers", "erna", "supports", "2025-12-01", paraphrase="Yes.")
    assert "Erna Example zur Frage" in Quoting(paper, in_german=False).statement("hers")[1]


@pytest.mark.parametrize("name", ["circles", "if"])
def test_no_sentence_tells_a_condition_or_a_go_between_in_another_language(
    paper: Paper, name: str
) -> None:
    paper.put_into_german()
    more = {"reported_via": "officials"} if name == "circles" else {}
    condition = Condition(text="reforms first") if name == "if" else None
    attribution = "second_hand" if more else "reported"
    given = {"attribution": attribution, "condition": condition, "paraphrase": "Yes."}
    paper.say("new", "cland", "accepts", "2025-12-01", **given, **more)
    found = paper.open(f"/s/{paper.numbers['new']}").text
    assert 'id="snt-it-en"' in found
    assert 'id="snt-it-de"' not in found


def test_a_translation_that_is_not_in_the_language_is_left_out(paper: Paper) -> None:
    rooms = paper.newsroom
    rooms.actors.translate(paper.dora(), "aland", "de", {"actor_name": "Ahland"})
    rooms.topics.translate(paper.dora(), "union", "de", {"topic_question": "Soll es sein?"})
    english, german = Quoting(paper, in_german=False).statement("yes")
    assert "(translation: we do not oppose)" in english
    assert "opposons" in german
    assert "we do not oppose" not in german


def test_pages_offer_their_sentences_to_copy_in_both_languages(paper: Paper) -> None:
    number = paper.numbers["yes"]
    paper.put_into_german()
    paper.sign()
    for path, words in (
        (f"/s/{number}", "accepted this"),
        ("/t/union/why/aland", "accepted this"),
        ("/a/aland", "turned from opposing to accepting"),
    ):
        page = paper.open(path).text
        assert words in page
        for button in re.findall(r'data-copy="#(snt-[^"]+)"', page):
            assert page.count(f'id="{button}"') == 1
        assert re.search(r'id="snt-[^"]+-de" lang="de"', page)
        assert f"http://localhost/s/{number}@" in page


def test_no_sentence_is_offered_for_a_retracted_statement(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "wrong")
    assert "snt-" not in paper.open(f"/s/{paper.numbers['yes']}").text


def test_why_nobody_stands_anywhere_is_a_sentence_too(paper: Paper) -> None:
    text = paper.read("/t/deal/why/cland")
    assert "no statement by Cland is on record" in text
