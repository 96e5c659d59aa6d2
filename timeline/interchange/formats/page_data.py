"""A page of the site as data: its entries come back, with the nouns and links that they need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.interchange.formats.json_array import element_row
from timeline.interchange.formats.json_text import elements_of
from timeline.interchange.formats.source_row import native_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import Opened
    from timeline.interchange.formats.source_row import Layout, Rows, SourceRow

PAGE_WITHOUT_ENTRIES = Message(
    "page_without_entries",
    "this is the front page as data, which holds no entries",
    fix="download the topics that you want, or export the record",
)

LISTS = ("nouns", "entries", "links")
"""What comes back, in the order in which each builds on those before; the rest is derived."""

RETRACTED = "retracted on that page"
_BEGINS = re.compile(
    r'\ufeff?\s*\{\s*"(topics?|actor)"\s*:\s*(?:\[?\s*\{\s*"slug"\s*:|\[\s*\]\s*,\s*"as_of")'
)
_BESIDE = ("number", "replies", "retracted")
"""What a page says of an entry beside its row."""


class PageDataFormat:
    """What `/t/<topic>.json` and `/a/<actor>.json` give."""

    name = "page"

    def recognises(self, opened: Opened) -> bool:
        """Tell whether the file begins as a page of ours does: with what it is about."""
        return _BEGINS.match(opened.head) is not None

    def rows(self, opened: Opened, layout: Layout) -> Rows:  # noqa: ARG002 - nothing to declare
        """Return the rows of the page; raises `Refused` for one that has no entries."""
        begins = _BEGINS.match(opened.head)
        if begins and begins[1] == "topics":
            raise Refused(PAGE_WITHOUT_ENTRIES, field=opened.name)
        return PageDataRows(opened)


class PageDataRows:
    """The rows of one page, streamed: its lists are read one after the other."""

    columns: tuple[str, ...] | None = None
    delimiter: str | None = None

    def __init__(self, opened: Opened) -> None:
        self._text = opened.text

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield nouns, entries and links; what was retracted is left out."""
        listed = elements_of(self._text, [(name,) for name in LISTS])
        return (_row(element_row(element)) for _, element in listed)


def _row(row: SourceRow) -> SourceRow:
    if row.error is not None:
        return row
    retracted = row.fields.get("retracted") is True
    fields = {name: row.fields[name] for name in row.fields if name not in _BESIDE}
    return native_row(row.line, fields, RETRACTED if retracted else "")
