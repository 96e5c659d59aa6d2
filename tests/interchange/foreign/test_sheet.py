from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.interchange.desk import Desk, row
from timeline.domain.errors import Refused
from timeline.interchange.foreign import sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Cells = list[list[Any]]

NATIVE: Cells = [
    ["topic", "topic_question", "actor", "stance", "said_at", "source.outlet"],
    ["harbour", "Should it be built?", "Ann", "supports", dt.date(2025, 1, 3), "News"],
    ["harbour", "Should it be built?", "Bo", "opposes", "2025-02", "News"],
]


def xlsx(*sheets: tuple[str, Cells]) -> bytes:
    """Return a workbook of Excel, as openpyxl writes it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        made = book.create_sheet(name)
        for cells in rows:
            made.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(*sheets: tuple[str, Cells]) -> bytes:
    """Return an OpenDocument spreadsheet, as odfpy writes it."""
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets:
        table = Table(name=name)
        for cells in rows:
            line = TableRow()
            for cell in cells:
                line.addElement(_cell(cell))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _cell(value: object) -> TableCell:
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=str(value))
    made = TableCell(valuetype="string")
    made.addElement(P(text=str(value)))
    return made


WRITERS = pytest.mark.parametrize(("write", "name"), [(xlsx, "rows.xlsx"), (ods, "rows.ods")])


@WRITERS
def test_a_sheet_of_native_columns_comes_in(
    desk: Desk, write: Callable[..., bytes], name: str
) -> None:
    summary = desk.take(desk.file(write(("Coded", NATIVE)), name))
    assert summary.clean, summary.rejections
    assert [event.said_at for event in desk.events("statement.recorded")] == [
        "2025-01-03",
        "2025-02",
    ]


@WRITERS
def test_a_map_reads_a_foreign_sheet_and_chooses_it(
    desk: Desk, write: Callable[..., bytes], name: str
) -> None:
    rows = [["wer", "was", "Jahr"], ["Ann", "ja", 2025], ["Bo", "nein", 2024]]
    mapping = {
        "file": {"sheet": "Daten"},
        "columns": {"actor": "wer", "stance": "was", "said_at": "Jahr"},
        "values": {"stance": {"ja": "for", "nein": "against"}},
        "constants": {"topic": "harbour", "topic_question": "Built?", "scale": "vote"},
        "dates": {"said_at": "ymd"},
    }
    file = desk.file(write(("Notizen", [["x"]]), ("Daten", rows)), name)
    summary = desk.take(file, mapping=mapping)
    assert summary.recorded == 2
    assert summary.left_out == {"sheet 'Notizen'": 1}
    assert [event.said_at for event in desk.events("statement.recorded")] == ["2025", "2024"]
    mapping["file"] = {"sheet": "Tabelle"}
    with pytest.raises(Refused, match="there is no sheet 'Tabelle'; the file has Notizen, Daten"):
        desk.take(file, mapping=mapping)


def test_a_refused_row_is_told_by_the_number_that_the_sheet_shows(desk: Desk) -> None:
    rows = [[], *NATIVE[:2], [], ["harbour", "", "Cy", "maybe", "2025", "News"]]
    summary = desk.take(desk.file(xlsx(("Coded", rows)), "rows.xlsx"))
    (rejection,) = summary.rejections
    assert str(rejection).startswith("rows.xlsx, line 5, column stance: ")


def test_a_cell_beyond_the_headers_refuses_its_row(desk: Desk) -> None:
    rows = [*NATIVE[:2], [*NATIVE[2], "more"]]
    summary = desk.take(desk.file(xlsx(("Coded", rows)), "rows.xlsx"))
    assert "the row has 7 cells, the header 6" in str(summary.rejections[0])


def test_cells_are_read_as_they_are_written_elsewhere() -> None:
    moments = [dt.datetime.fromisoformat(one) for one in ("2025-01-02", "2025-01-02T03:04")]
    cells = [1.0, 1.5, True, *moments, None, "x"]
    written = ("1", "1.5", "true", "2025-01-02", "2025-01-02 03:04:00", "", "x")
    assert tuple(map(sheet.text_of, cells)) == written


def test_a_refused_row_comes_back_as_a_table(desk: Desk) -> None:
    rejects = desk.folder / "rejects.csv"
    bad = [*NATIVE[:1], ["harbour", "Should it?", "Ann", "", "2025", "News"]]
    desk.take(desk.file(xlsx(("Coded", bad)), "rows.xlsx"), rejects=rejects)
    mended = rejects.read_text().replace("Ann,,", "Ann,supports,")
    assert desk.take(desk.file(mended, "mended.csv")).recorded == 1


def test_a_sheet_in_which_nothing_stands_is_passed_over(desk: Desk) -> None:
    book = ods(("Blank", [["", ""], [""]]), ("Coded", NATIVE))
    summary = desk.take(desk.file(book, "rows.ods"))
    assert (summary.recorded, summary.clean) == (2, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (xlsx(("Empty", [])), "no sheet of the file has a cell"),
        (ods(("Blank", [["", ""], [""]])), "no sheet of the file has a cell"),
        (xlsx(("Coded", [["topic", "topic"], ["a", "b"]])), "the header 'topic' stands twice"),
        (xlsx(("Coded", NATIVE))[:-900], "the spreadsheet cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the spreadsheet cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(desk: Desk, content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        desk.take(desk.file(content, "rows.xlsx"), format="sheet")


def test_a_sheet_that_unpacks_to_too_much_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST", 1_000)
    with pytest.raises(Refused, match="megabytes unpacked; save it as CSV"):
        desk.take(desk.file(xlsx(("Coded", NATIVE)), "rows.xlsx"))


def test_another_packed_file_is_no_sheet(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(Refused):
        desk.take(desk.file(out.getvalue(), "letter.docx"))


def test_a_sheet_that_broke_on_its_way_is_no_table_of_strange_headers(desk: Desk) -> None:
    broken = xlsx(("Coded", NATIVE))[:400]
    with pytest.raises(Refused, match="the spreadsheet cannot be read"):
        desk.take(desk.file(broken, "rows.xlsx"))


def test_a_sheet_is_named_where_another_format_is_asked_for(desk: Desk) -> None:
    file = desk.file(xlsx(("Coded", NATIVE)), "rows.xlsx")
    with pytest.raises(Refused, match="this is a spreadsheet; use --format sheet"):
        desk.take(file, format="csv")


def test_rows_of_a_sheet_are_those_of_the_same_table(desk: Desk) -> None:
    listed: Sequence[Any] = [row(actor="Ann"), row(actor="Bo")]
    head = list(listed[0])
    book = xlsx(("Coded", [head, *([each[name] for name in head] for each in listed)]))
    desk.take_rows(*listed)
    assert desk.take(desk.file(book, "rows.xlsx")).known == 2
