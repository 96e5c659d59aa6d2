"""A Spark Connect server gives the answers that DuckDB gives, to every question."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.analysis.asked import FRUGAL, Archived
from tests.analysis.made_up import DAYS, MadeUp
from timeline.analysis import answers
from timeline.analysis.archiving import archive
from timeline.analysis.asking import Scope, extent, position_known, topics_named
from timeline.analysis.days import Day
from timeline.analysis.duck import open_duckdb
from timeline.analysis.spark import open_spark
from timeline.bootstrap import open_store
from timeline.domain.errors import StandlineError
from timeline.domain.instants import DAY, end_of_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from timeline.analysis.asking import Engine

ASKED_DAYS = [Day(day, day - 3) for day in (*DAYS, 20_300)]
QUESTIONS: dict[str, Callable[[Engine, Scope], Iterator[Any]]] = {
    "positions": answers.positions,
    "changes": answers.changes,
    "matrix": lambda engine, asked: answers.matrix(engine, asked, ASKED_DAYS),
    "agreement": lambda engine, asked: answers.agreement(engine, asked, ASKED_DAYS),
    "agreement of one": lambda engine, asked: answers.agreement(
        engine, msgspec.structs.replace(asked, actors=("actor-1",)), ASKED_DAYS
    ),
    "networks": lambda engine, asked: answers.networks(engine, asked, 0, 9),
    "polarisation": lambda engine, asked: answers.polarisation(engine, asked, ASKED_DAYS),
    "extent": lambda engine, asked: iter([extent(engine, asked)]),
}


@pytest.fixture(scope="module", params=[0, 1])
def archived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[MadeUp, Archived]:
    lanes = MadeUp(request.param, dense=request.param == 1)
    folder = tmp_path_factory.mktemp("made-up")
    return lanes, Archived(folder, lanes.archived(folder, (40, 70)))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_is_the_one_of_duckdb(
    server: str, archived: tuple[MadeUp, Archived], tmp_path: Path, name: str
) -> None:
    lanes, made = archived
    moments = [
        Scope(lanes.upto),
        Scope(lanes.upto // 2, 2 * DAY + 36_000),
        Scope(lanes.upto * 2 // 3, None, tuple(lanes.topics[:7])),
    ]
    answer = QUESTIONS[name]
    with open_duckdb(made.folder, made.manifest, FRUGAL) as duck:
        expected = [list(answer(duck, asked)) for asked in moments]
    with open_spark(server, made.folder, made.manifest, tmp_path) as spark:
        found = [list(answer(spark, asked)) for asked in moments]
    assert found == expected
    assert all(found)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["positions", "changes", "matrix", "polarisation"])
def test_what_edition_2_found_in_the_demo_is_told_as_by_duckdb(
    server: str, whole_demo_original: str, tmp_path: Path, name: str
) -> None:
    folder, scratch = tmp_path / "archive", tmp_path / "scratch"
    scratch.mkdir()
    with closing(open_store(whole_demo_original)) as services:
        manifest = archive(services, folder, limits=FRUGAL)
    answer, found = QUESTIONS[name], []
    for asking in (
        open_duckdb(folder, manifest, FRUGAL),
        open_spark(server, folder, manifest, scratch),
    ):
        with asking as engine:
            topics = topics_named(engine, ("taurus", "ceasefire-first", "cuba-embargo"))
            moments = [Scope(manifest.upto, at, topics) for at in (None, end_of_day(20_300))]
            found.append([list(answer(engine, asked)) for asked in moments])
    assert found[0] == found[1]
    assert all(found[0])


def test_a_server_that_is_not_there_is_told(
    archived: tuple[MadeUp, Archived], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRPC_VERBOSITY", "NONE")
    _, made = archived
    with (
        pytest.raises(StandlineError, match="does not answer"),
        open_spark("sc://127.0.0.1:1", made.folder, made.manifest, tmp_path) as spark,
    ):
        position_known(spark, made.manifest, "@1")
