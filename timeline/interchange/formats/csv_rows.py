"""CSV as found in practice: any delimiter, cells over several lines, short rows."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.interchange.formats.guarded import unguard_cell
from timeline.interchange.formats.source_row import (
    LINE_LIMIT,
    Layout,
    Lines,
    Rows,
    SourceRow,
    undecoded_byte,
)
from timeline.interchange.native.fields import REJECT, is_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.interchange.formats.opening import SourceFile

BEGIN_WITH_HEADERS = Advice("begin with a line of headers")
HEADER_MISSING = Message("header_missing", "there is no header", fix=BEGIN_WITH_HEADERS.text)
HEADER_TWICE = Message(
    "header_twice", "the header %(header)s stands twice", fix="give every column its own name"
)
HEADERS_BLANK = Message(
    "headers_blank", "two headers are blank", fix="give every column its own name"
)
DELIMITER_UNDECLARED = Message(
    "delimiter_undeclared",
    "the header has one column, %(header)s",
    fix="the delimiter seems to be the %(delimiter)s: declare it in the map",
)
CELLS_NOT_TOLD_APART = Message(
    "cells_not_told_apart",
    "the cells of the row cannot be told apart (%(why)s)",
    fix="close every quotation mark, and double those inside a quoted cell",
)
ROW_RAGGED = Message(
    "row_ragged",
    "the row has %(cells)s cells, the header %(width)s",
    fix="quote cells that hold the delimiter, and leave none out",
)

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r"(?i)\ufeff?(?P<quote>\"?)sep=(?P<mark>[,;|\t])(?P=quote)\r?(?:\n|$)")
"""The first line in which spreadsheets declare the delimiter."""
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class CsvFormat:
    """Cells under headers; the headers are field names, or a map explains them."""

    name = "csv"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether this looks like CSV: by its name, or because it is no JSON."""
        stem = file.name.removesuffix(".gz")
        return stem.endswith((".csv", ".tsv", ".txt")) or file.head.lstrip()[:1] not in "{["

    def rows(self, file: SourceFile, layout: Layout) -> Rows:
        """Return the rows; raises `Refused` for invalid headers."""
        return CsvRows(file, layout)


class CsvRows:
    """The rows of one CSV file, streamed."""

    def __init__(self, file: SourceFile, layout: Layout) -> None:
        csv.field_size_limit(LINE_LIMIT)
        self._name = file.name
        lines, said = Lines(file.text), _SEPARATOR.match(file.head)
        delimiter = said["mark"] if said else layout.delimiter
        self.delimiter: str | None = delimiter or _delimiter(file.head, layout.quote)
        self._ahead = 1 if said and next(lines) else 0
        self._pending: list[str] = []
        self._reader = csv.reader(
            map(self._noted, lines),
            delimiter=self.delimiter,
            quotechar=layout.quote,
            strict=True,
        )
        self.columns: tuple[str, ...] | None = self._header()

    def _noted(self, line: str) -> str:
        self._pending.append(line)
        return line

    def _header(self) -> tuple[str, ...]:
        where = f"{self._name}, line {1 + self._ahead}"
        first = next(((cells, why) for _, cells, why in self._rows() if why or any(cells)), None)
        if first is None:
            raise Refused(HEADER_MISSING, field=where)
        cells, error = first
        if error:
            raise Refused.again(error, field=where, fix=BEGIN_WITH_HEADERS)
        header = checked_header(cells, where)
        self._check_delimiter(header)
        return header

    def _check_delimiter(self, header: tuple[str, ...]) -> None:
        if len(header) > 1:
            return
        other = next((mark for mark in DELIMITERS if mark in (header or ("",))[0]), None)
        if other is not None:
            raise Refused(
                DELIMITER_UNDECLARED,
                field=f"{self._name}, line 1",
                header=InQuotes(header[0][:60]),
                delimiter=_NAMES[other],
            )

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row; one with too few or too many cells carries its error."""
        header = self.columns or ()
        width = len(header)
        guarded = is_native(header)
        for line, cells, error in self._rows():
            if error is not None:
                yield SourceRow(line, {}, cells, error)
            elif not any(cells):
                continue
            elif len(cells) == width:
                read = map(unguard_cell, cells) if guarded else cells
                yield SourceRow(line, dict(zip(header, read, strict=True)), cells)
            else:
                yield SourceRow(line, {}, cells, ragged_row(len(cells), width))

    def _rows(self) -> Iterator[tuple[int, Any, Refused | None]]:
        """Yield the line of each row with its cells, or with its text and an error."""
        reader, pending = self._reader, self._pending
        while True:
            line = self._ahead + reader.line_num + 1
            pending.clear()
            try:
                yield line, next(reader), None
            except StopIteration:
                return
            except csv.Error as error:
                yield line, "".join(pending), Refused(CELLS_NOT_TOLD_APART, why=error)
            except Refused as error:
                yield line, "".join(pending), error


def checked_header(cells: Sequence[str], where: str) -> tuple[str, ...]:
    """Return headers; raises `Refused` for undecodable bytes and for a repeated name."""
    header = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
    for cell in header:
        if problem := undecoded_byte(cell, where):
            raise problem
    doubled = next((cell for cell in header if header.count(cell) > 1), None)
    if doubled is not None:
        message = HEADER_TWICE if doubled else HEADERS_BLANK
        raise Refused(message, field=where, header=InQuotes(doubled))
    return header


def is_native(header: tuple[str, ...]) -> bool:
    """Tell whether these are columns of our own exports, whose cells are guarded."""
    return all(is_field(name) or name.startswith(REJECT) for name in header)


def ragged_row(cells: int, width: int) -> Refused:
    """Return the refusal of a row with too many or too few cells."""
    return Refused(ROW_RAGGED, cells=cells, width=width)


def _delimiter(head: str, quote: str) -> str:
    """Return the delimiter that splits the first line into the most cells."""
    line = next((line for line in head.lstrip("\ufeff").splitlines() if line.strip()), "")
    plain = "".join(line.split(quote)[::2])
    return max(DELIMITERS, key=plain.count)
