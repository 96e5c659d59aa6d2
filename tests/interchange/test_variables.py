"""What a codebook asks beside the stance comes in, is kept in its kind, and goes out again."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, Row, row
from timeline.domain.actor import Actor
from timeline.domain.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHOSEN: dict[str, Any] = {"choices": ["green", "red"]}
VARIABLES: list[dict[str, Any]] = [
    {
        "id": "salience",
        "kind": "choice",
        "label": "How much room it gets",
        "choices": ["low", "high", "none"],
        "required": True,
    },
    {"id": "billions", "kind": "number"},
    {"id": "named", "kind": "yes/no"},
    {"id": "frame", "kind": "text"},
]
BOOK: dict[str, Any] = {"about": "Whether it should join.", "variables": VARIABLES}
TOPIC: Row = {
    "kind": "topic",
    "topic": "eu-accession",
    "topic_question": "Should Ukraine join the EU?",
    "scale": "position",
    "codebooks": [BOOK],
}
SAID: Row = row(
    key="1",
    **{
        "variables.salience": "HIGH",
        "variables.billions": "+03.50",
        "variables.named": "no",
        "variables.frame": " a bridge ",
    },
)
KEPT = {"salience": "high", "billions": "3.5", "named": "no", "frame": "a bridge"}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    """Another empty newsroom."""
    with Desk.opened(f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as opened:
        yield opened


def told(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in desk.export("jsonl").splitlines()]


def test_values_are_kept_in_their_kind_and_go_out_and_come_back(desk: Desk) -> None:
    summary = desk.take_rows(TOPIC, SAID)
    assert summary.clean, summary.rejections
    assert desk.event("statement.recorded").content.variables == KEPT
    said = next(one for one in told(desk) if one["kind"] == "statement")
    assert said["variables"] == KEPT
    declared = next(one for one in told(desk) if one["kind"] == "topic")
    assert declared["codebooks"][0]["variables"] == VARIABLES
    (line,) = (
        one for one in csv.DictReader(io.StringIO(desk.export("csv"))) if one["kind"] == "statement"
    )
    assert {name: line[f"variables.{name}"] for name in KEPT} == KEPT


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_comes_back_as_it_was(desk: Desk, other: Desk, form: str) -> None:
    desk.take_rows(TOPIC, {"kind": "actor", "actor": "russia", "actor_name": "Russia"})
    # By hand somebody may choose, and type, what says nothing in a file of others.
    values = KEPT | {"salience": "none", "frame": "?"}
    desk.say(topic="eu-accession", variables=values)
    assert other.take(other.file(desk.export(form), f"rows.{form}")).clean
    assert other.event("statement.recorded").content.variables == values


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("variables.salience", "middling", "'middling' is not among the choices"),
        ("variables.salience", "", "the codebook asks for 'How much room it gets'"),
        ("variables.billions", "some", "'some' is not a number"),
        ("variables.named", "perhaps", "'perhaps' is neither yes nor no"),
        ("variables.tone", "harsh", "no codebook in force declares 'tone' here"),
    ],
)
def test_a_value_that_the_codebook_does_not_know_is_refused_in_a_line(
    desk: Desk, field: str, value: str, why: str
) -> None:
    summary = desk.take_rows(TOPIC, SAID | {field: value})
    (rejection,) = summary.rejections
    assert rejection.column == field
    assert why in rejection.reason
    assert not desk.events("statement.recorded")


def test_what_was_on_record_before_a_codebook_asked_comes_back_without_it(
    desk: Desk, other: Desk
) -> None:
    desk.take_rows(TOPIC | {"codebooks": [{"about": "Whether it should join."}]}, row(key="1"))
    later = {**BOOK, "reason": "We ask for more."}
    desk.take_rows(TOPIC | {"codebooks": [{"about": "Whether it should join."}, later]})
    summary = other.take(other.file(desk.export("jsonl"), "rows.jsonl"))
    assert summary.clean, summary.rejections
    assert other.event("statement.recorded").content.variables == {}


def test_a_value_stays_under_its_id_where_a_later_codebook_asks_no_more(
    desk: Desk, other: Desk
) -> None:
    desk.take_rows(TOPIC, SAID)
    fewer = {"about": BOOK["about"], "variables": VARIABLES[:1], "reason": "Too many."}
    desk.take_rows(TOPIC | {"codebooks": [BOOK, fewer]})
    summary = other.take(other.file(desk.export("jsonl"), "rows.jsonl"))
    assert summary.clean, summary.rejections
    assert other.event("statement.recorded").content.variables == KEPT


def test_a_row_corrects_a_value_where_a_reason_is_given(desk: Desk) -> None:
    desk.take_rows(TOPIC, SAID)
    again = SAID | {"variables.salience": "low"}
    assert "another variables.salience" in desk.take_rows(again).rejections[0].reason
    desk.take_rows(again, update="Read again.")
    corrected = desk.event("statement.corrected")
    assert corrected.field == "variables.salience"
    assert (corrected.content.old, corrected.content.new) == ("high", "low")
    entry = Statement.replay(desk.log.stream_of(corrected.originator_id))
    assert entry is not None
    assert entry.fields["variables.salience"] == "low"


def test_a_map_says_which_columns_are_variables(desk: Desk) -> None:
    desk.take_rows(TOPIC)
    table = "who,what,room\nAnn,accepts,high\n"
    summary = desk.take(
        desk.file(table, "table.csv"),
        mapping={
            "columns": {"actor": "who", "stance": "what", "variables.salience": "room"},
            "constants": {"topic": "eu-accession", "said_at": "2025-12-14"},
        },
    )
    assert summary.clean, summary.rejections
    assert desk.event("statement.recorded").content.variables == {"salience": "high"}


ASKS: Row = TOPIC | {
    "codebooks": [{"variables": [{"id": "party", "kind": "choice", "of": "actor"} | CHOSEN]}]
}


def test_an_attribute_of_an_actor_goes_out_and_comes_back(desk: Desk, other: Desk) -> None:
    ann = {"kind": "actor", "actor": "ann", "actor_name": "Ann", "attributes.party": "GREEN"}
    summary = desk.take_rows(ann, ASKS)  # before the line of the codebook that asks for it
    assert summary.clean, summary.rejections
    assert summary.attributes == 1
    assert desk.event("actor.described").content.attributes == {"party": "green"}
    assert next(one for one in told(desk) if one["kind"] == "actor")["attributes"] == {
        "party": "green"
    }
    for form in ("jsonl", "csv"):
        assert other.take(other.file(desk.export(form), f"rows.{form}")).clean
    assert other.event("actor.described").content.attributes == {"party": "green"}


def test_an_older_file_takes_back_nothing_that_an_editor_said_of_an_actor(desk: Desk) -> None:
    ann = {"kind": "actor", "actor": "ann", "actor_name": "Ann", "attributes.party": "green"}
    desk.take_rows(ASKS, ann)
    desk.newsroom.actors.describe(desk.anna(), "ann", {"party": "red"}, "She changed.")
    desk.take_rows(ann)
    ann_now = desk.log.load(Actor, desk.newsroom.actors.stream("ann"))
    assert ann_now is not None
    assert ann_now.attributes == {"party": "red"}


def test_two_codebooks_declare_an_attribute_in_one_kind(desk: Desk) -> None:
    other = {"topic": "bridge", "topic_question": "Should it be built?"}
    text = {"codebooks": [{"variables": [{"id": "party", "kind": "text", "of": "actor"}]}]}
    (rejection,) = desk.take_rows(ASKS, TOPIC | other | text).rejections
    assert "'eu-accession' declares the attribute 'party' as choice" in rejection.reason
    (rejection,) = desk.take_rows(
        {"kind": "actor", "actor": "bo", "actor_name": "Bo", "attributes.party": "blue"}
    ).rejections
    assert "'blue' is not among the choices" in rejection.reason
