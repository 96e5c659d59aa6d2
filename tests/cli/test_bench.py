"""The benchmark runs on both stores, beside its floors, and leaves nothing behind."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.terminal import answered, done, refused
from timeline.benchmark import measures
from timeline.benchmark.measure import THOROUGH, Effort, Measure

if TYPE_CHECKING:
    from pathlib import Path

IN_OWN_FILES = [
    "roll calls, recorded",
    "roll calls, until pages show them",
    "memory of that import, at most",
    "read models of roll calls",
    "front page",
    "page of the topic with half the record",
    "topic with half the record, an earlier day",
    "page of the actor who speaks most",
    "page of a story",
    "search for a word of every statement",
    "a statement until pages show it",
    "a statement that comes in years late",
    "a statement of several in an utterance",
    "read models of a newsroom",
    "memory of a server after pages",
    "a page made anew",
    "a page that is kept",
    "a page that its reader has",
    "a slow page, ten statements a second",
    "a slow page, beside an import",
    "a page beside 1,000 live readers",
]
"""What is measured in SQLite files of its own, whichever store is asked about."""

IN_BYTES = [name for name in IN_OWN_FILES if name.startswith(("read models", "memory"))]
IN_BYTES += ["memory of both, at most"]

MEASURED = [
    "read the log",
    "read the log, apply each event",
    "rebuild",
    "archive in Parquet",
    "analyse: positions as of a day",
    "analyse: all changes",
    "memory of both, at most",
    "a statement by command",
    "a statement by command, processor",
    "1,000 rows by import",
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
    monkeypatch.setattr(measures, "roll_calls", lambda *_: ())
    monkeypatch.setattr(measures, "growth", lambda *_: rest)
    monkeypatch.setattr(measures, "serving", lambda *_: ())
    monkeypatch.setattr(measures, "crowd", lambda *_: last)


@pytest.mark.thorough
def test_it_measures_everything_beside_a_floor(
    sqlite_url: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Settings are those of somebody's own site: with this one none would be served.
    monkeypatch.setenv("STANDLINE_PUBLISHER", "/nowhere/publisher.toml")
    found = measured_beside_floors(sqlite_url)
    assert {name for name, one in found.items() if one["unit"] == "bytes"} == {*IN_BYTES}
    assert found["read models of a newsroom"]["takes"] > 100_000
    assert found["memory of a server after pages"]["number"] == 60
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("of_the_store_alone")
def test_it_measures_in_postgresql_too(postgres_url: str) -> None:
    found = measured_beside_floors(postgres_url)
    assert found["1,000 rows by import"]["floor"] == "COPY the same bytes"


def measured_beside_floors(store: str) -> dict[str, Any]:
    found = answered("bench", "--events", "1000", "--store", store)
    assert [one["name"] for one in found] == MEASURED
    for one in found:
        assert one["takes"] > 0
        assert one["ratio"] == pytest.approx(one["takes"] / one["floor_takes"], rel=0.1)
        assert one["floor"]
    return {one["name"]: one for one in found}


@pytest.mark.thorough
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


def test_suggestions_are_scored_by_language(tmp_path: Path) -> None:
    text = "Anna Kern sagte, die Stadt werde bauen.\n\nNiemand sprach sonst. Es regnete lange."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    item = {"start": 17, "end": 38, "speaker_re": "Anna Kern"}
    label = {"file": "a.txt", "lang": "de", "reference_date": "2025-12-15", "items": [item]}
    (tmp_path / "labels.json").write_text(json.dumps([label]), "utf-8")
    (found,) = done("bench", "--suggestions", str(tmp_path), "--json").json
    assert (found["lang"], found["labels"], found["usable_recall"]) == ("de", 1, 1.0)
    assert "usable_recall" in done("bench", "--suggestions", str(tmp_path)).out
