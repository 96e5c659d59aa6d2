from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from tests.web.paper import plain
from timeline.application.commands import Quoted
from timeline.application.readings import CodedStance, SecondReading
from timeline.domain.codebook import Codebook, CodingRule, Example, StanceGuide

if TYPE_CHECKING:
    from tests.web.paper import Paper

PAGE = "/t/union/codebook"
FIRST = Codebook(
    about="Whether Aland should join, not when.",
    stances=(
        StanceGuide(stance=2, rule="Wants Aland to join."),
        StanceGuide(
            stance=-1,
            rule="Finds it unwelcome.",
            borderline=(Example(words="We shall see.", stance=None, why="takes no side"),),
        ),
    ),
    rules=(CodingRule(title="Whether, not when", text="A date is no stance."),),
)


def write(paper: Paper, codebook: Codebook = FIRST) -> int:
    position = paper.newsroom.topics.write_codebook(paper.dora(), "union", codebook).position
    paper.services.models.catch_up()
    return position


def changed(**parts: object) -> Codebook:
    return msgspec.structs.replace(FIRST, **parts)


def test_readers_are_told_where_nobody_wrote_the_rules_down(paper: Paper) -> None:
    assert "Nobody has written down yet" in paper.read(PAGE)
    assert paper.data(f"{PAGE}.json")["codebooks"] == []


def test_a_codebook_shows_each_stance_with_its_rule_and_how_cases_are_coded(
    any_paper: Paper,
) -> None:
    write(any_paper)
    page = any_paper.read(PAGE)
    for words in (
        "codebook, version 1",
        "Whether Aland should join, not when.",
        "Wants Aland to join.",
        "We shall see.",
        "no position : takes no side",
        "A date is no stance.",
    ):
        assert words in page
    assert "No rule yet." in page  # of the stances that it leaves out


def test_a_part_of_the_page_has_the_rules_too(paper: Paper) -> None:
    write(paper)
    part = paper.open(PAGE, HX_Request="true", HX_Target="view")
    assert part.status_code == 200
    assert 'id="stances"' in part.text


def test_a_topic_leads_to_its_codebook(paper: Paper) -> None:
    write(paper)
    assert f'href="{PAGE}"' in paper.open("/t/union").text


def test_earlier_versions_can_be_read_and_each_says_what_it_changed_and_why(paper: Paper) -> None:
    write(paper)
    rules = (CodingRule(title="Whether, not when", text="A date alone is no stance."),)
    write(paper, changed(rules=rules, reason="Two coders differed."))
    page = paper.open(PAGE).text
    assert "<ins>alone </ins>" in page
    assert "Two coders differed." in page
    assert "A date is no stance." not in plain(page.partition('id="versions"')[0])
    earlier = paper.read(f"{PAGE}?version=1")
    assert "An earlier version." in earlier
    assert "A date is no stance." in earlier
    assert paper.open(f"{PAGE}?version=3").status_code == 404
    assert paper.open(f"{PAGE}?version=nonsense").status_code == 404


def test_a_codebook_is_read_as_it_was_known(paper: Paper) -> None:
    position = write(paper)
    write(paper, changed(about="Whether, and when.", reason="Asked for."))
    then = paper.read(f"{PAGE}?known_at=@{position}")
    assert "Whether Aland should join, not when." in then
    assert "Whether, and when." not in then


def test_an_example_on_record_follows_what_becomes_of_its_words(paper: Paper) -> None:
    number = paper.numbers["yes"]
    said = paper.newsroom.statements.stream(number)
    guide = StanceGuide(stance=1, clear=(Example(statement=said, stance=1),))
    write(paper, Codebook(stances=(guide,)))
    shown = paper.read(PAGE)
    assert "nous ne nous opposons pas" in shown
    assert "Dora Example" in shown
    paper.newsroom.statements.retract(paper.dora(), number, "Asked by law.", withhold=True)
    hidden = paper.read(PAGE)
    assert "nous ne nous opposons pas" not in hidden
    assert "The words are withheld." in hidden


def test_every_version_is_data_with_its_author(paper: Paper) -> None:
    position = write(paper)
    (told,) = paper.data(f"{PAGE}.json")["codebooks"]
    assert (told["version"], told["position"], told["recorded_by"]) == (1, position, "dora")
    assert told["codebook"]["stances"]["doubts"]["borderline"] == [
        {"words": "We shall see.", "coded": "no_position", "why": "takes no side"}
    ]


def test_a_codebook_that_a_law_demanded_gone_is_said_to_be(paper: Paper) -> None:
    write(paper)
    paper.newsroom.topics.redact(paper.dora(), "union", "Art. 17 GDPR")
    page = paper.read(PAGE)
    assert "were erased" in page
    assert "Wants Aland to join." not in page
    assert paper.data(f"{PAGE}.json")["codebooks"][0]["codebook"] is None


