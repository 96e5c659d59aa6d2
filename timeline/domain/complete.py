"""Check at start that a table has an entry for every item of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def check_complete(table: str, entries: Collection[object], required: Iterable[object]) -> None:
    """Raise `LookupError`, naming table and gaps, unless ``entries`` holds all required items."""
    if missing := [name_of(item) for item in required if item not in entries]:
        msg = f"{table} has no entry for: {', '.join(missing)}"
        raise LookupError(msg)


def name_of(item: object) -> str:
    """Return the name of a class, or the text of anything else."""
    return item.__qualname__ if isinstance(item, type) else str(item)
