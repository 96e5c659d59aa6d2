"""Passages in files: with their rows, or added to what is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk, row, without_clock
from timeline.application.commands import Excerpt

if TYPE_CHECKING:
    from pathlib import Path

SAID = "Ein Beitritt sei hinnehmbar, hieß es."
PLACE = {"text": SAID, "prefix": "Nichts ist sicher. ", "start": 19, "end": 19 + len(SAID)}
BARE = row(key="t:1", paraphrase="It may join.")
FULL = row(key="t:1", paraphrase="It may join.", passage=PLACE)
ONLY = {"kind": "statement", "key": "t:1", "passage": PLACE}


def test_a_row_is_recorded_with_its_passage(desk: Desk) -> None:
    assert desk.take_rows(FULL).recorded == 1
    passage = desk.event("statement.recorded").content.passage
    assert (passage.exact, passage.prefix, passage.start) == (SAID, PLACE["prefix"], 19)


@pytest.mark.parametrize("adding", [FULL, ONLY], ids=["whole row", "key alone"])
def test_a_row_adds_its_passage_to_what_is_on_record_without(
    desk: Desk, adding: dict[str, object]
) -> None:
    desk.take_rows(BARE)
    assert desk.take_rows(adding).lines() == ["1 known already", "1 passage added"]
    assert desk.event("statement.passage_added").content.passage.exact == SAID


def test_a_passage_is_added_once(desk: Desk) -> None:
    desk.take_rows(BARE)
    desk.take_rows(FULL)
    head = desk.log.head()
    for again in (FULL, ONLY, BARE):
        assert desk.take_rows(again).lines() == ["1 known already"]
    assert desk.log.head() == head


def test_a_passage_that_was_corrected_since_is_not_added_again(desk: Desk) -> None:
    desk.take_rows(FULL)
    statements, number = desk.newsroom.statements, desk.log.head()
    statements.correct(desk.anna(), number, {"passage.text": "Anders."}, "The other sentence.")
    assert desk.take_rows(FULL).lines() == ["1 known already"]


def test_another_passage_than_that_on_record_is_refused(desk: Desk) -> None:
    desk.take_rows(FULL)
    summary = desk.take_rows(FULL | {"passage": {"text": "Anders."}})
    assert [rejection.column for rejection in summary.rejections] == ["passage.text"]
    assert "another passage is on record" in summary.rejections[0].reason


def test_a_row_without_a_key_is_the_same_with_and_without_its_passage(desk: Desk) -> None:
    desk.take_rows(row(paraphrase="It may join."))
    summary = desk.take_rows(row(paraphrase="It may join.", passage=PLACE))
    assert summary.lines() == ["1 known already", "1 passage added"]


def test_a_passage_belongs_to_statements_alone(desk: Desk) -> None:
    development = {
        "kind": "development",
        "title": "Talks end",
        "topics": ["eu-accession"],
        "happened_at": "2025",
        "passage": {"text": SAID},
    }
    summary = desk.take_rows(BARE, development)
    assert "a development has no field 'passage.text'" in summary.rejections[0].reason


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_passages_come_out_and_in_again_however_they_came(
    desk: Desk, name: str, tmp_path: Path
) -> None:
    desk.take_rows(BARE, row(key="t:2", stance="doubts", paraphrase="No.", passage=PLACE))
    desk.take_rows(FULL)
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as other:
        summary = other.take(other.file(desk.export(name), f"rows.{name}"))
        assert summary.clean, summary.rejections
        assert without_clock(other.export()) == without_clock(desk.export())
        assert other.export().count(SAID) == 2


def test_a_row_never_gives_one_source_the_wording_of_another(desk: Desk) -> None:
    desk.take_rows(FULL | {"further_sources": [{"outlet": "Radio", "attribution": "quoted"}]})
    (told,) = (line for line in desk.export().splitlines() if '"key":"t:1"' in line)
    assert '"outlet":"Radio"' in told
    assert SAID not in told


def test_a_passage_is_added_by_the_desk_as_well(desk: Desk) -> None:
    desk.take_rows(BARE)
    statements = desk.newsroom.statements
    added = statements.add_passage(desk.anna(), desk.log.head(), Excerpt(f" {SAID} "))
    assert added.fresh
    assert desk.event("statement.passage_added").content.passage.exact == SAID
