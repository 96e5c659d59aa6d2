"""Answers as a Parquet file, in the types of their fields."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.parquet import opened_engine, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILE_NOT_WRITABLE = Message(
    "file_not_writable", "cannot write %(path)s: %(why)s", fix="choose another place"
)

_TYPES = {
    "str": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "tuple[int, ...]": "BIGINT[]",
}
_encode = msgspec.json.Encoder().encode


def write_answers(path: Path, kind: type[msgspec.Struct], answers: Iterable[Any]) -> int:
    """Write answers of a kind and return how many there were; what is nested in them is JSON.

    Raises `StandlineError` where nothing can be written.
    """
    columns = {
        field.encode_name: _TYPES.get(kind.__annotations__[field.name].removesuffix(" | None"), "")
        for field in msgspec.structs.fields(kind)
    }
    typed = {name: type_ or "VARCHAR" for name, type_ in columns.items()}
    try:
        with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
            made = Path(folder) / path.name
            with opened_engine() as duck:
                rows = _cells(columns, answers)
                count = write_table(duck, made, typed, rows, even_without_rows=True)
            shutil.move(made, path)
    except OSError as error:
        raise StandlineError(FILE_NOT_WRITABLE, path=path, why=error.strerror) from None
    return count


def _cells(columns: dict[str, str], answers: Iterable[Any]) -> Iterator[Sequence[Any]]:
    for answer in answers:
        cells = msgspec.structs.astuple(answer)
        yield [
            _encode(cell).decode() if cell is not None and not type_ else cell
            for cell, type_ in zip(cells, columns.values(), strict=True)
        ]
