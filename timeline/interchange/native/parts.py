"""The parts of a row with fields of their own: condition, quote, passage, source."""

from __future__ import annotations

from typing import Any

from timeline.application.commands import Excerpt
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import InQuotes, Message

NOT_A_NUMBER = Message("not_a_number", "%(value)s is not a number", fix="count code points from 0")

_PARTS = {
    outer: tuple(
        (name, inner, field.type is Type.OFFSET)
        for name, field in COLUMNS.items()
        for start, dot, inner in [name.partition(".")]
        if start == outer and dot
    )
    for outer in ("condition", "quote", "passage", "source")
}
"""Their fields: the names in the row and in the part, and whether they are offsets."""


def part_of(row: dict[str, Any], outer: str) -> dict[str, Any]:
    """Return a part of a row, by the names in the part."""
    return {
        inner: _offset(row, name) if is_offset else row[name]
        for name, inner, is_offset in _PARTS[outer]
        if name in row
    }


def passage_of(row: dict[str, Any]) -> Excerpt | None:
    """Return the passage of a row, if it has one."""
    return Excerpt(**part_of(row, "passage")) if "passage.text" in row else None


def _offset(row: dict[str, Any], name: str) -> int:
    value = row[name]
    try:
        return int(value)
    except ValueError:
        raise Refused(NOT_A_NUMBER, field=name, value=InQuotes(value)) from None
