"""Spreadsheets: Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods), read as a table."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.csv_rows import checked_header, is_native, ragged_row
from timeline.interchange.formats.guarded import unguard_cell
from timeline.interchange.formats.source_row import SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows

SHEET_TOO_LARGE = Message(
    "sheet_too_large",
    "the spreadsheet has more than %(most)s megabytes unpacked",
    fix="save it as CSV, which is read row by row",
)
SHEET_UNREADABLE = Message(
    "sheet_unreadable",
    "the spreadsheet cannot be read (%(why)s)",
    fix="open it and save it anew, as .xlsx, .ods or CSV",
)
NO_SUCH_SHEET = Message(
    "no_such_sheet", "there is no sheet %(name)s", fix="the file has %(sheets)s"
)
SHEETS_ALL_EMPTY = Message(
    "sheets_all_empty", "no sheet of the file has a cell", fix="give a file with a table"
)

MOST = 400_000_000
"""Most bytes of an unpacked spreadsheet, which is read into memory."""

_ZIP, _OLE = "PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = (".xlsx", ".xlsb", ".ods")
_MARKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


class SheetFormat:
    """The first sheet with cells, or the one that a map names; its first row has the headers."""

    name = "sheet"
    about = "a spreadsheet"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file is a spreadsheet, by the files packed in it or by its signature."""
        if file.head.startswith(_ZIP):
            return file.name.lower().endswith(_ENDINGS) or bool(_packed(file))
        return file.head.encode("utf-8", "surrogateescape").startswith(_OLE)

    def rows(self, file: SourceFile, layout: Layout) -> Rows:
        """Return the rows; raises `Refused` for invalid headers."""
        return SheetRows(file, layout.sheet)


class SheetRows:
    """The rows of one sheet; the line is the row's number in it."""

    delimiter: str | None = None

    def __init__(self, file: SourceFile, name: str | None) -> None:
        self._name = file.name
        self._others, filled = _read(file, name)
        width = max(len(_trim(row)) for _, row in filled)
        (self._line, header), *self._rows = [(line, row[:width]) for line, row in filled]
        where = f"{self._name}, row {self._line}"
        self.columns: tuple[str, ...] | None = checked_header(_trim(header), where)

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row with cells, then the sheets that were not read."""
        header = self.columns or ()
        read = unguard_cell if is_native(header) else str
        for line, cells in self._rows:
            here = [*cells, *[""] * (len(header) - len(cells))]
            if len(_trim(here)) > len(header):
                yield SourceRow(line, {}, here, ragged_row(len(_trim(here)), len(header)))
            else:
                here = here[: len(header)]
                yield SourceRow(line, dict(zip(header, map(read, here), strict=True)), here)
        for name in self._others:
            yield SourceRow(0, {}, [], left_out=f"sheet {name!r}")


def _packed(file: SourceFile) -> int:
    """Return the unpacked size of a packed spreadsheet; 0 for any other file."""
    try:
        with zipfile.ZipFile(file.binary) as packed:
            names = packed.namelist()
            is_sheet = any(mark in names for mark in _MARKS[:2]) or (
                _MARKS[2] in names and b"spreadsheet" in packed.read("mimetype")[:100]
            )
            return sum(info.file_size for info in packed.infolist()) if is_sheet else 0
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, struct.error):
        return 0


def _read(file: SourceFile, chosen: str | None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of other sheets with cells, and the numbered rows of the chosen sheet."""
    import python_calamine as calamine  # noqa: PLC0415 - few read spreadsheets

    if max(_packed(file), file.size) > MOST:
        raise Refused(SHEET_TOO_LARGE, field=file.name, most=MOST // 1_000_000)
    others: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    try:
        book = calamine.CalamineWorkbook.from_filelike(file.binary)
        names = [metadata.name for metadata in book.sheets_metadata if "Work" in str(metadata.typ)]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if not rows and chosen in (None, name):
                rows = list(_filled_rows(sheet))
            elif sheet.height:
                others.append(name)
    except calamine.CalamineError as error:
        raise Refused(SHEET_UNREADABLE, field=file.name, why=error) from None
    if chosen is not None and chosen not in names:
        sheets = ", ".join(names)
        raise Refused(NO_SUCH_SHEET, field=file.name, name=InQuotes(chosen), sheets=sheets)
    if not rows:
        raise Refused(SHEETS_ALL_EMPTY, field=file.name)
    return others, rows


def _filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that are not blank, each with its number."""
    first = (sheet.start or (0, 0))[0] + 1
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), first):
        cells = [text_of(cell) for cell in row]
        if any(map(str.strip, cells)):
            yield number, cells


def _trim(cells: list[str]) -> list[str]:
    """Return cells without blank ones at the end."""
    width = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:width]


def text_of(cell: Any) -> str:  # noqa: ANN401 - a cell holds any value
    """Return a cell as text: a date in ISO 8601, a whole number without .0."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, date | time | timedelta | int | float):
        return str(cell)
    return cell if isinstance(cell, str) else ""
