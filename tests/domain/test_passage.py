"""The passage of a source that carries a statement, and the words of a quote."""

from __future__ import annotations

import pytest

from tests.domain.past import ANNA, decided, told
from tests.domain.test_statement import REDACTED, amended, record, seconded, statement
from timeline.domain.entry import Amendment
from timeline.domain.errors import Refused
from timeline.domain.quote import PASSAGE_LIMIT, Passage, without_marks
from timeline.domain.statement import (
    PassageGiven,
    Statement,
    StatementCorrected,
    StatementPassageAdded,
    StatementRecorded,
    Words,
)

SAID = Passage(
    "A bid could be acceptable, it is said.", prefix="Nothing is settled. ", start=20, end=58
)
ADDED = told(StatementPassageAdded, content=PassageGiven(passage=SAID))


def test_a_statement_is_recorded_with_the_passage_that_carries_it() -> None:
    event = record(content=Words(paraphrase="It may join.", passage=SAID))
    assert event.content is not None
    assert event.content.passage == SAID
    assert statement_of(event).fields["passage"] == SAID.exact


def statement_of(event: StatementRecorded) -> Statement:
    found = Statement.replay([event])
    assert found is not None
    return found


@pytest.mark.parametrize("attribution", ["reported", "quoted", "ascribed", "voted"])
def test_the_words_of_any_attribution_may_have_a_passage(attribution: str) -> None:
    words = Words(paraphrase="It may join.", passage=SAID)
    assert record(attribution=attribution, content=words).content == words


def test_a_passage_has_five_hundred_characters_at_most() -> None:
    record(content=Words(passage=Passage("x" * PASSAGE_LIMIT)))
    with pytest.raises(Refused, match="the passage has 501 characters, 500 are allowed"):
        record(content=Words(passage=Passage("x" * 501)))
    with pytest.raises(Refused, match="the passage has 501 characters"):
        statement().add_passage(ANNA, Passage("x" * 501))


@pytest.mark.parametrize(("start", "end"), [(3, 4), (-3, 35), (58, 20)])
def test_a_passage_stands_where_it_is_as_long_as_it_is(start: int, end: int) -> None:
    misplaced = Passage(SAID.exact, start=start, end=end)
    with pytest.raises(Refused, match="the passage has 38 characters and cannot stand from"):
        record(content=Words(passage=misplaced))
    with pytest.raises(Refused, match="the passage has 38 characters and cannot stand from"):
        statement().add_passage(ANNA, misplaced)


def test_a_passage_is_added_to_a_statement_recorded_without() -> None:
    entry = statement()
    entry.add_passage(ANNA, SAID)
    assert decided(entry) == [ADDED]
    assert entry.passage == SAID
    assert entry.fields["passage"] == SAID.exact


def test_the_same_passage_again_changes_nothing() -> None:
    entry = statement(ADDED)
    entry.add_passage(ANNA, SAID)
    assert decided(entry) == []


def test_another_passage_in_its_place_is_a_correction() -> None:
    entry = statement(ADDED)
    with pytest.raises(Refused, match="another passage is on record for this statement"):
        entry.add_passage(ANNA, Passage("Other words."))
    entry.correct(ANNA, {"passage": "Other words."}, "The sentence before it.")
    content = Amendment(reason="The sentence before it.", old=SAID.exact, new="Other words.")
    assert decided(entry) == [told(StatementCorrected, field="passage", content=content)]


def test_a_passage_that_is_corrected_stands_nobody_knows_where() -> None:
    content = Amendment(reason="Misread.", old=SAID.exact, new="Other words.")
    entry = statement(ADDED, told(StatementCorrected, field="passage", content=content))
    assert entry.passage is None
    assert entry.fields["passage"] == "Other words."


def test_a_passage_that_is_too_long_is_no_correction() -> None:
    with pytest.raises(Refused, match="the passage has 501 characters"):
        statement(ADDED).correct(ANNA, {"passage": "x" * 501}, "All of it.")


def test_no_passage_takes_the_place_of_words_that_the_law_made_us_erase() -> None:
    with pytest.raises(Refused, match="the words of this entry were erased"):
        statement(REDACTED).add_passage(ANNA, SAID)


def test_a_statement_that_came_without_a_passage_has_an_empty_one() -> None:
    entry = statement(seconded("d2", "quoted"), amended("stance", 1, 2))
    assert entry.passage is None
    assert entry.fields["passage"] == ""


@pytest.mark.parametrize(
    "given",
    [
        '"Ours. Always."',
        "“Ours. Always.”",
        "„Ours. Always.“",
        "„Ours. Always.”",
        "«\u00a0Ours. Always.\u00a0»",
        "»Ours. Always.«",
        "‚Ours. Always.‘",
        "‘Ours. Always.’",
        "„«Ours. Always.»“",
        "Ours. Always.",
    ],
)
def test_the_pair_of_marks_around_a_whole_quote_is_left_out(given: str) -> None:
    assert without_marks(given) == "Ours. Always."


@pytest.mark.parametrize(
    "given",
    [
        '"A" and "B"',
        "„A“ und „B“",
        "“A” and “B”",
        "«A» et «B»",
        '"A" at the start',
        'at the end "B"',
        '"never closed',
        '"',
        '""',
        '" "',
        "“ „",
        "'Tis the season of givin'",
        "",
    ],
)
def test_marks_that_hold_a_part_of_the_words_only_stay(given: str) -> None:
    assert without_marks(given) == given


def test_marks_and_apostrophes_within_stay() -> None:
    assert without_marks("„Er sagte ‚nein‘ dazu“") == "Er sagte ‚nein‘ dazu"
    assert without_marks("‘It’s “ours”’") == "It’s “ours”"