def test_a_statement_names_the_version_by_which_its_stance_was_coded(paper: Paper) -> None:
    before, number = paper.numbers["no"], paper.numbers["yes"]
    write(paper)
    after = paper.say("later", "bland", "doubts", "2025-12-15")
    write(paper, changed(about="Whether, and when.", reason="Asked for."))
    changes, why = {"stance": "supports"}, "By the new rules."
    paper.newsroom.statements.correct(paper.dora(), number, changes, why)
    assert "coded by the codebook" not in paper.read(f"/s/{before}")
    assert "coded by the codebook, version 1" in paper.read(f"/s/{after}")
    assert "coded by the codebook, version 2" in paper.read(f"/s/{number}")


def quoted(paper: Paper, name: str, *readings: tuple[str, str, bool]) -> None:
    """Record a quote, and how each reader (a handle) reads it: the stance, and if it carries."""
    words = Quoted("we have wanted to join for all these years", lang="en")
    number = paper.say(name, "dora", "supports", "2025-12-10", quote=words)
    for reader, stance, carries in readings:
        by = paper.newsroom.byline(reader)
        paper.newsroom.statements.read_quote(by, number, stance, carries=carries)


def test_a_codebook_says_how_far_blind_readings_of_quotes_agree(paper: Paper) -> None:
    write(paper)
    assert "How far readers agree" not in paper.read(PAGE)
    yes, no = ("supports", True), ("no_position", False)
    quoted(paper, "same side", ("zoe", *yes), ("emil", "accepts", True))
    quoted(paper, "other side", ("zoe", *yes), ("emil", "doubts", True))
    quoted(paper, "not alike", ("zoe", *yes), ("emil", *no))
    quoted(paper, "neither carries", ("zoe", *no), ("emil", *no))
    quoted(paper, "read once", ("zoe", *yes))
    before = paper.services.log.head()
    quoted(paper, "taken back", ("zoe", *yes), ("emil", *yes))
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["taken back"], "Another Dora.")
    page = paper.read(PAGE)
    assert "4 quotes were read blind twice: each reader saw the question and the quote" in page
    assert "agree on 3 of 4 whether the quote alone answers the question" in page
    assert "In 2 both say that it does, and in 1 of these both name the same side." in page
    found = {"read": 4, "alike": 3, "carried": 2, "same_side": 1}
    assert paper.data(f"{PAGE}.json")["blind_readings"] == found
    then = paper.data(f"{PAGE}.json?known_at=@{before}")["blind_readings"]
    assert then == found
    other = paper.numbers["other side"]
    paper.newsroom.statements.retract(paper.dora(), other, "Another Dora.")
    assert "In 1 both say that it does, and both name the same side." in paper.read(PAGE)
    assert (
        paper.data(f"{PAGE}.json?known_at=@{before - 9}")["blind_readings"]["read"] < found["read"]
    )


def coded_again(paper: Paper, name: str, *readings: tuple[str, str, bool | None]) -> None:
    """Record a statement, and how each coder (a handle) reads it: stance, and if conditional."""
    number = paper.say(name, "dora", "supports", "2025-12-10")
    for coder, stance, condition in readings:
        reason = "unstated" if stance == "no_position" else None
        by = paper.newsroom.byline(coder)
        paper.newsroom.statements.code(by, number, stance, reason, has_condition=condition)


def test_a_codebook_says_how_far_two_coders_agree_on_direction_and_condition(paper: Paper) -> None:
    write(paper)
    coded_again(paper, "alike", ("zoe", "supports", True), ("emil", "supports", True))
    coded_again(paper, "step", ("zoe", "supports", False), ("emil", "accepts", True))
    coded_again(paper, "none", ("zoe", "no_position", None), ("emil", "no_position", True))
    coded_again(paper, "a third", *((who, "doubts", False) for who in ("zoe", "emil", "ida")))
    coded_again(paper, "again", ("zoe", "opposes", True), ("emil", "doubts", False))
    before = paper.services.log.head()
    zoe = paper.newsroom.byline("zoe")
    statements, again = paper.newsroom.statements, paper.numbers["again"]
    statements.code(zoe, again, "doubts", has_condition=False)
    coded_again(paper, "coded once", ("zoe", "supports", True))
    page = paper.read(PAGE)
    assert "Two coders each coded 5 statements again." in page
    assert "They agree on the direction, or that there is none, in 4 of 5." in page
    assert "On whether there is a condition they agree in 3 of 4." in page
    found = {"coded": 5, "same_question": 5, "same_direction": 4}
    found |= {"asked_condition": 4, "same_condition": 3}
    assert paper.data(f"{PAGE}.json")["codings"] == found
    then = paper.data(f"{PAGE}.json?known_at=@{before}")["codings"]
    assert then == found | {"same_direction": 3, "same_condition": 2}
    statements.code(zoe, again, "thinks unlikely", topic="deal", has_condition=False)
    page = paper.read(PAGE)
    assert "Both say of 4 of these that the words answer the same question." in page
    assert "in 3 of 4." in page
    entry = paper.read(f"/s/{again}")
    assert "thinks unlikely read as an answer to Will there be a deal by spring?" in entry
    assert "Read by zoe as “thinks unlikely”" in entry
    assert "with a condition" in paper.read(f"/s/{paper.numbers['alike']}")
    statements.retract(paper.dora(), paper.numbers["alike"], "Another Dora.")
    assert paper.data(f"{PAGE}.json")["codings"]["coded"] == 4


