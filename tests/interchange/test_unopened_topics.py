"""The row that opens a topic is refused: nothing that follows opens it in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk, Row, jsonl, row, table

if TYPE_CHECKING:
    from collections.abc import Callable

TOPIC = {"kind": "topic", "topic": "eu-accession", "topic_question": "Should Ukraine join the EU?"}
SILENT: Row = {"topic_question": None, "stance": "no_position", "no_position_reason": "unstated"}
HAPPENED = {"kind": "development", "topics": ["eu-accession"], "title": "A new round"}
HAPPENED |= {"happened_at": "2025-12-14", "source.outlet": "Der Standard"}

BECAUSE = "topic 'eu-accession' is not open, since the row that opens it was refused"

OPENINGS = {
    "a stance of another scale": row(stance="for"),
    "a day to come": row(said_at="2999", source__published_at=None),
    "no stance": row(stance=None),
    "a field that we do not have": row(mood="sad"),
    "a value that is no text": row(paraphrase=["no", "text"]),
    "a scale that we do not have": row(scale="mood"),
    "a scale and no question": row(topic_question=None, scale="vote"),
    "a question that is too long": row(topic_question="x" * 5_000),
    "a line of the topic": TOPIC | {"scale": "mood"},
    "a line with a stray field": TOPIC | {"stance": "for"},
}
FOLLOWING = {
    "a word of the claim scale": row(topic_question=None, stance="asserts"),
    "a word of several scales": row(topic_question=None, stance="leaves open"),
    "no position": row(**SILENT),
    "the topic by name": row(**SILENT | {"topic": "EU accession"}),
}


def test_a_topic_that_is_opened_meanwhile_explains_a_stance_by_its_own_scale(desk: Desk) -> None:
    stray, opens = row(topic_question=None, stance="supports"), TOPIC | {"scale": "vote"}
    before, after = desk.take_rows(stray, opens, stray | {"paraphrase": "Yes."}).rejections
    assert "'eu-accession' is on the claim scale" in str(before)
    assert "'eu-accession' is on the vote scale" in str(after)


PAIRS = [
    (opening, following)
    if at % len(FOLLOWING) == place
    else pytest.param(opening, following, marks=pytest.mark.thorough)
    for at, opening in enumerate(OPENINGS)
    for place, following in enumerate(FOLLOWING)
]
"""The first tier takes each opening once, and each row that follows several times."""


@pytest.mark.parametrize(("opening", "following"), PAIRS)
def test_a_row_that_does_not_say_how_is_refused_too(
    desk: Desk, opening: str, following: str
) -> None:
    refused = desk.take_rows(OPENINGS[opening], FOLLOWING[following], HAPPENED).rejections
    assert [each.line for each in refused] == [1, 2, 3]
    assert BECAUSE in str(refused[1])
    assert "there is no topic 'eu-accession'" in str(refused[2])
    assert desk.all_events() == []


def test_nor_do_rows_of_the_files_after_it(desk: Desk) -> None:
    first = desk.file(jsonl([TOPIC | {"scale": "mood"}]), "topics.jsonl")
    second = desk.file(table(row(**SILENT)), "rows.csv")
    _, rejection = desk.take(first, second).rejections
    assert BECAUSE in str(rejection)
    assert desk.all_events() == []


@pytest.mark.parametrize("written", [jsonl, lambda rows: table(*rows)])
def test_a_row_that_says_how_opens_it_all_the_same(
    desk: Desk, written: Callable[[list[Row]], str]
) -> None:
    rows = [row(stance="for"), row(**SILENT), row(), row(**SILENT | {"actor": "Ukraine"})]
    summary = desk.take(desk.file(written(rows), "rows.txt"))
    assert ([each.line - summary.rejections[0].line for each in summary.rejections]) == [0, 1]
    assert (summary.recorded, desk.event("topic.opened").scale) == (2, "position")


def test_rows_before_it_open_it_as_they_say(desk: Desk) -> None:
    before = row(topic_question=None, stance="asserts")
    (rejection,) = desk.take_rows(
        before, row(mood="sad", scale="claim"), before | {"actor": "X"}
    ).rejections
    assert "mood" in str(rejection)
    assert desk.event("topic.opened").scale == "claim"
    assert len(desk.events("statement.recorded")) == 2


def test_mended_they_are_imported_together(desk: Desk) -> None:
    rows = [row(mood="sad"), row(**SILENT)]
    assert desk.take_rows(*rows).recorded == 0
    assert desk.take_rows(row(), rows[1]).recorded == 2
    assert desk.event("topic.opened").scale == "position"


def test_a_concept_whose_first_row_is_refused_is_opened_by_the_next(desk: Desk) -> None:
    concept = row(topic="Emissions rise", topic_question=None, stance="asserts")
    assert desk.take_rows(concept | {"stance": "wants"}, concept).recorded == 1


def test_a_topic_on_record_takes_rows_whatever_was_refused_before(desk: Desk) -> None:
    desk.take_rows(row())
    assert desk.take_rows(row(stance="for"), row(**SILENT)).recorded == 1


@pytest.mark.parametrize("options", [{"dry_run": True}, {"strict": True}])
def test_a_rehearsal_says_the_same(desk: Desk, options: dict[str, bool]) -> None:
    rows = [row(mood="sad"), row(**SILENT)]
    summary = desk.take_rows(*rows, dry_run="dry_run" in options, strict="strict" in options)
    assert summary.rejections == desk.take_rows(*rows).rejections
