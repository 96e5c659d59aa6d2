"""Parquet with columns of any type, read as the cells of a table."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.interchange.formats.csv_rows import checked_header, is_native
from timeline.interchange.formats.source_row import SourceRow
from timeline.parquet import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows

PARQUET_UNREADABLE = Message(
    "parquet_unreadable",
    "the Parquet file cannot be read (%(why)s)",
    fix="write it anew, or save it as CSV",
)

AT_ONCE = 1_000
_MARK = "PAR1"
_encode = msgspec.json.Encoder().encode


class ParquetFormat:
    """A table with typed columns; their names are field names, or a map explains them."""

    name = "parquet"
    about = "a Parquet file"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file is Parquet, by its first four letters."""
        return file.head.startswith(_MARK)

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows; raises `Refused` for a damaged file, or if DuckDB is missing."""
        return ParquetRows(file)


class ParquetRows:
    """The rows of one file, streamed; the line counts them from 1."""

    delimiter: str | None = None

    def __init__(self, file: SourceFile) -> None:
        self._opened = file
        cells = next(self._read())
        self.columns: tuple[str, ...] | None = checked_header(cells, file.name)

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row; a null is left out of our own rows, and an empty cell in others."""
        header = self.columns or ()
        native, coming = is_native(header), self._read()
        next(coming)
        for line, cells in enumerate(coming, 1):
            raw = [_text(cell) for cell in cells]
            if native:
                filled = zip(header, cells, strict=True)
                yield SourceRow(
                    line, {name: cell for name, cell in filled if cell is not None}, raw
                )
            else:
                read = [
                    cell if isinstance(cell, list) else text
                    for cell, text in zip(cells, raw, strict=True)
                ]
                yield SourceRow(line, dict(zip(header, read, strict=True)), raw)

    def _read(self) -> Iterator[Any]:
        """Yield the names of the columns, then the cells of each row."""
        with open_engine() as duck, tempfile.TemporaryDirectory(prefix="standline-") as folder:
            import duckdb  # noqa: PLC0415 - an extra, and large

            place = Path(folder) / "rows.parquet"
            with place.open("wb") as copy:
                shutil.copyfileobj(self._opened.binary, copy)
            try:
                result = duck.execute("select * from read_parquet(?)", [str(place)])
                yield [column[0] for column in result.description or ()]
                while some := result.fetchmany(AT_ONCE):
                    yield from some
            except duckdb.Error as error:
                why = str(error).partition("\n")[0].replace(str(place), self._opened.name)
                raise Refused(PARQUET_UNREADABLE, field=self._opened.name, why=why) from None


def _text(cell: Any) -> str:  # noqa: ANN401 - of any type
    """Return a cell as text, as in CSV."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime) and cell.tzinfo:
        cell = cell.astimezone(UTC)  # the engine gives it in the zone of this machine
    return _encode(cell).decode() if isinstance(cell, list | dict) else str(cell)
