"""Native rows as Parquet: the columns of the table, with types."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS
from timeline.interchange.exporting.export import columns_with, selected_rows, with_objects
from timeline.parquet import Limits, open_engine, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.formats.contracts import ExportOptions, Store

PIECE = 1 << 16
_encode = msgspec.json.Encoder().encode


class ParquetExporter:
    """The rows of the table: texts, lists of texts, places in a text as whole numbers.

    A value with fields of its own, such as a further source, is JSON.
    """

    name = "parquet"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the rows; raises `Refused` if DuckDB is not installed."""
        record, rows = selected_rows(store, options)
        out.writelines(parquet_pieces(rows, columns_with(record.languages, record.own_columns)))


def parquet_pieces(
    rows: Iterable[Row],
    names: Iterable[str],
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[bytes]:
    """Yield native rows with columns of these names as the pieces of a Parquet file.

    Raises `Refused` before the first piece if DuckDB is not installed.
    """
    with open_engine(limits) as duck, tempfile.TemporaryDirectory(prefix="standline-") as folder:
        columns = {name: _type(name) for name in names}
        place = Path(folder) / "rows.parquet"
        write_table(duck, place, columns, _cells(columns, rows), even_without_rows=True)
        with place.open("rb") as made:
            while piece := made.read(PIECE):
                yield piece


def _type(name: str) -> str:
    field = COLUMNS.get(name)
    if field is None or field.type is Type.OBJECT or name == FURTHER_SOURCES:
        return "VARCHAR"
    if field.type is Type.OFFSET:
        return "BIGINT"
    return "VARCHAR[]" if field.many else "VARCHAR"


def _cells(columns: dict[str, str], rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    for row in rows:
        flat = with_objects(row)
        yield [_cell(columns[name], flat.get(name)) for name in columns]


def _cell(type_: str, value: Any) -> Any:  # noqa: ANN401 - a field's value
    is_object = type_ == "VARCHAR" and isinstance(value, list | dict)
    return _encode(value).decode() if is_object else value
