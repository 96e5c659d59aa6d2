"""What a reader puts together: periods that fit, and SQL that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.analysis.asked import FRUGAL, Archived
from tests.analysis.made_up import MadeUp
from timeline.analysis import inquiry as inquiries
from timeline.analysis.asking import Scope
from timeline.analysis.duck import open_duckdb
from timeline.analysis.inquiry import QUESTIONS, Inquiry, ask_archive
from timeline.analysis.manifest import write_tables
from timeline.analysis.text import question, standing_alone
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.analysis.duck import DuckEngine


@pytest.fixture(scope="module")
def lanes() -> MadeUp:
    return MadeUp(3)


@pytest.fixture(scope="module")
def archived(lanes: MadeUp, tmp_path_factory: pytest.TempPathFactory) -> Archived:
    folder = tmp_path_factory.mktemp("made-up")
    return Archived(folder, lanes.archived(folder, (50,)))


@pytest.fixture
def engine(archived: Archived) -> Iterator[DuckEngine]:
    with open_duckdb(archived.folder, archived.manifest, FRUGAL) as engine:
        yield engine


@pytest.mark.thorough
@pytest.mark.few(2)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_sql_as_it_was_asked_runs_over_the_files_alone(
    lanes: MadeUp,
    archived: Archived,
    engine: DuckEngine,
    question: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics = tuple(f"topic-{one}" for one in lanes.topics[:4])
    found = ask_archive(
        engine, Inquiry(question=question, topics=topics, every="month"), lanes.upto
    )
    assert found.answers
    write_tables(archived.folder, archived.manifest)
    monkeypatch.chdir(archived.folder)
    with duckdb.connect() as conn:
        for statement in (archived.folder / "tables.sql").read_text().splitlines():
            conn.execute(statement)
        rows = conn.execute(found.sql).fetchall()
    assert len(rows) == len(found.answers)


def test_a_name_that_is_not_in_the_archive_is_refused(engine: DuckEngine, lanes: MadeUp) -> None:
    inquiry = Inquiry(question="positions", actors=("o'neill",))
    with pytest.raises(NotFound, match='there is no actor "o\'neill" in the archive'):
        ask_archive(engine, inquiry, lanes.upto)


def test_a_name_with_a_quotation_mark_stays_a_name() -> None:
    asked = Scope(known_at=1, actors=("o'neill",))
    assert "('o''neill')" in standing_alone(question("positions"), asked.tables())


@pytest.mark.parametrize(
    ("days", "every"),
    [(300, "month"), (365 * 9, "quarter"), (365 * 40, "year"), (9**9, "millennium")],
)
def test_a_period_fits_the_time(days: int, every: str) -> None:
    assert inquiries.fitting_period(days) == every


def test_moments_lie_within_the_time_that_is_asked_about(engine: DuckEngine, lanes: MadeUp) -> None:
    every = ask_archive(engine, Inquiry(question="matrix", every="month"), lanes.upto).days
    some = ask_archive(
        engine, Inquiry(question="matrix", every="month", until=every[0].day), lanes.upto
    )
    assert some.days == every[:1]
    none = Inquiry(question="matrix", every="month", since=10**6)
    assert ask_archive(engine, none, lanes.upto).answers == ()


def test_too_many_answers_are_refused(
    engine: DuckEngine, lanes: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "MOST", 3)
    with pytest.raises(Refused, match="more than 3 answers"):
        ask_archive(engine, Inquiry(question="positions"), lanes.upto)
