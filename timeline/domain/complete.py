"""Holds tables that must say something of everything of a kind, when the program starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def check_complete(table: str, entries: Collection[object], required: Iterable[object]) -> None:
    """Raise `LookupError`, naming table and gaps, unless ``entries`` holds all that is wanted."""
    if missing := [name_of(item) for item in required if item not in entries]:
        msg = f"{table} has no entry for: {', '.join(missing)}"
        raise LookupError(msg)


def name_of(item: object) -> str:
    """Return what a class is called, and anything else as it is written."""
    return item.__qualname__ if isinstance(item, type) else str(item)
