"""`standline archive` and `standline analyse`: the record in typed columns, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import networkx as nx
import pytest

from tests.cli.terminal import answered, done, ran, refused

if TYPE_CHECKING:
    from pathlib import Path

BY_2019 = ("--as-of", "2019-06-30")


@pytest.mark.thorough
def test_an_archive_answers_as_the_record_does(record: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "archive")
    assert done("archive", folder, "--store", record).out.startswith("archived     up to @")
    told = ("topic", "actor", "stance", "statements")
    expected = answered("positions", *BY_2019, "--store", record)
    found = answered("analyse", "positions", *BY_2019, "--over", folder)
    assert [[one[name] for name in told] for one in found] == [
        [one[name] for name in told] for one in expected
    ]
    assert len(found) > 100
    assert done("archive", folder, "--check").out.startswith("unchanged    up to @")


@pytest.mark.thorough
def test_without_an_archive_one_is_made_for_the_question(record: str) -> None:
    asked = ("--topic", "cuba-embargo", "--as-of", "2016-12-31", "--store", record)
    found = answered("analyse", "positions", *asked)
    stood = {one["actor"]: one["value"] for one in found}
    assert stood["united-states"] == 0
    assert done("analyse", "positions", *asked, "--csv").out.startswith("topic,actor,stance,value,")


def test_the_question_is_printed_as_sql(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere.db")
    text = done("analyse", "positions", "--sql", "--store", nowhere).out
    assert text.startswith("with\n")
    assert "from standing as s" in text


def test_what_is_not_in_the_archive_is_refused_with_names_that_come_close(record: str) -> None:
    line = refused("analyse", "positions", "--topic", "cuba-embrago", "--store", record)
    assert line.endswith("did you mean cuba-embargo?")
    line = refused("analyse", "changes", "--actor", "united-sates", "--store", record)
    assert "did you mean united-states" in line


@pytest.mark.thorough
def test_values_narrow_every_question_and_a_misspelt_one_is_refused(tmp_path: Path) -> None:
    rows, record = tmp_path / "rows.jsonl", f"sqlite:///{tmp_path}/values.db"
    rows.write_text(
        '{"kind": "topic", "topic": "a-bridge", "topic_question": "Should it be built?", "scale": '
        '"position", "codebooks": [{"about": "Whether.", "variables": [{"id": "room", "kind": '
        '"choice", "choices": ["a line", "a page"]}]}]}\n'
        '{"topic": "a-bridge", "actor": "Ann", "stance": "supports", "said_at": "2025-12-16", '
        '"variables": {"room": "a page"}, "source": {"outlet": "Example Gazette"}}\n'
    )
    done("import", str(rows), "--store", record)
    asked = ("--topic", "a-bridge", "--store", record)
    for name in ("positions", "changes", "matrix", "agreement", "networks", "polarisation"):
        line = refused("analyse", name, "--variable", "rooom:a page", *asked)
        assert line.endswith("as a value of its own; did you mean room:a page?"), name
        assert "room:a line" in refused("analyse", name, "--variable", "room", *asked)
    line = refused("matrix", "--variable", "rooom:a page", *asked)
    assert line.endswith("no codebook declares 'rooom' here; did you mean room?")
    for command in (("matrix",), ("analyse", "matrix")):
        (cell,) = answered(*command, "--variable", "room:a page", *asked)
        assert (cell["actor"], cell["stance"]) == ("ann", "supports")
    (cell,) = answered("matrix", "--variable", "room:a line", *asked)
    assert cell["stance"] is None


def test_a_limit_that_does_not_suffice_is_told(record: str) -> None:
    line = refused("analyse", "positions", "--memory", "5MB", "--store", record)
    assert "more memory or disk than it may" in line
    assert "is no amount" in refused("analyse", "positions", "--memory", "much", "--store", record)


def test_changes_are_those_of_the_record(record: str) -> None:
    told = ("topic", "actor", "kind", "from", "to", "known_at", "before", "after")
    expected = answered("changes", *BY_2019, "--store", record)
    found = answered("analyse", "changes", *BY_2019, "--store", record)
    assert sorted([one[name] for name in told] for one in found) == sorted(
        [one[name] for name in told] for one in expected
    )


def test_the_matrix_is_that_of_the_record(record: str) -> None:
    asked = ("--topic", "cuba-embargo", "--at", "2015", "--at", "2019")
    expected = {
        (one["actor"], one["as_of"]): one["stance"]
        for one in answered("matrix", *asked, "--store", record)
        if one["stance"]
    }
    found = answered("analyse", "matrix", *asked, "--store", record)
    assert {(one["actor"], one["as_of"][:4]): one["stance"] for one in found} == expected


@pytest.mark.thorough
def test_networks_are_those_of_the_export_for_graph_programs(record: str, tmp_path: Path) -> None:
    found = answered("analyse", "networks", "--store", record)
    for network, weight in (
        ("congruence", "congruence"),
        ("conflict", "conflict"),
        ("subtract", "difference"),
    ):
        file = tmp_path / f"{network}.graphml"
        done(
            "export",
            "--format",
            "graphml",
            "--network",
            network,
            "-o",
            str(file),
            "--store",
            record,
        )
        graph = nx.read_graphml(file)
        weights = {
            tuple(sorted((one.removeprefix("a/"), other.removeprefix("a/")))): about["weight"]
            for one, other, about in graph.edges(data=True)
        }
        assert {(one["one"], one["other"]): one[weight] for one in found if one[weight]} == weights


@pytest.mark.thorough
def test_agreement_and_polarisation_come_for_each_period(record: str) -> None:
    asked = ("--topic", "cuba-embargo", "--every", "five-years", "--store", record)
    lines = done("analyse", "polarisation", *asked, "--csv").out.splitlines()
    assert lines[0] == "topic,as_of,actors,above,middle,below,mixed,mean,polarisation"
    assert lines[-1].startswith("cuba-embargo,2019-12-31,")
    pairs = answered("analyse", "agreement", *asked, "--actor", "cuba", "--window", "60")
    assert {"cuba"} <= {pair["one"] for pair in pairs} | {pair["other"] for pair in pairs}
    assert {(pair["topics"], pair["agreement"]) for pair in pairs} <= {(1, 0.0), (1, 1.0)}


@pytest.mark.thorough
def test_an_answer_is_written_as_parquet(record: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.parquet"
    asked = ("analyse", "changes", *BY_2019, "--store", record)
    done(*asked, "--parquet", str(file))
    relation = duckdb.read_parquet(str(file))
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    assert rows == answered(*asked)


@pytest.mark.thorough
def test_a_server_that_is_not_there_is_told(record: str) -> None:
    asked = ("analyse", "positions", "--store", record, "--engine")
    assert "sc://host:port" in ran(*asked, "postgresql://x").err
    line = refused(*asked, "sc://127.0.0.1:1")
    assert "does not answer" in line or "install standline[spark]" in line


@pytest.mark.thorough
def test_a_question_of_ones_own_is_put_to_the_tables(record: str) -> None:
    asked = "select scale, count(*) as topics from topics group by scale order by scale"
    found = answered("analyse", "sql", asked, "--store", record)
    assert {"scale": "vote", "topics": 6} in found
    table = done("analyse", "sql", asked, "--csv", "--store", record).out.splitlines()
    assert table[0] == "scale,topics"
    nothing = done("analyse", "sql", "select slug from topics where 1 = 0", "--store", record)
    assert nothing.out == "nothing on record\n"


@pytest.mark.thorough
def test_a_question_that_is_none_is_refused(record: str) -> None:
    line = refused("analyse", "sql", "select word from topics", "--store", record)
    assert "does not understand the question" in line
    for text in ("selct 1", "install httpfs", "copy topics to 'x.csv'", "select 1; select 2"):
        assert "quest" in refused("analyse", "sql", text, "--store", record)


def test_a_file_that_the_engine_cannot_reach_is_told(record: str) -> None:
    text = "select * from read_csv('/nowhere/there.csv')"
    assert "cannot be read" in refused("analyse", "sql", text, "--store", record)


def test_a_folder_that_cannot_be_written_is_told(record: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = refused("archive", str(tmp_path / "file" / "archive"), "--store", record)
    assert "cannot write the archive" in line
