"""One JSON array of objects, which many programs write in place of JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.interchange.formats.json_text import elements
from timeline.interchange.formats.jsonl_rows import object_row
from timeline.interchange.formats.source_row import SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.json_text import Element
    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows


class JsonArrayFormat:
    """The same objects as in JSON Lines, in brackets, with commas between them."""

    name = "json"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins with a JSON array."""
        return file.head.lstrip("\ufeff \t\r\n").startswith("[")

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the file."""
        return JsonArrayRows(file)


class JsonArrayRows:
    """The rows of one array, streamed; an element that is no object has an error."""

    columns: tuple[str, ...] | None = None
    delimiter: str | None = None

    def __init__(self, file: SourceFile) -> None:
        self._text = file.text

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every element."""
        return map(element_row, elements(self._text))


def element_row(element: Element) -> SourceRow:
    """Return an element of a JSON text as a row, with its error if it is invalid."""
    if element.error is not None:
        return SourceRow(element.line, {}, "", element.error)
    return object_row(element.line, element.raw)
