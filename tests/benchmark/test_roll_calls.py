"""Made-up roll calls have the shape of the real ones, and come in whole."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import FIXTURES
from timeline.benchmark.roll_calls import QUESTIONS, VOTING, load_bare, write_roll_calls
from timeline.bootstrap import open_store
from timeline.interchange import ImportOptions, import_files, read_map
from timeline.stores.sqlite_log import connect

if TYPE_CHECKING:
    from pathlib import Path

VOTES = 4 * VOTING + 50
UN_VOTES = FIXTURES / "un-votes-bulk.csv.gz"


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_they_have_the_columns_and_words_of_the_real_ones(tmp_path: Path) -> None:
    write_roll_calls(tmp_path / "votes.csv.gz", 20 * VOTING)
    made, real = rows(tmp_path / "votes.csv.gz"), rows(UN_VOTES)
    assert [*made[0]] == [*real[0]]
    assert {row["stance"] for row in made} == {row["stance"] for row in real}
    assert {len(row["occurred_at"]) for row in made} == {len("2012-05-05")}


def test_a_state_votes_once_in_a_roll_call(tmp_path: Path) -> None:
    write_roll_calls(tmp_path / "votes.csv.gz", VOTES)
    made = rows(tmp_path / "votes.csv.gz")
    assert len(made) == VOTES
    assert set(Counter((row["source"], row["actor"]) for row in made).values()) == {1}
    calls = Counter(row["source"] for row in made)
    assert sorted(calls.values()) == [50, *4 * [VOTING]]
    assert len({(row["source"], row["topic"], row["occurred_at"]) for row in made}) == len(calls)


@pytest.mark.thorough
def test_each_of_them_is_recorded_by_the_map_of_the_real_ones(
    tmp_path: Path, sqlite_url: str
) -> None:
    write_roll_calls(tmp_path / "votes.csv.gz", VOTES)
    options = ImportOptions(mapping=read_map(FIXTURES / "un-votes-bulk.toml"))
    with closing(open_store(sqlite_url)) as services:
        summary = import_files(services, [tmp_path / "votes.csv.gz"], options)
    assert (summary.recorded, summary.clean) == (VOTES, True)
    assert summary.documents_filed == 5
    assert 1 <= summary.topics_opened <= QUESTIONS


def test_a_bare_load_has_every_row_and_an_index(tmp_path: Path) -> None:
    write_roll_calls(tmp_path / "votes.csv.gz", VOTES)
    load_bare(tmp_path / "votes.csv.gz", tmp_path / "bare.db")
    with closing(connect(tmp_path / "bare.db")) as connection:
        loaded = connection.execute("SELECT * FROM votes").fetchall()
        (indexes,) = connection.execute(
            "SELECT count(*) FROM pragma_index_list('votes')"
        ).fetchone()
    assert loaded == [tuple(row.values()) for row in rows(tmp_path / "votes.csv.gz")]
    assert indexes == 1
