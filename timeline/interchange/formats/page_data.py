"""The data of a page of the site: its entries, with the nouns and links that they need."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.interchange.formats.json_text import elements_of
from timeline.interchange.formats.jsonl_rows import element_row
from timeline.interchange.formats.source_row import RowStream, native_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Layout, Rows, SourceRow

PAGE_WITHOUT_ENTRIES = Message(
    "page_without_entries",
    "this is the front page as data, which holds no entries",
    fix="download the topics that you want, or export the record",
)

LISTS = ("nouns", "entries", "links")
"""Lists to import, each after those it depends on; the rest is derived."""

RETRACTED = "retracted on that page"
_BEGINS = re.compile(
    r'\ufeff?\s*\{\s*"(topics?|actor)"\s*:\s*(?:\[?\s*\{\s*"slug"\s*:|\[\s*\]\s*,\s*"as_of")'
)
_BESIDE = ("number", "replies", "retracted")
"""Fields of an entry on a page that are not in its row."""


class PageDataFormat:
    """The answers of `/t/<topic>.json` and `/a/<actor>.json`."""

    name = "page"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file begins like one of our pages, with its ``about``."""
        return _BEGINS.match(file.head) is not None

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the page; raises `Refused` if it has no entries."""
        begins = _BEGINS.match(file.head)
        if begins and begins[1] == "topics":
            raise Refused(PAGE_WITHOUT_ENTRIES, field=file.name)
        return RowStream(partial(_rows, file.text))


def _rows(text: TextIO) -> Iterator[SourceRow]:
    """Yield nouns, entries and links, one list after the other, without retracted ones."""
    listed = elements_of(text, [(name,) for name in LISTS])
    return (_row(element_row(element)) for _, element in listed)


def _row(row: SourceRow) -> SourceRow:
    if row.error is not None:
        return row
    retracted = row.fields.get("retracted") is True
    fields = {name: row.fields[name] for name in row.fields if name not in _BESIDE}
    return native_row(row.line, fields, RETRACTED if retracted else "")
