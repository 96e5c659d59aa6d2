"""The rejects file: every refused row unchanged, after its origin and the reason.

It can be corrected and imported again: the fields whose names begin with `reject.` identify the
first file and row, however often it was refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING, Any, Self, TextIO

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.interchange.native.fields import REJECT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from timeline.interchange.formats.source_row import SourceRow
    from timeline.interchange.importing.summary import Rejection

REJECTS_OVERWRITE_INPUT = Message(
    "rejects_overwrite_input",
    "the rejects would overwrite a file that is imported",
    fix="give them another name",
)
REJECTS_NOT_WRITABLE = Message(
    "rejects_not_writable", "the rejects cannot be written (%(why)s)", fix="choose another place"
)

ORIGIN = ("file", "line", "hash")
"""The origin of a row: the name of its first file, its line, and the SHA-256 of its content."""
COLUMNS = tuple(f"{REJECT}{name}" for name in (*ORIGIN, "column", "reason"))
HASHED = 16
"""Stored digits of the hash."""


class Shape(msgspec.Struct, frozen=True):
    """How a file writes its rows; its rejects are written alike."""

    encoding: str
    columns: tuple[str, ...] | None
    delimiter: str | None
    quote: str = '"'

    @property
    def told_before(self) -> int:
        """How many columns of an earlier rejects file are in front."""
        is_ours = [name.startswith(REJECT) for name in self.columns or ()]
        return [*is_ours, False].index(False)

    def written(self, cells: list[str]) -> str:
        """Return the cells as one row of such a file, without the line end."""
        out = io.StringIO()
        delimiter = self.delimiter or ","
        csv.writer(out, delimiter=delimiter, quotechar=self.quote, lineterminator="").writerow(
            cells
        )
        return out.getvalue()


class RejectsFile:
    """Opens at the first refusal, so that a clean import leaves no file.

    Files of one shape share it; each further shape gets a numbered file.
    """

    def __init__(self, path: Path | None, inputs: Iterable[Path]) -> None:
        if path is not None and path.resolve() in {input_.resolve() for input_ in inputs}:
            raise Refused(REJECTS_OVERWRITE_INPUT, field=str(path))
        self._path = path
        self._open: dict[Shape, TextIO] = {}
        self._last: SourceRow | None = None
        self.names: list[str] = []

    def add(self, shape: Shape, row: SourceRow, rejection: Rejection) -> None:
        """Write a refused row, once for all its parts."""
        if self._path is None or row is self._last:
            return
        self._last = row
        out = self._open.get(shape) or self._start(self._path, shape)
        cells = [*_origin(row, shape, rejection), rejection.column, rejection.reason]
        if shape.columns is None:
            line = _object(cells, row.raw if isinstance(row.raw, str) else shape.written(row.raw))
        elif isinstance(row.raw, str):
            line = shape.written([*cells, ""]) + row.raw.rstrip("\r\n")
        else:
            line = shape.written([*cells, *row.raw[shape.told_before :]])
        out.write(line + "\n")

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for out in self._open.values():
            out.close()
        self._open.clear()

    def _start(self, path: Path, shape: Shape) -> TextIO:
        if self._open:
            path = path.with_stem(f"{path.stem}-{len(self._open) + 1}")
        errors = "surrogateescape" if shape.encoding.startswith("utf-8") else "backslashreplace"
        try:
            out = path.open("w", encoding=shape.encoding, errors=errors, newline="")
        except OSError as error:
            raise StandlineError(
                REJECTS_NOT_WRITABLE, field=str(path), why=error.strerror
            ) from None
        self._open[shape] = out
        self.names.append(str(path))
        if shape.columns is not None:
            out.write(shape.written([*COLUMNS, *shape.columns[shape.told_before :]]) + "\n")
        return out


def _origin(row: SourceRow, shape: Shape, rejection: Rejection) -> list[str]:
    """Return the origin of a row: as an earlier rejects file has it, else this file."""
    said = {name: str(row.fields.get(f"{REJECT}{name}") or "") for name in ORIGIN}
    content = row.raw
    if shape.told_before and shape.columns and not isinstance(row.raw, str):
        before = dict(zip(shape.columns, row.raw, strict=False))
        said = {name: str(before.get(f"{REJECT}{name}") or "") for name in ORIGIN}
        content = row.raw[shape.told_before :]
    digest = hashlib.sha256(msgspec.json.encode(_encodable(content))).hexdigest()[:HASHED]
    here = (rejection.file, str(rejection.line), digest)
    return [was or now for was, now in zip(said.values(), here, strict=True)]


def _encodable(content: str | list[str]) -> list[str]:
    cells = [content] if isinstance(content, str) else content
    return [cell.encode("utf-8", "backslashreplace").decode() for cell in cells]


def _object(cells: list[str], raw: str) -> str:
    why = dict(zip((*ORIGIN, "column", "reason"), cells, strict=True))
    try:
        row = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError):
        text = raw.encode("utf-8", "backslashreplace").decode()
        return msgspec.json.encode({"reject": why | {"text": text}}).decode()
    row.pop("reject", None)
    return msgspec.json.encode({"reject": why} | row).decode()
