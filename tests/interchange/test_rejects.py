from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from timeline.domain.errors import Refused, StandlineError

if TYPE_CHECKING:
    from collections.abc import Callable
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


BY_LINE: dict[str, Any] = {
    "namespace": "poll",
    "columns": {"actor": "who", "stance": "how"},
    "constants": {"topic": "tax", "scale": "vote", "said_at": "2025"},
    "templates": {"key": "{line}"},
    "values": {"stance": {"yes": "for", "no": "against"}},
}
POLL = [{"who": f"Member {n}", "how": "perhaps" if n % 3 else "yes"} for n in range(9)]


def said(desk: Desk) -> dict[str, str]:
    """Return the stance of each speaker, as it stands."""
    exported = map(json.loads, desk.export().splitlines())
    rows = [one for one in exported if one["kind"] == "statement"]
    return {one["actor"]: one["stance"] for one in rows}


@pytest.mark.parametrize("write", [table, lambda *rows: jsonl(rows)])
def test_rejects_that_are_mended_become_themselves_under_the_map_of_their_file(
    desk: Desk, rejects: Path, write: Callable[..., str]
) -> None:
    desk.take(desk.file(write(*POLL), "poll.txt"), mapping=BY_LINE, rejects=rejects)
    assert len(said(desk)) == 3
    rejects.write_text(rejects.read_text().replace("perhaps", "no"))
    summary = desk.take(rejects, mapping=BY_LINE, update="mended")
    assert (summary.recorded, summary.corrected, summary.clean) == (6, 0, True), summary.rejections
    assert sorted(said(desk).values()) == ["against"] * 6 + ["for"] * 3
    mended = [one | {"how": one["how"].replace("perhaps", "no")} for one in POLL]
    again = desk.take(desk.file(write(*mended), "poll.txt"), mapping=BY_LINE)
    assert (again.known, again.clean) == (9, True), again.rejections


def test_rejects_carry_the_line_the_name_and_the_hash_of_the_first_file(
    desk: Desk, rejects: Path
) -> None:
    desk.take(desk.file(table(*POLL), "poll.csv"), mapping=BY_LINE, rejects=rejects)
    again = rejects.with_name("again.csv")
    desk.take(rejects, mapping=BY_LINE, rejects=again)
    assert again.read_text() == rejects.read_text()
    with again.open(newline="") as file:
        told = [*csv.DictReader(file)]
    assert [one["reject.line"] for one in told] == ["3", "4", "6", "7", "9", "10"]
    assert {one["reject.file"] for one in told} == {"poll.csv"}
    assert len({one["reject.hash"] for one in told}) == 6


def test_a_mended_row_that_names_no_source_has_that_of_its_first_file(
    desk: Desk, rejects: Path
) -> None:
    desk.take(desk.file(table(*POLL), "poll.csv"), mapping=BY_LINE, rejects=rejects)
    rejects.write_text(rejects.read_text().replace("perhaps", "no"))
    desk.take(rejects, mapping=BY_LINE)
    assert desk.event("document.filed").content.title == "poll.csv"


def test_an_update_never_overwrites_the_entry_of_another_row_by_its_line(
    desk: Desk, rejects: Path
) -> None:
    desk.take(desk.file(table(*POLL)), mapping=BY_LINE, rejects=rejects)
    before = said(desk)
    bare = [one | {"how": "no"} for one in POLL if one["how"] == "perhaps"]
    summary = desk.take(desk.file(table(*bare), "bare.csv"), mapping=BY_LINE, update="mended")
    assert summary.corrected == 0
    assert "the line is all that names the row, and another stood there then" in str(
        summary.rejections[0]
    )
    assert before.items() <= said(desk).items()


def test_the_same_row_in_its_line_is_still_corrected(desk: Desk) -> None:
    desk.take(desk.file(table(*POLL)), mapping=BY_LINE)
    other = [one | {"how": "no"} for one in POLL]
    summary = desk.take(desk.file(table(*other)), mapping=BY_LINE, update="coded anew")
    assert (summary.corrected, summary.recorded) == (3, 6)


def test_a_rejects_row_that_lost_its_line_is_refused_under_a_map_that_counts_lines(
    desk: Desk, rejects: Path
) -> None:
    desk.take(desk.file(table(*POLL), "poll.csv"), mapping=BY_LINE, rejects=rejects)
    lost = rejects.read_text().replace("perhaps", "no").replace("poll.csv,3,", "poll.csv,,")
    rejects.write_text(lost)
    summary = desk.take(rejects, mapping=BY_LINE)
    assert (summary.recorded, summary.rejected) == (5, 1)
    assert "does not say in which line of its file the row stood at first" in str(
        summary.rejections[0]
    )


SPLIT = BY_LINE | {"split": {"actor": ";"}}
MUELLER = {"kind": "actor", "actor": "mueller", "actor_name": "Müller", "actor_kind": "person"}
"""Somebody on record for whom nobody takes Mueller."""


def test_a_split_row_is_recorded_whole_or_not_at_all(desk: Desk, rejects: Path) -> None:
    desk.take_rows(MUELLER)
    rows = [{"who": "Ann; Mueller; Bo", "how": "yes"}, {"who": "Cy; Di", "how": "no"}]
    summary = desk.take(desk.file(table(*rows)), mapping=SPLIT, rejects=rejects)
    assert (summary.recorded, summary.rejected) == (2, 3)
    assert sorted(said(desk)) == ["cy", "di"]
    assert len(desk.events("actor.introduced")) == 3
    rejects.write_text(rejects.read_text().replace("Mueller", "Müller"))
    assert desk.take(rejects, mapping=SPLIT).recorded == 3
    assert len({event.utterance for event in desk.events("statement.recorded")}) == 2


def test_a_split_row_of_which_one_part_is_in_conflict_adds_no_other(desk: Desk) -> None:
    desk.take(desk.file(table({"who": "Ann; Bo", "how": "yes"})), mapping=SPLIT)
    changed = desk.file(table({"who": "Ann; Bo; Cy", "how": "no"}))
    summary = desk.take(changed, mapping=SPLIT)
    assert (summary.recorded, summary.conflicting) == (0, 3)
    assert sorted(said(desk)) == ["ann", "bo"]


def test_a_split_row_is_never_divided_by_the_end_of_a_batch(desk: Desk) -> None:
    desk.take_rows(MUELLER)
    rows = [{"who": "Ann; Bo; Cy;; Mueller", "how": "yes"}, {"who": "Ed; Fi", "how": "no"}]
    summary = desk.take(desk.file(table(*rows)), mapping=SPLIT, batch=2)
    assert (summary.recorded, summary.rejected) == (2, 4)
    assert sorted(said(desk)) == ["ed", "fi"]


def test_a_split_row_of_which_a_map_leaves_a_name_out_is_refused_whole(desk: Desk) -> None:
    nobody = SPLIT | {"values": BY_LINE["values"] | {"actor": {"various": ""}}}
    rows = [{"who": "Ann; various", "how": "yes"}, {"who": "Ed; Fi", "how": "no"}]
    summary = desk.take(desk.file(table(*rows)), mapping=nobody)
    assert (summary.recorded, summary.rejected) == (2, 2)
    assert sorted(said(desk)) == ["ed", "fi"]
