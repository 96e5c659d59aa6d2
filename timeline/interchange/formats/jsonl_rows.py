"""JSON Lines: one object a line, nested or flat with dots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.interchange.formats.source_row import FIELD_LIMIT, Layout, Rows, SourceRow, undecoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import Opened

LINE_TOO_LONG = Message(
    "line_too_long", "the line is longer than %(limit)s characters", fix="one entry a line"
)
NOT_A_JSON_OBJECT = Message(
    "not_a_json_object",
    "the line is not a JSON object (%(why)s)",
    fix="write one object a line, with double quotes and no comma at its end",
)


_HIGH, _LOW = r"\\ud[89ab][0-9a-f]{2}", r"\\ud[c-f][0-9a-f]{2}"
_HALF = re.compile(f"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}", re.IGNORECASE)
"""A surrogate that stands alone: the other half of its character was cut off."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class JsonlFormat:
    """The native format: a line is a statement, a development, a story, a topic or an actor."""

    name = "jsonl"

    def recognises(self, opened: Opened) -> bool:
        """Tell whether the file begins with a JSON object."""
        return opened.head.lstrip("\ufeff \r\n").startswith("{")

    def rows(self, opened: Opened, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the file."""
        return JsonlRows(opened)


class JsonlRows:
    """The rows of one file, streamed; a line that is no object carries its error."""

    columns: tuple[str, ...] | None = None
    delimiter: str | None = None

    def __init__(self, opened: Opened) -> None:
        self._text = opened.text

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every line that is not blank."""
        for number, line in enumerate(self._lines(), 1):
            if line.strip():
                yield _row(number, line)

    def _lines(self) -> Iterator[str]:
        while line := self._text.readline(FIELD_LIMIT):
            yield line
            while len(line) == FIELD_LIMIT and not line.endswith("\n"):
                line = self._text.readline(FIELD_LIMIT)


def _row(number: int, line: str) -> SourceRow:
    raw = line.strip("\ufeff \t\r\n")
    if problem := undecoded(raw, ""):
        return SourceRow(number, {}, raw, problem)
    if len(line) == FIELD_LIMIT:
        return SourceRow(number, {}, raw, Refused(LINE_TOO_LONG, limit=f"{FIELD_LIMIT:,}"))
    try:
        return SourceRow(number, flattened(_decode(raw)), raw)
    except (msgspec.DecodeError, UnicodeError) as error:
        half = _HALF.search(raw)
        why = f"{half[0]} is half a character" if half else _plainly(error)
        return SourceRow(number, {}, raw, Refused(NOT_A_JSON_OBJECT, why=why))


def _plainly(error: Exception) -> str:
    return str(error).removeprefix("JSON is malformed: ")


def flattened(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the row with nested objects as dotted names; lists stay as they are."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= flattened(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
