"""A row of a file before any map: its line, its fields, its error."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from timeline.interchange.formats.opening import SourceFile

BYTE_NOT_UTF8 = Message(
    "byte_not_utf8",
    "byte 0x%(byte)s at character %(place)s is not UTF-8",
    fix='declare the file\'s encoding in a map: [file] encoding = "cp1252" (or "latin-1")',
)

LINE_LIMIT = 16_000_000
"""Most characters of a line or a cell; with more, the file counts as broken."""

LINE_TOO_LONG = Message(
    "line_too_long", "the line is longer than %(limit)s characters", fix="one entry a line"
)

_UNDECODED = re.compile("[\udc80-\udcff]")


class SourceRow(msgspec.Struct, frozen=True):
    """A row at a line of its file; ``raw`` goes into a rejects file unchanged.

    ``error`` says why it could not be read; ``fields`` is empty then. ``left_out`` names in a word
    or two a thing of its format for which the record has no place.
    """

    line: int
    fields: dict[str, Any]
    raw: Any
    error: StandlineError | None = None
    left_out: str = ""


def native_row(line: int, fields: dict[str, Any], left_out: str = "") -> SourceRow:
    """Return a row whose format produced native fields, which go into a rejects file."""
    return SourceRow(line, fields, json.dumps(fields), left_out=left_out)


class Layout(msgspec.Struct, frozen=True):
    """Properties of the file that a map declares; ``None`` means: detect it."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    sheet: str | None = None


class Rows(Protocol):
    """The rows of one open file; ``columns`` are its headers, ``None`` if each row has its own.

    A format that cuts texts counts them in ``cut``.
    """

    columns: tuple[str, ...] | None
    delimiter: str | None

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row in the order of the file, unreadable ones included."""
        ...


class RowStream:
    """`Rows` with their own fields each; ``read`` returns them from the start of the file."""

    columns: tuple[str, ...] | None = None

    def __init__(
        self, read: Callable[[], Iterator[SourceRow]], delimiter: str | None = None
    ) -> None:
        self._read, self.delimiter = read, delimiter

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row in the order of the file."""
        return self._read()


class RowFormat(Protocol):
    """A format with one entry for each row.

    Other packages add theirs as entry points of `standline.importers`. A foreign format may have a
    method ``ready``, which returns its default map, and a text ``about`` that describes its files
    ("a feed"). Its method ``variables`` may return columns that codebooks can use, by our fields: a
    value is imported if the codebook of its topic declares the variable.
    """

    name: str

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether a file is of this format, by its name and its first text."""
        ...

    def rows(self, file: SourceFile, layout: Layout) -> Rows:
        """Return the rows of an open file."""
        ...


class Lines:
    """The lines of a text; a line longer than `LINE_LIMIT` is never in memory as a whole.

    Such a line raises `Refused`; the iteration can go on with the next line.
    """

    def __init__(self, text: TextIO, limit: int = LINE_LIMIT) -> None:
        self._text, self._limit = text, limit

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limit)
        if not line:
            raise StopIteration
        if len(line) < self._limit or line.endswith("\n"):
            return line
        while line and not line.endswith("\n"):
            line = self._text.readline(self._limit)
        raise Refused(LINE_TOO_LONG, limit=f"{self._limit:,}")


def undecoded_byte(text: str, column: str) -> Refused | None:
    """Return the refusal of the first byte that was no UTF-8, if there is one."""
    if text.isascii():
        return None
    match = _UNDECODED.search(text)
    if match is None:
        return None
    byte = ord(match[0]) - 0xDC00
    return Refused(BYTE_NOT_UTF8, field=column, byte=f"{byte:02X}", place=match.start() + 1)
