"""However often, by whomever and however rudely a file is imported: each row is recorded once."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from tests.support.loaded_processes import LoadedProcess
from timeline.interchange import ImportOptions, import_files

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.thorough

ROWS = [
    row(actor=f"Actor {n % 7}", said_at=f"2025-11-{n % 28 + 1:02}", hedge=f"{n}") for n in range(60)
]


def test_the_same_file_again_appends_nothing(any_desk: Desk) -> None:
    any_desk.take_rows(*ROWS)
    head = any_desk.log.head()
    summary = any_desk.take_rows(*ROWS)
    assert (summary.known, summary.recorded, any_desk.log.head()) == (60, 0, head)
    assert summary.lines() == ["60 known already"]


def test_a_row_that_stands_twice_in_a_file_is_recorded_once(any_desk: Desk) -> None:
    summary = any_desk.take_rows(row(), row(), row(actor="Ann"))
    assert (summary.recorded, summary.repeated) == (2, 1)


@pytest.mark.parametrize("key", ["x:Mu\u0308ller", "x:\ufeffAnn", " x:12 ", "x:12\u00a0"])
def test_a_key_that_is_kept_otherwise_than_written_stays_that_of_its_entry(
    desk: Desk, key: str
) -> None:
    desk.take_rows(row(key=key))
    exported = desk.export("jsonl")
    assert json.loads(exported.splitlines()[-1])["key"] == desk.event("statement.recorded").key
    head = desk.log.head()
    assert desk.take_rows(row(key=key)).known == 1
    assert desk.take(desk.file(exported, "again.jsonl")).recorded == 0
    assert desk.log.head() == head


def test_rows_that_differ_in_their_source_only_are_two(desk: Desk) -> None:
    urls = ("https://example.org/a", "https://example.org/b")
    assert desk.take_rows(*[row(source__url=url) for url in urls]).recorded == 2


def test_the_same_words_on_another_wording_are_no_longer_the_same_row(desk: Desk) -> None:
    desk.take_rows(row())
    head = desk.log.head()
    assert desk.refusal(row(topic_question="Should it join?", topic_name="EU")) == (
        "rows.jsonl, line 1, column topic_question: on record as number 4 with another"
        " topic_question; correct the record, or the row, or let the import correct it (--update)"
    )
    assert desk.take_rows(row(topic_question=None, topic_name="EU")).known == 1
    assert desk.log.head() == head


def test_a_file_under_another_name_makes_no_new_rows(desk: Desk) -> None:
    rows = jsonl([row(source__outlet=None, source__title=None)])
    desk.take(desk.file(rows, "one.jsonl"))
    summary = desk.take(desk.file(rows, "other.jsonl"))
    assert (summary.recorded, summary.conflicting) == (0, 1)
    assert str(summary.rejections[0]).endswith(
        "with another source; the row names no source, so its file ('other.jsonl') is taken for"
        " one, and 'one.jsonl' was then: import it under that name, or name it as the source of"
        " the row"
    )


def test_a_mended_row_with_a_key_is_a_conflict_and_not_a_second_statement(desk: Desk) -> None:
    desk.take_rows(row(key="a"))
    assert desk.take_rows(row(key="a", stance="doubts")).conflicting == 1


def test_a_row_that_was_corrected_since_is_known(desk: Desk) -> None:
    desk.take_rows(row())
    said = desk.event("statement.recorded")
    desk.newsroom.statements.correct(
        desk.anna(), said.originator_id, {"stance": "doubts"}, "misread"
    )
    assert desk.take_rows(row()).known == 1


def test_a_key_belongs_to_its_namespace(desk: Desk) -> None:
    mapping = {"columns": {name: name for name in row(key="1")}, "namespace": "other"}
    desk.take_rows(row(key="1"))
    assert desk.take(desk.file(table(row(key="1"))), mapping=mapping).recorded == 1
    assert desk.take_rows(row(key="other:1")).known == 1


def test_rows_without_a_key_have_ids_in_the_order_of_their_days(desk: Desk) -> None:
    days = ("-0043-03-15", "1969-12-31", "1970-01-01", "2025-12-14")
    desk.take_rows(*[row(said_at=day) for day in days])
    ids = [event.originator_id for event in desk.events("statement.recorded")]
    assert ids == sorted(ids)


def test_a_dry_run_answers_the_same_and_records_nothing(any_desk: Desk) -> None:
    any_desk.take_rows(row())
    head = any_desk.log.head()
    given = [
        *[row(), row(actor="Ann"), row(actor="Ann"), row(stance="wants")],
        *[row(key="1"), row(key="1", stance="doubts"), row(topic="Peace", topic_question=None)],
        {"kind": "actor", "actor": "bea", "aliases": ["Beatrix"]},
        row(actor="bea", topic="Peace", topic_question=None, stance="denies"),
    ]
    rehearsed = any_desk.take_rows(*given, dry_run=True)
    assert any_desk.log.head() == head
    assert rehearsed.dry_run
    recorded = any_desk.take_rows(*given)
    rehearsed.dry_run = False
    rejections = [str(each).partition(" as number")[0] for each in rehearsed.rejections]
    assert rejections == [str(each).partition(" as number")[0] for each in recorded.rejections]
    rehearsed.rejections = recorded.rejections
    assert rehearsed.rehearsed
    rehearsed.rehearsed = recorded.rehearsed
    assert rehearsed == recorded


def test_a_strict_import_records_nothing_with_a_refused_row(any_desk: Desk) -> None:
    summary = any_desk.take_rows(*ROWS, row(stance="wants"), strict=True)
    assert (summary.rejected, summary.withheld, any_desk.log.head()) == (1, True, 0)
    assert "nothing was recorded, since some rows were refused" in summary.lines()


def test_a_strict_import_without_a_refused_row_records_all(any_desk: Desk) -> None:
    assert any_desk.take_rows(*ROWS, strict=True).recorded == 60


def test_a_batch_has_as_many_rows_as_fit_and_the_rest_follows(desk: Desk) -> None:
    rows = [row(hedge=str(n)) for n in range(5_001)]
    seen: list[tuple[str, int, int]] = []
    path = desk.file(jsonl(rows), "rows.jsonl")
    summary = import_files(desk, [path], on_progress=lambda *told: seen.append(told))
    assert summary.recorded == 5_001
    size = path.stat().st_size
    assert [(what, of) for what, _, of in seen] == [("reading", size)] * 2
    assert seen[0][1] <= seen[1][1] == size


def test_it_is_told_how_far_all_files_are_through(desk: Desk) -> None:
    files = [desk.file(jsonl([row(hedge=name)]), f"{name}.jsonl") for name in ("one", "three")]
    sizes = [file.stat().st_size for file in files]
    for strict, passes in ((False, 1), (True, 2)):
        tell = Mock()
        import_files(desk, files, ImportOptions(strict=strict), tell)
        told = [call.args for call in tell.call_args_list]
        assert told[0] == ("reading", sizes[0], sum(sizes) * passes)
        assert told[-1] == ("reading", sum(sizes) * passes, sum(sizes) * passes)


def test_two_importers_at_once_lose_nothing_and_record_nothing_twice(
    new_store_url: str, tmp_path: Path
) -> None:
    def importing(_: int) -> int:
        with Desk.opened(new_store_url, tmp_path) as desk:
            return desk.take(path).recorded

    with Desk.opened(new_store_url, tmp_path) as desk:
        path = desk.file(jsonl(ROWS * 20), "rows.jsonl")
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(importing, range(2)))
        assert sum(counts) == 60
        assert len(desk.events("statement.recorded")) == 60


MANY = 5_000
IMPORTING = """
import sys
from pathlib import Path
from tests.interchange.desk import Desk
with Desk.opened(sys.argv[1], Path(sys.argv[2])) as desk:
    desk.take(Path(sys.argv[2]) / "rows.jsonl", batch=50)
"""


def test_an_import_that_is_killed_is_finished_by_the_same_command(
    new_store_url: str, tmp_path: Path
) -> None:
    rows = [row(hedge=str(n)) for n in range(MANY)]
    with Desk.opened(new_store_url, tmp_path) as desk:
        path = desk.file(jsonl(rows), "rows.jsonl")
        importer = LoadedProcess(IMPORTING, new_store_url, str(tmp_path))
        while desk.log.head() < 200:
            assert importer.poll() is None
            time.sleep(0.01)
        importer.kill()
        importer.communicate()
        before = desk.log.head()
        assert before < MANY
        summary = desk.take(path)
        assert summary.known + summary.recorded == MANY
        assert summary.known >= 190
        assert len(desk.events("statement.recorded")) == MANY
