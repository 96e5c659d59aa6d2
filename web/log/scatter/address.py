"""Where the statements of a cell are listed: its times and numbers are in the address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries.said_known import Box

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Topic

NOT_A_CELL = Message(
    "not_a_cell", "%(text)s is not a cell of the picture", fix="follow a mark of the picture"
)

PATH = "/log/said"
CELL = re.compile(r"(-?\d{1,18}),(-?\d{1,18}),(\d{1,18}),(\d{1,18})")
"""Two instants in seconds and two log positions, all of 64 bits."""


def address(
    topic: Topic | None, box: Box | None = None, *, begin: str = "", after: str = ""
) -> str:
    """Return the address of the page; its picture ``begin``s at a day, its list is of a cell."""
    cell = ",".join(map(str, (*box.said, *box.numbers))) if box else ""
    asked = {
        "topic": topic.slug if topic else "",
        "from": begin,
        "cell": cell,
        "after": after,
    }
    query = urlencode({name: text for name, text in asked.items() if text}, safe="@:,")
    return f"{PATH}?{query}" if query else PATH


def read_cell(text: str) -> Box | None:
    """Read a cell; raises `Refused` for what is none."""
    if not text:
        return None
    found = CELL.fullmatch(text)
    if found is None:
        raise Refused(NOT_A_CELL, field="cell", text=InQuotes(text))
    first, last, lowest, highest = map(int, found.groups())
    return Box((first, last), (lowest, highest))
