"""Every command that reads answers as a table, as CSV, as JSON Lines and as JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.terminal import answered, done, standline, started
from tests.cli.terminal import ended as ended_
from tests.support.tiers import thorough
from timeline.cli.options import AT_ONCE
from timeline.cli.output import print_json

if TYPE_CHECKING:
    from pathlib import Path

READING = ("topics", "actors", "positions", "changes")
COMMANDS = (*((name,) for name in READING), ("matrix", "--topic", "eu-accession"), ("user", "list"))


def rows(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("words", COMMANDS)
def test_json_json_lines_and_csv_tell_the_same(record: str, words: tuple[str, ...]) -> None:
    found = answered(*words, "--store", record)
    assert done(*words, "--jsonl", "--store", record).objects == found
    table = rows(done(*words, "--csv", "--store", record).out)
    assert len(table) == len(found)
    for row, one in zip(table, found, strict=True):
        for name, value in one.items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                assert row[name] == str(value)


def test_the_log_is_a_table_too(record: str) -> None:
    events = done("log", "--jsonl", "--store", record).objects
    table = rows(done("log", "--csv", "--store", record).out)
    assert [int(row["position"]) for row in table] == [event["position"] for event in events]
    assert json.loads(table[-1]["data"]) == events[-1]["data"]


def test_lists_in_a_cell_are_parted_by_semicolons(record: str) -> None:
    lines = rows(done("changes", "--topic", "cuba-embargo", "--csv", "--store", record).out)
    assert all(set(row["before"]) <= set("0123456789;") for row in lines)
    asked = ("positions", "--topic", "cuba-embargo", "--actor", "cuba", "--why")
    (standing,) = rows(done(*asked, "--csv", "--store", record).out)
    assert ":superseded;" in standing["ignored"]


@pytest.mark.parametrize("name", READING)
def test_n_ends_a_list(record: str, name: str) -> None:
    every = answered(name, "--store", record)
    assert answered(name, "-n", "2", "--store", record) == every[:2]


def test_n_of_the_log_is_its_end(record: str) -> None:
    every = done("log", "--json", "--store", record).objects
    assert done("log", "-n", "3", "--json", "--store", record).objects == every[-3:]


def test_topics_and_actors_may_be_named_several_times(record: str) -> None:
    def asked(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = answered("positions", *words, "--store", record)
        return found

    both = asked("--topic", "eu-accession", "--topic", "cuba-embargo", "--actor", "russia")
    assert [one["topic"] for one in both] == ["cuba-embargo", "eu-accession"]
    assert asked("--actor", "russia", "--actor", "brazil", "--actor", "russia") == sorted(
        asked("--actor", "russia") + asked("--actor", "brazil"),
        key=lambda one: (one["topic"], one["actor"]),
    )


def test_changes_of_several_are_the_latest_of_all(record: str) -> None:
    several = ("--actor", "russia", "--actor", "brazil")
    found = answered("changes", *several, "--store", record)
    every = answered("changes", "--store", record)
    assert found == [one for one in every if one["actor"] in {"russia", "brazil"}]
    assert {one["actor"] for one in found} == {"russia", "brazil"}


def test_scales_are_listed_with_their_words() -> None:
    assert {"scale": "vote", "value": 0, "word": "abstained"} in answered("scales")
    assert "rules out" in done("scales").out
    assert "no_position, with a reason: refuses or silent or defers" in done("scales").out


def test_a_wrong_stance_is_answered_with_the_words_of_its_topic(record: str) -> None:
    answer = standline(
        *("record", "statement", "--topic", "cuba-embargo", "--actor", "brazil"),
        *("--stance", "supports", "--said-at", "2019", "--source-title", "A vote"),
        *("--store", record),
    )
    assert "use one of: against, abstained, for, no_position" in answer.err


def test_a_bare_path_is_a_store(record: str) -> None:
    assert done("topics", "--store", record.removeprefix("sqlite:///")).out


@pytest.mark.parametrize("shell", ["bash", *thorough("zsh", "fish")])
def test_a_shell_completes_slugs(record: str, shell: str) -> None:
    words = "standline positions --topic cuba"
    asked = {
        "_STANDLINE_COMPLETE": f"{shell}_complete",
        "STANDLINE_STORE": record,
        "COMP_WORDS": words,
        "COMP_CWORD": "cuba" if shell == "fish" else "3",
    }
    assert "cuba-embargo" in ended_(started(env=asked)).out


@pytest.mark.thorough
def test_a_shell_without_a_store_completes_nothing_and_complains_of_nothing(tmp_path: Path) -> None:
    asked = {
        "_STANDLINE_COMPLETE": "bash_complete",
        "STANDLINE_STORE": str(tmp_path / "none.db"),
        "COMP_WORDS": "standline positions --topic cuba",
        "COMP_CWORD": "3",
    }
    answer = ended_(started(env=asked))
    assert (answer.out.strip(), answer.err) == ("", "")


def test_the_summary_of_an_import_is_told_in_json(tmp_path: Path, record: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"kind": "statement", "colour": "red"}\n' * 3)
    answer = standline("import", str(file), "--json", "--dry-run", "--store", record)
    assert (answer.json["rejected"], answer.json["recorded"]) == (3, 0)
    assert len(answer.json["rejections"]) == 1


def test_an_error_that_repeats_is_told_once_with_its_count(tmp_path: Path, record: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"kind": "statement", "colour": "red"}\n' * 40 + '{"kind": "song"}\n')
    answer = standline("import", str(file), "--dry-run", "--store", record)
    lines = answer.err.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("(so in 39 more lines)")
    assert "line 1, column colour" in lines[0]
    assert "line 41" in lines[1]


@pytest.mark.parametrize("number", [0, 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_an_answer_of_any_length_is_one_array(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [{"slug": f"actor-{n}", "aliases": ["A", "B"], "none": []} for n in range(number)]
    print_json(iter(answers))
    printed = capsys.readouterr().out
    assert json.loads(printed) == answers
    assert printed.count("\n  {\n") == number
    assert printed.endswith("]\n")
