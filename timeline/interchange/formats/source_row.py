"""One row as the file has it, before any map: where it stands, what it holds, what is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from timeline.interchange.formats.opening import Opened

BYTE_NOT_UTF8 = Message(
    "byte_not_utf8",
    "byte 0x%(byte)s at character %(place)s is not UTF-8",
    fix='declare the file\'s encoding in a map: [file] encoding = "cp1252" (or "latin-1")',
)

LINE_LIMIT = 16_000_000
"""Characters that a line or a cell may have before the file itself is taken to be broken."""

LINE_TOO_LONG = Message(
    "line_too_long", "the line is longer than %(limit)s characters", fix="one entry a line"
)

_UNDECODED = re.compile("[\udc80-\udcff]")


class SourceRow(msgspec.Struct, frozen=True):
    """A row at a line of its file; ``raw`` is what a rejects file gives back, unchanged.

    ``error`` says why it could not be read as a row at all; ``fields`` is empty then. ``left_out``
    says in a word or two what it is, where its format has it and the record has no place for it.
    """

    line: int
    fields: dict[str, Any]
    raw: Any
    error: StandlineError | None = None
    left_out: str = ""


def native_row(line: int, fields: dict[str, Any], left_out: str = "") -> SourceRow:
    """Return a row that its format has made of native fields: as such a rejects file has it."""
    return SourceRow(line, fields, json.dumps(fields), left_out=left_out)


class Layout(msgspec.Struct, frozen=True):
    """What a map declares about the file itself; ``None`` means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    sheet: str | None = None


class Rows(Protocol):
    """The rows of one open file; ``columns`` are its headers, ``None`` if each row has its own.

    A format that shortens texts counts them in ``cut``.
    """

    columns: tuple[str, ...] | None
    delimiter: str | None

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row, also the unreadable ones, in the order of the file."""
        ...


class RowFormat(Protocol):
    """A format with one entry a row. Another package adds one as a `standline.importers`.

    One of foreign rows may have a method ``ready``, which returns the map that is used where
    nobody gives another, and say in ``about`` what its files are ("a feed"). Beside it,
    ``variables`` returns by our fields which of its columns codebooks may ask for: a value comes in
    where the codebook of its topic does.
    """

    name: str

    def recognises(self, opened: Opened) -> bool:
        """Tell whether a file is of this format, by its name and its first text."""
        ...

    def rows(self, opened: Opened, layout: Layout) -> Rows:
        """Return the rows of an open file."""
        ...


class Lines:
    """The lines of a text, none of them whole in memory that is longer than a row can be.

    Going on after `Refused`, which is raised in place of such a line, gives the next one.
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


def undecoded(text: str, column: str) -> Refused | None:
    """Return what to say of the first byte that was not UTF-8, if there is one."""
    if text.isascii():
        return None
    match = _UNDECODED.search(text)
    if match is None:
        return None
    byte = ord(match[0]) - 0xDC00
    return Refused(BYTE_NOT_UTF8, field=column, byte=f"{byte:02X}", place=match.start() + 1)
