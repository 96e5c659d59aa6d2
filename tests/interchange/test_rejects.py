from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from timeline.domain.errors import Refused, StandlineError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def rejects(desk: Desk) -> Path:
    return desk.folder / "rejects.csv"


def test_refused_rows_stand_in_a_file_with_line_column_and_reason(
    desk: Desk, rejects: Path
) -> None:
    given = row(paraphrase='He said "no",\nthen left', stance="wants")
    summary = desk.take(desk.file(table(row(), given)), rejects=rejects)
    assert summary.lines()[-1] == f"refused rows are in {rejects}"
    with rejects.open(newline="") as file:
        (told,) = csv.DictReader(file)
    assert (told["reject.line"], told["reject.column"]) == ("3", "stance")
    assert told["reject.reason"].startswith("stance 'wants' is not a word of the position scale; ")
    assert {name: told[name] for name in given} == given


def test_mended_they_are_imported_again(desk: Desk, rejects: Path) -> None:
    desk.take(desk.file(table(row(), row(stance="wants"))), rejects=rejects)
    rejects.write_text(rejects.read_text().replace("wants", "doubts"))
    assert desk.take(rejects).recorded == 1


def test_refused_again_they_keep_one_reason(desk: Desk, rejects: Path) -> None:
    desk.take(desk.file(table(row(stance="wants"))), rejects=rejects)
    first = rejects.read_text()
    again = rejects.with_name("again.csv")
    desk.take(rejects, rejects=again)
    assert again.read_text() == first


def test_refused_lines_of_json_are_imported_again_too(desk: Desk, rejects: Path) -> None:
    desk.take_rows(row(), row(stance="wants"), rejects=rejects)
    told = json.loads(rejects.read_text())
    assert told["reject"]["line"] == "2"
    rejects.write_text(rejects.read_text().replace('"wants"', '"doubts"'))
    assert desk.take(rejects).recorded == 1


def test_a_line_that_is_no_json_is_kept_as_text(desk: Desk, rejects: Path) -> None:
    desk.take(desk.file(jsonl([row()]) + '{"a": \n', "rows.jsonl"), rejects=rejects)
    assert json.loads(rejects.read_text())["reject"]["text"] == '{"a":'


def test_a_row_with_too_many_cells_is_kept_cell_by_cell(desk: Desk, rejects: Path) -> None:
    desk.take(desk.file("topic,actor\na,b,c\n"), rejects=rejects)
    assert rejects.read_text().splitlines()[1].endswith(",a,b,c")


def test_rows_are_kept_in_the_encoding_and_with_the_delimiter_of_their_file(
    desk: Desk, rejects: Path
) -> None:
    mapping = {
        "file": {"encoding": "latin-1", "delimiter": ";"},
        "columns": {name: name for name in row()},
    }
    content = table(row(actor="Müller", stance="wants"), delimiter=";").encode("latin-1")
    desk.take(desk.file(content), mapping=mapping, rejects=rejects)
    assert ";Müller;".encode("latin-1") in rejects.read_bytes()
    rejects.write_bytes(rejects.read_bytes().replace(b"wants", b"doubts"))
    assert desk.take(rejects, mapping=mapping).recorded == 1


def test_bytes_that_are_no_text_are_kept(desk: Desk, rejects: Path) -> None:
    content = table(row(actor="Müller", source__title="x")).encode("latin-1")
    desk.take(desk.file(content), rejects=rejects)
    assert b"M\xfcller" in rejects.read_bytes()


def test_files_of_two_shapes_have_two_files_of_rejects(desk: Desk, rejects: Path) -> None:
    summary = desk.take(
        desk.file(table(row(stance="wants"))),
        desk.file(jsonl([row(stance="wants")]), "rows.jsonl"),
        rejects=rejects,
    )
    assert summary.rejects_files == [str(rejects), str(rejects.with_name("rejects-2.csv"))]


def test_a_clean_import_leaves_no_file(desk: Desk, rejects: Path) -> None:
    assert desk.take_rows(row(), rejects=rejects).rejects_files == []
    assert not rejects.exists()


def test_rejects_never_overwrite_what_is_imported(desk: Desk) -> None:
    path = desk.file(table(row()))
    with pytest.raises(Refused, match="the rejects would overwrite a file that is imported"):
        desk.take(path, rejects=path)


def test_rejects_that_cannot_be_written_are_told(desk: Desk) -> None:
    with pytest.raises(StandlineError, match="the rejects cannot be written"):
        desk.take_rows(row(stance="wants"), rejects=desk.folder / "nowhere" / "rejects.csv")


def test_a_conflict_is_kept_with_the_number_of_what_is_on_record(desk: Desk, rejects: Path) -> None:
    desk.take_rows(row(key="1"))
    number = desk.log.head()
    summary = desk.take_rows(row(key="1", stance="doubts"), rejects=rejects)
    assert (summary.conflicting, summary.rejected, summary.clean) == (1, 0, False)
    assert str(summary.rejections[0]) == (
        f"rows.jsonl, line 1, column stance: on record as number {number} with another stance; "
        "correct the record, or the row, or let the import correct it (--update)"
    )
    assert json.loads(rejects.read_text())["stance"] == "doubts"
