"""The benchmark runs on both stores, beside its floors, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import answered, done, refused
from timeline.benchmark import measures
from timeline.benchmark.measure import THOROUGH, Effort, Measure

if TYPE_CHECKING:
    from pathlib import Path

IN_OWN_FILES = [
    "front page",
    "page of the topic with half the record",
    "that topic as of an earlier day",
    "page of a topic with 30 statements",
    "page of the actor who speaks most",
    "the same as of an earlier day",
    "page of a story",
    "search for a word of every statement",
    "a statement until pages show it",
    "one that comes in years late",
    "one of several in an utterance",
    "a page made anew",
    "a page that is kept",
    "a page that its reader has",
    "a slow page, ten statements a second",
    "a slow page, beside an import",
    "a page beside 1,000 live readers",
]
"""What is measured in SQLite files of its own, whichever store is asked about."""

MEASURED = [
    "append, one at a time",
    "append, 1,000 at a time",
    "read the log",
    "verify",
    "rebuild",
    "as of a day, every lane",
    "as of a day, one lane",
    "archive in Parquet",
    "analyse: positions as of a day",
    "analyse: all changes",
    "a statement by command",
    "a statement by command, processor",
    "1,000 rows by import",
    "suggestions, German",
    "suggestions, English",
    *IN_OWN_FILES,
]


@pytest.fixture(autouse=True)
def _each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure each once, and ask for fewer pages: how long it takes is not what is tested."""
    few = Effort(rounds=1, one_in=10)
    monkeypatch.setattr("timeline.cli.benching.THOROUGH", few)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nobody else uses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def of_the_store_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure what the store takes; the rest, in SQLite files of its own, is only named."""
    *rest, last = (Measure(name, "the same", 1, 1.0, 1.0) for name in IN_OWN_FILES)
    monkeypatch.setattr(measures, "growth", lambda *_: rest)
    monkeypatch.setattr(measures, "serving", lambda *_: ())
    monkeypatch.setattr(measures, "crowd", lambda *_: last)


def test_it_measures_everything_beside_a_floor(sqlite_url: str, temporary: Path) -> None:
    measured_beside_floors(sqlite_url)
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("of_the_store_alone")
def test_it_measures_in_postgresql_too(postgres_url: str) -> None:
    measured_beside_floors(postgres_url)


def measured_beside_floors(store: str) -> None:
    found = answered("bench", "--events", "1000", "--store", store)
    assert [one["name"] for one in found] == MEASURED
    for one in found:
        assert one["seconds"] > 0
        assert one["ratio"] == pytest.approx(one["seconds"] / one["floor_seconds"], rel=0.1)
        assert one["floor"]


@pytest.mark.usefixtures("of_the_store_alone")
def test_it_is_a_table_for_people_and_removes_its_store(temporary: Path) -> None:
    lines = done("bench", "--events", "1000").out.splitlines()
    assert lines[0].startswith("standline ")
    assert "SQLite" in lines[0]
    assert lines[1].split()[:3] == ["what", "of", "takes"]
    assert [line[: len(name)] for line, name in zip(lines[2:], MEASURED, strict=True)] == MEASURED
    assert list(temporary.iterdir()) == []


def test_a_quick_run_takes_fewer_events_and_does_everything_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int, int]] = []

    def note(_: str, size: int, effort: Effort, *_rest: object) -> list[Measure]:
        asked.append((size, effort.rounds, effort.one_in))
        return [Measure("nothing", "the same", 1, 1.0, 1.0)]

    monkeypatch.setattr("timeline.cli.benching.measure", note)
    monkeypatch.setattr("timeline.cli.benching.THOROUGH", THOROUGH)
    for options in (["--quick"], ["--quick", "--events", "2000"], []):
        answered("bench", *options)
    assert asked == [(5_000, 1, 4), (2_000, 1, 4), (50_000, 3, 1)]


def test_it_fills_no_store_that_has_something_in_it(talks: str) -> None:
    assert "something in it" in refused("bench", "--events", "1000", "--store", talks)
