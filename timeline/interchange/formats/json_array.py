"""One JSON array of objects: what many programs write where JSON Lines are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.interchange.formats.json_text import elements
from timeline.interchange.formats.jsonl_rows import object_row
from timeline.interchange.formats.source_row import SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.json_text import Element
    from timeline.interchange.formats.opening import Opened
    from timeline.interchange.formats.source_row import Layout, Rows


class JsonArrayFormat:
    """The same objects as in JSON Lines, with brackets around them and commas between."""

    name = "json"

    def recognises(self, opened: Opened) -> bool:
        """Tell whether the file begins with a JSON array."""
        return opened.head.lstrip("\ufeff \t\r\n").startswith("[")

    def rows(self, opened: Opened, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the file."""
        return JsonArrayRows(opened)


class JsonArrayRows:
    """The rows of one array, streamed; an element that is no object carries its error."""

    columns: tuple[str, ...] | None = None
    delimiter: str | None = None

    def __init__(self, opened: Opened) -> None:
        self._text = opened.text

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every element."""
        return map(element_row, elements(self._text))


def element_row(element: Element) -> SourceRow:
    """Return the row that an element of a JSON text is; it carries its error."""
    if element.error is not None:
        return SourceRow(element.line, {}, "", element.error)
    return object_row(element.line, element.raw)
