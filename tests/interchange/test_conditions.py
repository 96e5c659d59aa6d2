"""Conditions keep their identity on their way out of a store and into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tests.interchange.desk import Desk, row
from timeline.domain.statement import Statement
from timeline.interchange.native.rows_in import id_of_key

if TYPE_CHECKING:
    from pathlib import Path

NAMED = {"condition.text": "a truce first", "condition.actor": "Dmitry Peskov"}
ROWS = (
    row(key="3", drops=["1"], paraphrase="Without any."),  # of a row that comes later
    row(key="1", paraphrase="On a condition.", **NAMED),
    row(key="2", paraphrase="Again.", **{"condition.text": "a truce", "condition.same_as": "1"}),
)


def fields(desk: Desk, key: str) -> dict[str, Any]:
    statement = desk.log.load(Statement, id_of_key(key))
    assert statement is not None
    return statement.fields


def test_rows_refer_to_conditions_by_key_and_come_back_as_they_were(
    desk: Desk, tmp_path: Path
) -> None:
    assert desk.take_rows(*ROWS).clean
    first = id_of_key("1")
    assert [fields(desk, key)["condition_id"] for key in "123"] == [first, first, None]
    assert fields(desk, "3")["drops"] == (first,)
    head = desk.log.head()
    assert desk.take_rows(*ROWS).known == len(ROWS)
    assert desk.log.head() == head
    for form in ("jsonl", "csv"):
        out = desk.export(form)
        with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
            (tmp_path / f"out.{form}").write_text(out, "utf-8", newline="")
            assert other.take(tmp_path / f"out.{form}").clean
            for key in "123":
                here, there = fields(desk, key), fields(other, key)
                named = ("condition", "condition_id", "condition_actor", "drops")
                assert [there[name] for name in named] == [here[name] for name in named]


def test_rows_in_the_same_words_name_the_same_condition_unless_they_say_their_own(
    desk: Desk, tmp_path: Path
) -> None:
    said = {"condition.text": "a truce first"}
    first, second, third = (row(key=key, paraphrase=f"The {key}.", **said) for key in "123")
    third["condition.same_as"] = "3"
    assert desk.take_rows(first, second).clean
    assert desk.take_rows(third).clean
    named = [id_of_key("1"), id_of_key("1"), id_of_key("3")]
    assert [fields(desk, key)["condition_id"] for key in "123"] == named
    assert desk.take_rows(first, second, third).known == 3
    with Desk.opened(f"sqlite:///{tmp_path}/there.db", tmp_path) as other:
        (tmp_path / "out.jsonl").write_text(desk.export("jsonl"), "utf-8", newline="")
        assert other.take(tmp_path / "out.jsonl").clean
        assert [fields(other, key)["condition_id"] for key in "123"] == named


def test_a_row_is_known_that_was_recorded_before_conditions_had_an_identity(
    desk: Desk, tmp_path: Path
) -> None:
    desk.take_rows(ROWS[1])
    events = [event for _, event in desk.log.stream()]
    before = [
        msgspec.structs.replace(event, condition_id=None) if hasattr(event, "drops") else event
        for event in events
    ]
    with Desk.opened(f"sqlite:///{tmp_path}/before.db", tmp_path) as other:
        other.log.append(before)
        head = other.log.head()
        summary = other.take_rows(ROWS[1])
        assert (summary.known, summary.clean, other.log.head()) == (1, True, head)
        assert fields(other, "1")["condition_id"] == id_of_key("1")


def test_nonsense_is_refused_by_name(desk: Desk) -> None:
    assert "no statement '#99'" in desk.refusal(row(key="1", drops=["#99"]))
    assert "neither yes nor nothing" in desk.refusal(row(key="1", dissent="maybe"))
    assert "recorded vote" in desk.refusal(row(key="1", dissent="yes"))