def test_what_an_editor_decided_between_is_no_agreement(paper: Paper) -> None:
    write(paper)
    coded_again(paper, "decided", ("zoe", "supports", None))
    number = paper.numbers["decided"]
    second = SecondReading(CodedStance("doubts"), coder="emil", first_coder="dora")
    paper.newsroom.statements.decide(paper.dora(), number, second, None, "It stays.")
    assert "How far readers agree" not in paper.read(PAGE)


def test_programs_get_every_version_as_known_then(paper: Paper) -> None:
    position = write(paper)
    write(paper, changed(about="Whether, and when.", reason="Asked for."))
    address = "/api/v1/topics/union/codebooks"
    assert [one["version"] for one in paper.data(address)["items"]] == [1, 2]
    (known,) = paper.data(f"{address}?known_at=@{position}")["items"]
    assert known["codebook"]["about"] == "Whether Aland should join, not when."


GERMAN = {"Accept_Language": "de"}
IN_GERMAN = {
    "Whether Aland should join, not when.": "Ob Aland beitreten soll, nicht wann.",
    "Wants Aland to join.": "Will, dass Aland beitritt.",
}


def translate(paper: Paper, words: dict[str, str]) -> None:
    by_field = {f"codebook:{original}": text for original, text in words.items()}
    paper.newsroom.topics.translate(paper.dora(), "union", "de", by_field)
    paper.services.models.catch_up()


def test_a_reader_gets_the_rules_that_are_in_their_language_and_the_others_marked_as_they_are(
    paper: Paper,
) -> None:
    write(paper)
    translate(paper, IN_GERMAN)
    german = paper.open(PAGE, **GERMAN).text
    assert ">Will, dass Aland beitritt.<" in german
    assert "Wants Aland to join." not in german
    assert re.search(r'<p class="codebook-rule" lang="en"[^>]*>Finds it unwelcome', german)
    assert not re.search(r'lang="en"[^>]*>Will, dass', german)
    assert "Wants Aland to join." in paper.read(PAGE)
    (told,) = paper.data(f"{PAGE}.json")["codebooks"]
    assert told["codebook"]["about"] == "Whether Aland should join, not when."


def test_versions_are_compared_in_the_language_of_the_reader_where_both_are_in_it(
    paper: Paper,
) -> None:
    first = Codebook(about="Whether it should join.")
    write(paper, first)
    write(paper, Codebook(about="Whether it should ever join.", reason="Clearer."))
    in_german = {
        "Whether it should join.": "Ob es beitreten soll.",
        "Whether it should ever join.": "Ob es je beitreten soll.",
    }
    translate(paper, in_german)
    page = paper.open(PAGE, **GERMAN).text.partition("codebook-versions")[2]
    assert "<ins>ever" in page  # the reason is not in German yet
    translate(paper, {"Clearer.": "Klarer."})
    page = paper.open(PAGE, **GERMAN).text.partition("codebook-versions")[2]
    assert "<ins>je" in page
    assert "Klarer." in page
    assert 'lang="en"' not in page.partition("</section>")[0]


def test_a_quote_in_another_language_stands_with_what_it_says(paper: Paper) -> None:
    quote = Quoted(text="We shall join.", lang="en", wording="original")
    number = paper.say("quoted", "bland", "accepts", "2025-12-10", quote=quote, paraphrase="Will.")
    said = Example(statement=paper.services.newsroom.statements.stream(number), stance=1)
    write(paper, Codebook(stances=(StanceGuide(stance=1, clear=(said,)),)))
    assert 'class="codebook-sense"' not in paper.open(PAGE).text
    assert 'class="codebook-sense"' in paper.open(PAGE, **GERMAN).text
